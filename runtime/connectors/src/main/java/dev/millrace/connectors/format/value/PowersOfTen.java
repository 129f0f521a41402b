// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

/** Powers of ten, in the ranges in which they are exact. */
public final class PowersOfTen {
    private static final long[] LONGS = longs();
    private static final double[] DOUBLES = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** The largest power that a double holds exactly. */
    public static final int DOUBLE_MAX = 22;

    /** The largest power that a long holds. */
    public static final int LONG_MAX = 18;

    private PowersOfTen() {}

    public static long asLong(int power) {
        return LONGS[power];
    }

    public static double asDouble(int power) {
        return DOUBLES[power];
    }

    private static long[] longs() {
        long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
