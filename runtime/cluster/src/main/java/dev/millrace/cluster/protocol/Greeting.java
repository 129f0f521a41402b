// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * A reader makes itself known and asks where the partition stands. It may be repeated at will. It travels through the
 * shard region, since the reader doesn't know the partition's address yet.
 *
 * @param input name of the input
 * @param reader number of the reader, given by the job
 * @param <D> rows, of which a greeting has none
 */
public record Greeting<D>(String input, long reader) implements ToPartition<D> {}
