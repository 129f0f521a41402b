// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.Vector;

/** True and false, each as often. */
record RandomBooleans(long seed) implements ColumnGenerator {
    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        final boolean[] values = ((BooleanVector) vector).values();
        final long advance = step * Hashes.INCREMENT;
        long state = Hashes.state(seed, first);
        for (int r = firstRow; r < firstRow + count; r++) {
            values[r] = Hashes.mix(state) < 0;
            state += advance;
        }
    }
}
