// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * The partition is there and ready to be greeted: after it has started, and after it has got a new split list. It goes
 * to whichever reader of the input there is, and is repeated until the lane speaks to this incarnation.
 *
 * @param input name of the input
 * @param partition index of the partition
 * @param incarnation incarnation of the partition
 */
public record Announcement(String input, int partition, long incarnation) implements ToReader {
    @Override
    public Announcement withPartition(int index) {
        return new Announcement(input, index, incarnation);
    }
}
