// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;

/**
 * The rows that wait, column by column in pages of one size. A row has a reference for as long as it waits; a page whose
 * rows have all left is used again.
 *
 * <pre>
 *   reference = page &lt;&lt; 10 | row of the page
 * </pre>
 */
final class RowStore {
    private static final int PAGE_BITS = 10;
    private static final int PAGE_ROWS = 1 << PAGE_BITS;
    private static final int ROW_MASK = PAGE_ROWS - 1;
    private static final int PAGES_MAX = 1 << 31 - PAGE_BITS;

    /** Pages without rows that keep their memory for the next ones. */
    private static final int FREE_KEPT_MAX = 256;

    private final Storage[] storages;

    /** By column and page. Beside the vectors stand their arrays, which never grow: two steps to a value, not four. */
    private final Vector[][] vectors;

    private final long[][][] longs;
    private final double[][][] doubles;

    /** By column, whether it may hold a NULL. */
    private final boolean[] nullable;

    /** By page. */
    private int[][] groups = new int[0][];

    private int[] rowsLeft = new int[0];
    private int pages;
    private int[] free = new int[0];
    private int freeCount;
    private int current = -1;
    private int used = PAGE_ROWS;

    RowStore(Storage[] storages) {
        this.storages = storages;
        vectors = new Vector[storages.length][0];
        longs = new long[storages.length][0][];
        doubles = new double[storages.length][0][];
        nullable = new boolean[storages.length];
    }

    /**
     * Copies rows of a batch.
     *
     * @param columns the batch's column for each column here
     * @param rows row numbers
     * @param rowGroups the group of each of them, kept with it
     * @param refs where their references go
     */
    void append(Batch batch, int[] columns, int[] rows, int[] rowGroups, int count, int[] refs) {
        for (int done = 0; done < count;) {
            if (used == PAGE_ROWS) {
                openPage();
            }
            int part = Math.min(count - done, PAGE_ROWS - used);
            for (int i = 0; i < columns.length; i++) {
                copy(batch.column(columns[i]), rows, done, part, i);
            }
            System.arraycopy(rowGroups, done, groups[current], used, part);
            int first = current << PAGE_BITS | used;
            for (int i = 0; i < part; i++) {
                refs[done + i] = first + i;
            }
            rowsLeft[current] += part;
            used += part;
            done += part;
        }
    }

    private void copy(Vector from, int[] rows, int first, int count, int column) {
        Vector into = vectors[column][current];
        final int used = this.used;
        switch (from) {
            case LongVector v -> {
                final long[] values = v.values();
                final long[] to = longs[column][current];
                for (int i = 0; i < count; i++) {
                    to[used + i] = values[rows[first + i]];
                }
            }
            case DoubleVector v -> {
                final double[] values = v.values();
                final double[] to = doubles[column][current];
                for (int i = 0; i < count; i++) {
                    to[used + i] = values[rows[first + i]];
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into.copyFrom(used + i, from, rows[first + i]);
                }
            }
        }
        if (from.nulls() != null) {
            nullable[column] = true;
            for (int i = 0; i < count; i++) {
                if (from.isNull(rows[first + i])) {
                    into.setNull(used + i);
                }
            }
        }
    }

    private void openPage() {
        if (freeCount > 0) {
            current = free[--freeCount];
        } else {
            current = pages++;
            if (pages == PAGES_MAX) {
                throw new MillraceException(
                        ErrorCode.STATE_LIMIT, "more than " + PAGES_MAX + " pages of rows wait for the watermark",
                        "use more partitions, or a WATERMARK with a shorter delay");
            }
            if (pages > groups.length) {
                growPages(Math.max(4, groups.length * 2));
            }
        }
        if (groups[current] == null) {
            groups[current] = new int[PAGE_ROWS];
            for (int i = 0; i < storages.length; i++) {
                Vector vector = Vector.create(storages[i], PAGE_ROWS);
                vectors[i][current] = vector;
                longs[i][current] = vector instanceof LongVector v ? v.values() : null;
                doubles[i][current] = vector instanceof DoubleVector v ? v.values() : null;
            }
        }
        used = 0;
    }

    private void growPages(int capacity) {
        groups = Arrays.copyOf(groups, capacity);
        rowsLeft = Arrays.copyOf(rowsLeft, capacity);
        free = Arrays.copyOf(free, capacity);
        for (int i = 0; i < storages.length; i++) {
            vectors[i] = Arrays.copyOf(vectors[i], capacity);
            longs[i] = Arrays.copyOf(longs[i], capacity);
            doubles[i] = Arrays.copyOf(doubles[i], capacity);
        }
    }

    void readGroups(int[] refs, int from, int count, int[] into) {
        final int[][] groups = this.groups;
        for (int i = 0; i < count; i++) {
            int ref = refs[from + i];
            into[i] = groups[ref >>> PAGE_BITS][ref & ROW_MASK];
        }
    }

    /** Copies one column of rows into the first rows of a vector without NULLs. */
    void read(int column, int[] refs, int from, int count, Vector into) {
        Vector[] pagesOfColumn = vectors[column];
        switch (into) {
            case LongVector v -> {
                final long[][] values = longs[column];
                final long[] to = v.values();
                for (int i = 0; i < count; i++) {
                    int ref = refs[from + i];
                    to[i] = values[ref >>> PAGE_BITS][ref & ROW_MASK];
                }
            }
            case DoubleVector v -> {
                final double[][] values = doubles[column];
                final double[] to = v.values();
                for (int i = 0; i < count; i++) {
                    int ref = refs[from + i];
                    to[i] = values[ref >>> PAGE_BITS][ref & ROW_MASK];
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    int ref = refs[from + i];
                    into.copyFrom(i, pagesOfColumn[ref >>> PAGE_BITS], ref & ROW_MASK);
                }
                return;
            }
        }
        if (nullable[column]) {
            for (int i = 0; i < count; i++) {
                int ref = refs[from + i];
                if (pagesOfColumn[ref >>> PAGE_BITS].isNull(ref & ROW_MASK)) {
                    into.setNull(i);
                }
            }
        }
    }

    /** Gives up rows. */
    void release(int[] refs, int from, int count) {
        final int[] rowsLeft = this.rowsLeft;
        for (int i = from; i < from + count; i++) {
            int page = refs[i] >>> PAGE_BITS;
            if (--rowsLeft[page] == 0) {
                freePage(page);
            }
        }
    }

    private void freePage(int page) {
        for (Vector[] column : vectors) {
            column[page].reset();
        }
        if (page == current) {
            used = 0;
            return;
        }
        if (freeCount >= FREE_KEPT_MAX) {
            groups[page] = null;
            for (int i = 0; i < storages.length; i++) {
                vectors[i][page] = null;
                longs[i][page] = null;
                doubles[i][page] = null;
            }
        }
        free[freeCount++] = page;
    }

    long bytes() {
        long bytes = 0;
        for (int page = 0; page < pages; page++) {
            if (groups[page] != null) {
                bytes += PAGE_ROWS * 4L;
                for (Vector[] column : vectors) {
                    bytes += column[page].bytes();
                }
            }
        }
        return bytes;
    }
}
