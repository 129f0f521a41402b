// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * The rows of one read that go to one partition, already trimmed to what its lane still wants.
 *
 * @param partition index of the partition
 * @param rows the rows, in order of their positions
 * @param bytes their size, positive
 * @param <D> rows in whatever form the lane carries them
 */
public record Share<D>(int partition, D rows, long bytes) {

    public Share {
        if (bytes <= 0) {
            throw new IllegalArgumentException("rows without size: " + bytes);
        }
    }
}
