// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;

/** Floating-point numbers between two bounds. */
final class RandomDoubles implements ColumnGenerator {
    private final long seed;
    private final double min;
    private final double max;
    private final boolean isFloat;

    /** @param isFloat whether values have 32 bits */
    RandomDoubles(long seed, double min, double max, boolean isFloat) {
        this.seed = seed;
        this.min = min;
        this.max = max;
        this.isFloat = isFloat;
    }

    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        final double[] values = ((DoubleVector) vector).values();
        final double from = min;
        final double to = max;
        final long advance = step * Hashes.INCREMENT;
        long state = Hashes.state(seed, first);
        for (int r = firstRow; r < firstRow + count; r++) {
            double unit = Hashes.unit(Hashes.mix(state));
            // The range itself may be more than a double can be. Rounding may pass a bound.
            double value = Math.clamp(from * (1 - unit) + to * unit, from, to);
            values[r] = isFloat ? (float) value : value;
            state += advance;
        }
    }
}
