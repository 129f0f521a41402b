// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * The partition has no split list yet, or one without this input. It will announce itself when that changes; the reader
 * also greets again after a while.
 *
 * @param input name of the input
 * @param partition index of the partition
 */
public record NotReady(String input, int partition) implements ToReader {
    @Override
    public NotReady withPartition(int index) {
        return new NotReady(input, index);
    }
}
