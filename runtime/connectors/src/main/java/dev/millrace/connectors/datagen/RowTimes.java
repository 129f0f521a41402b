// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;

/**
 * Dates, times and timestamps: row {@code i} is {@code i / rowsPerSecond} seconds behind the time at which the job was
 * created, which is when it comes while the job keeps up.
 */
final class RowTimes implements ColumnGenerator {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final int MILLIS_PER_SECOND = 1_000;

    private final long seed;
    private final TypeKind kind;
    private final long startMillis;
    private final long rowsPerSecond;
    private final long unitsPerSecond;
    private final long precisionUnits;
    private final long pastRange;

    /**
     * @param startMillis the time of row 0, since 1970
     * @param maxPastMillis how much a timestamp may lie before its row's time, at most
     */
    RowTimes(long seed, SqlType type, long startMillis, long rowsPerSecond, long maxPastMillis) {
        this.seed = seed;
        kind = type.kind();
        this.startMillis = startMillis;
        this.rowsPerSecond = rowsPerSecond;
        unitsPerSecond = kind == TypeKind.DATE ? MILLIS_PER_SECOND : type.unitsPerSecond();
        precisionUnits = kind == TypeKind.DATE ? 1 : precisionUnits(type);
        pastRange = maxPastMillis * (unitsPerSecond / MILLIS_PER_SECOND) + 1;
    }

    private static long precisionUnits(SqlType type) {
        long units = type.unitsPerSecond();
        for (int i = 0; i < type.precision(); i++) {
            units /= 10;
        }
        return units;
    }

    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        final long[] values = ((LongVector) vector).values();
        final long rows = rowsPerSecond;
        final long units = unitsPerSecond;
        final long start = startMillis * (units / MILLIS_PER_SECOND);
        final long advance = step * Hashes.INCREMENT;
        long state = Hashes.state(seed, first);
        long row = first;
        for (int r = firstRow; r < firstRow + count; r++) {
            long time = start + row / rows * units + row % rows * units / rows;
            if (pastRange > 1) {
                time -= Hashes.below(Hashes.mix(state), pastRange);
                state += advance;
            }
            values[r] = time - Math.floorMod(time, precisionUnits);
            row += step;
        }
        if (kind == TypeKind.DATE) {
            divide(values, firstRow, count);
        } else if (kind == TypeKind.TIME) {
            cut(values, firstRow, count);
        }
    }

    private void divide(long[] values, int firstRow, int count) {
        for (int r = firstRow; r < firstRow + count; r++) {
            values[r] = Math.floorDiv(values[r], SECONDS_PER_DAY * unitsPerSecond);
        }
    }

    private void cut(long[] values, int firstRow, int count) {
        for (int r = firstRow; r < firstRow + count; r++) {
            values[r] = Math.floorMod(values[r], SECONDS_PER_DAY * unitsPerSecond);
        }
    }
}
