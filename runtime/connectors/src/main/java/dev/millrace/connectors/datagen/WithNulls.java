// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.Vector;

/**
 * Values of which some are NULL instead.
 *
 * @param rate the share of them, 0 to 1
 */
record WithNulls(ColumnGenerator values, long seed, double rate) implements ColumnGenerator {
    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        values.fill(vector, firstRow, count, first, step);
        final boolean[] nulls = vector.nullMask(firstRow + count);
        final long advance = step * Hashes.INCREMENT;
        long state = Hashes.state(seed, first);
        for (int r = firstRow; r < firstRow + count; r++) {
            nulls[r] = Hashes.unit(Hashes.mix(state)) < rate;
            state += advance;
        }
    }
}
