// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * From a partition that reads the output of an earlier stage: it has made durable what comes before a position. May be
 * repeated, late, or lost: who waits for it greets again, and is told.
 *
 * @param input name of the input
 * @param partition index of the partition
 * @param position the position
 */
public record Kept(String input, int partition, long position) implements ToReader {
    @Override
    public Kept withPartition(int index) {
        return new Kept(input, index, position);
    }
}
