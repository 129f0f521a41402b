// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import dev.millrace.engine.hash.HashRanges;
import java.nio.charset.StandardCharsets;

/**
 * Which partition gets a row: a function of the row, its position and the plan, and of nothing else, so that a row that
 * is read again goes where it went before. Frozen test vectors hold these functions; a change needs a new
 * {@link #VERSION} and old plans keep the old one.
 */
public final class Routing {
    /** Version of the functions below, part of the stored plan. */
    public static final int VERSION = 1;

    /** Rows of that many neighbouring positions go to the same partition in round robin. */
    public static final int BLOCK = 8_192;

    private static final int BLOCK_BITS = Integer.numberOfTrailingZeros(BLOCK);

    private Routing() {}

    /**
     * The partition that owns a hash: partitions own ranges of equal size of the unsigned hashes, in order.
     *
     * @param hash all 64 bits matter, the upper ones most
     * @param partitions number of partitions, positive
     */
    public static int partition(long hash, int partitions) {
        return HashRanges.partition(hash, partitions);
    }

    /** The partition that owns a row without key: blocks of neighbouring positions are dealt out evenly. */
    public static int roundRobin(long splitHash, long position, int partitions) {
        return partition(mix(splitHash + 0x9E3779B97F4A7C15L * (position >> BLOCK_BITS)), partitions);
    }

    /** The hash of a split's name, to be computed once for {@link #roundRobin}. */
    public static long hash(String split) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : split.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xFF) * 0x100000001B3L;
        }
        return mix(hash);
    }

    /** Spreads the information of 64 bits over all of them; invertible. */
    static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
