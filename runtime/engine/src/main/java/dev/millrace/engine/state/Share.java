// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.function.UnaryOperator;

/**
 * What is to become one partition's of the state of a partition before.
 *
 * @param partition index of the partition
 * @param routes where the groups of that partition go; the same for all shares of it
 * @param inputNames the names that inputs have now, by those they had before
 */
public record Share(int partition, Routes routes, UnaryOperator<String> inputNames) {}
