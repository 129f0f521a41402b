// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.hash;

/**
 * Which partition owns a hash. Routes and stored state depend on it: another function needs another version, see
 * {@link KeyHasher#VERSION}.
 */
public final class HashRanges {
    private HashRanges() {}

    /**
     * The partition that owns a hash: partitions own ranges of equal size of the unsigned hashes, in order.
     *
     * @param hash all 64 bits matter, the upper ones most
     * @param partitions number of partitions, positive
     */
    public static int partition(long hash, int partitions) {
        return (int) Math.unsignedMultiplyHigh(hash, partitions);
    }
}
