// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * A row at which a partition has broken down so often that it is left out.
 *
 * @param input name of the input
 * @param position the row's position
 * @param reason what broke
 */
public record BrokenRow(String input, long position, String reason) {}
