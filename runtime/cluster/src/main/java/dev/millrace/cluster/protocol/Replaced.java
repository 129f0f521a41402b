// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * The partition is served by a newer reader of the same split; the one that hears this stops.
 *
 * @param input name of the input
 * @param partition index of the partition
 * @param by number of the newer reader
 */
public record Replaced(String input, int partition, long by) implements ToReader {
    @Override
    public Replaced withPartition(int index) {
        return new Replaced(input, index, by);
    }
}
