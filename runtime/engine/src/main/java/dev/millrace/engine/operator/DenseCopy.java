// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;

/**
 * The selected rows of a batch moved together.
 *
 * <p>A partition gets one row in many of the reader's batch. What it writes at the same row numbers would take a cache
 * line a value; in a dense copy it takes eight bytes.
 */
final class DenseCopy {
    private DenseCopy() {}

    /**
     * Copies the selected rows; bytes are shared, not copied.
     *
     * @param wanted by column, whether it is copied; the others are null in the copy
     * @param arena where the copy's memory comes from
     */
    static Batch of(Batch batch, boolean[] wanted, BatchArena arena) {
        int size = batch.size();
        int[] rows = batch.selection();
        Vector[] columns = new Vector[wanted.length];
        for (int i = 0; i < columns.length; i++) {
            if (wanted[i]) {
                columns[i] = copy(batch.column(i), rows, size, arena);
            }
        }
        return new Batch(
                columns,
                size,
                null,
                size,
                copy(batch.positions(), rows, size, arena),
                null,
                copy(batch.hashes(), rows, size, arena),
                copy(batch.before(), rows, size, arena));
    }

    private static long[] copy(long[] values, int[] rows, int size, BatchArena arena) {
        if (values == null) {
            return null;
        }
        long[] copy = arena.longs(size);
        for (int i = 0; i < size; i++) {
            copy[i] = values[rows[i]];
        }
        return copy;
    }

    private static Vector copy(Vector column, int[] rows, int size, BatchArena arena) {
        Vector copy = arena.vector(column.storage(), size);
        boolean[] nulls = column.nulls();
        if (nulls != null) {
            boolean[] mask = copy.nullMask(size);
            for (int i = 0; i < size; i++) {
                mask[i] = nulls[rows[i]];
            }
        }
        switch (column) {
            case LongVector v -> copy(v.values(), ((LongVector) copy).values(), rows, size);
            case DoubleVector v -> {
                double[] from = v.values();
                double[] to = ((DoubleVector) copy).values();
                for (int i = 0; i < size; i++) {
                    to[i] = from[rows[i]];
                }
            }
            case BooleanVector v -> {
                boolean[] from = v.values();
                boolean[] to = ((BooleanVector) copy).values();
                for (int i = 0; i < size; i++) {
                    to[i] = from[rows[i]];
                }
            }
            case DecimalVector v -> {
                copy(v.high(), ((DecimalVector) copy).high(), rows, size);
                copy(v.low(), ((DecimalVector) copy).low(), rows, size);
            }
            case BytesVector v -> {
                BytesVector to = (BytesVector) copy;
                to.share(v.data());
                for (int i = 0; i < size; i++) {
                    to.point(i, v.starts()[rows[i]], v.lengths()[rows[i]]);
                }
            }
        }
        return copy;
    }

    private static void copy(long[] from, long[] to, int[] rows, int size) {
        for (int i = 0; i < size; i++) {
            to[i] = from[rows[i]];
        }
    }
}
