// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;

/** Integers, doubles and booleans as numbers of 64 bits in the same order; NaN is the greatest double. */
final class SortableLongs {
    private SortableLongs() {}

    /** Turns the first values of a vector into numbers. What stands at NULLs doesn't matter. */
    static void read(Vector from, int count, long[] into) {
        switch (from) {
            case LongVector v -> System.arraycopy(v.values(), 0, into, 0, count);
            case DoubleVector v -> {
                final double[] values = v.values();
                for (int i = 0; i < count; i++) {
                    into[i] = turn(Double.doubleToLongBits(values[i]));
                }
            }
            case BooleanVector v -> {
                final boolean[] values = v.values();
                for (int i = 0; i < count; i++) {
                    into[i] = values[i] ? 1 : 0;
                }
            }
            default -> throw new IllegalArgumentException("no numbers: " + from.storage());
        }
    }

    /** Turns numbers back into values. */
    static void write(long[] from, int count, Vector into) {
        switch (into) {
            case LongVector v -> System.arraycopy(from, 0, v.values(), 0, count);
            case DoubleVector v -> {
                final double[] values = v.values();
                for (int i = 0; i < count; i++) {
                    values[i] = Double.longBitsToDouble(turn(from[i]));
                }
            }
            case BooleanVector v -> {
                final boolean[] values = v.values();
                for (int i = 0; i < count; i++) {
                    values[i] = from[i] != 0;
                }
            }
            default -> throw new IllegalArgumentException("no numbers: " + into.storage());
        }
    }

    /** Doubles with a sign are in the reverse order of their bits. Undoes itself. */
    private static long turn(long bits) {
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }
}
