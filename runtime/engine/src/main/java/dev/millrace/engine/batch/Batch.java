// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

/**
 * Rows as columns, with the row numbers that are selected.
 *
 * <p>All arrays are indexed by row number, from 0 to {@link #rowCount()} - 1. Filters narrow the selection and move no
 * values; projections compute new vectors at the same row numbers. So every part of a batch (columns, positions,
 * kinds, hashes) can be shared by several batches that select different rows of it.
 *
 * <p>A batch is given away by reference. Its receiver reads it and keeps nothing of it beyond the time that the giver
 * allows; nobody writes to it after it was given.
 */
public final class Batch {
    /** Rows of a full batch. */
    public static final int ROWS = 8192;

    private final Vector[] columns;
    private final int rowCount;
    private final int[] selection;
    private final int size;
    private final long[] positions;
    private final byte[] kinds;
    private final long[] hashes;
    private final long[] before;

    /**
     * @param columns one vector per column
     * @param rowCount number of rows in the arrays
     * @param selection the selected row numbers, ascending, or null when all rows are selected
     * @param size number of selected rows
     * @param positions the position of each row in its split, or null where positions have no meaning
     * @param kinds the {@link RowKind} code of each row, or null when all are inserts
     * @param hashes the hash of each row's key, or null when there is none
     * @param before the watermark of the row's split just before each row (milliseconds) where the row's time is at or
     *     below it, {@link Long#MIN_VALUE} elsewhere; null when no row is that late
     */
    public Batch(
            Vector[] columns,
            int rowCount,
            int[] selection,
            int size,
            long[] positions,
            byte[] kinds,
            long[] hashes,
            long[] before) {
        this.columns = columns;
        this.rowCount = rowCount;
        this.selection = selection;
        this.size = size;
        this.positions = positions;
        this.kinds = kinds;
        this.hashes = hashes;
        this.before = before;
    }

    /** A batch of inserts with all rows selected and nothing but columns. */
    public static Batch of(Vector[] columns, int rowCount) {
        return new Batch(columns, rowCount, null, rowCount, null, null, null, null);
    }

    public Batch withColumns(Vector[] other) {
        return new Batch(other, rowCount, selection, size, positions, kinds, hashes, before);
    }

    /** The same rows, of which only these are selected. */
    public Batch withSelection(int[] rows, int count) {
        return new Batch(columns, rowCount, rows, count, positions, kinds, hashes, before);
    }

    public Batch withHashes(long[] keyHashes) {
        return new Batch(columns, rowCount, selection, size, positions, kinds, keyHashes, before);
    }

    public Batch withBefore(long[] watermarks) {
        return new Batch(columns, rowCount, selection, size, positions, kinds, hashes, watermarks);
    }

    public Batch withKinds(byte[] rowKinds) {
        return new Batch(columns, rowCount, selection, size, positions, rowKinds, hashes, before);
    }

    public Vector[] columns() {
        return columns;
    }

    public Vector column(int index) {
        return columns[index];
    }

    /** Number of rows in the arrays, selected or not. */
    public int rowCount() {
        return rowCount;
    }

    /** The selected row numbers, ascending, or null when all rows are selected. */
    public int[] selection() {
        return selection;
    }

    /** Number of selected rows. */
    public int size() {
        return size;
    }

    /** The row number of the selected row with this index (0 to {@link #size()} - 1). */
    public int row(int index) {
        return selection == null ? index : selection[index];
    }

    public long[] positions() {
        return positions;
    }

    public byte[] kinds() {
        return kinds;
    }

    public RowKind kind(int row) {
        return kinds == null ? RowKind.INSERT : RowKind.of(kinds[row]);
    }

    public long[] hashes() {
        return hashes;
    }

    public long[] before() {
        return before;
    }
}
