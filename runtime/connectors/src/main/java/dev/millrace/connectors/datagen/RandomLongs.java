// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;

/** Integers, and whatever lies in vectors as such, between two bounds. */
final class RandomLongs implements ColumnGenerator {
    private final long seed;
    private final long min;
    private final long range;

    /** @param max included */
    RandomLongs(long seed, long min, long max) {
        this.seed = seed;
        this.min = min;
        range = max - min + 1;
    }

    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        final long[] values = ((LongVector) vector).values();
        final long from = min;
        final long bound = range;
        final long advance = step * Hashes.INCREMENT;
        long state = Hashes.state(seed, first);
        for (int r = firstRow; r < firstRow + count; r++) {
            values[r] = from + Hashes.below(Hashes.mix(state), bound);
            state += advance;
        }
    }
}
