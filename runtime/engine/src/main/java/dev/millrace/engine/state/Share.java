// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.function.UnaryOperator;

/**
 * What is to become one partition's of the state of all partitions before.
 *
 * @param partition index of the partition
 * @param partitions how many there are now
 * @param inputNames the names that inputs have now, by those they had before
 */
public record Share(int partition, int partitions, UnaryOperator<String> inputNames) {}
