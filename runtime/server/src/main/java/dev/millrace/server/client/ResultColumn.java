// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

/**
 * A column of a result.
 *
 * @param name the name, as in the rows
 * @param type the SQL type, such as {@code BIGINT} or {@code TIMESTAMP(3)}
 */
public record ResultColumn(String name, String type) {}
