// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.connectors.workload.Gen;

/**
 * Random numbers by seed and row number. Loops keep the state of a row and get to the next by addition:
 *
 * <pre>
 *   hash of row i = mix(seed + (i + 1) * INCREMENT)
 * </pre>
 */
final class Hashes {
    /** The increment of SplitMix64: odd, so that states don't come again. */
    static final long INCREMENT = 0x9E3779B97F4A7C15L;

    private static final double DOUBLE_UNIT = 0x1p-53;

    private Hashes() {}

    /** The state of a row, whose {@link #mix} is its hash. */
    static long state(long seed, long row) {
        return seed + (row + 1) * INCREMENT;
    }

    static long mix(long state) {
        return Gen.mix(state);
    }

    /** A number from 0 up to, but not, 1. */
    static double unit(long hash) {
        return (hash >>> 11) * DOUBLE_UNIT;
    }

    /** A number from 0 up to, but not, the bound, which is unsigned; 0 stands for 2^64. */
    static long below(long hash, long bound) {
        return bound == 0 ? hash : Math.unsignedMultiplyHigh(hash, bound);
    }

    /** The seed of a column. Its name, not its place, so that a column keeps its values when others come or go. */
    static long seed(long seed, String name) {
        long hash = Gen.mix(seed + INCREMENT);
        for (int i = 0; i < name.length(); i++) {
            hash = Gen.mix(hash + name.charAt(i));
        }
        return hash;
    }

    /** Another seed, for numbers that have nothing to do with those of this one. */
    static long other(long seed) {
        return Gen.mix(~seed);
    }
}
