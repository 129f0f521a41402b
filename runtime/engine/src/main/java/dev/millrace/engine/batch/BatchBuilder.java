// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch that a source is filling: it sets the columns of a row, then ends the row with its position.
 *
 * <p>Hot loops take the vectors and the position array once, fill many rows, and say so with {@link #advance}.
 */
public final class BatchBuilder {
    private final Vector[] columns;
    private final long[] positions;
    private final int capacity;
    private final List<BadRecord> badRecords = new ArrayList<>();
    private int rows;

    /** By row; null as long as all rows are inserts. */
    private byte[] kinds;

    /**
     * @param schema the columns wanted
     * @param capacity the most rows of the batch
     * @param arena where vectors and arrays come from
     */
    public BatchBuilder(Schema schema, int capacity, BatchArena arena) {
        this.capacity = capacity;
        columns = new Vector[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = arena.vector(schema.type(i).storage(), capacity);
        }
        positions = arena.longs(capacity);
    }

    private BatchBuilder(Vector[] columns, long[] positions, int capacity, int rows) {
        this.columns = columns;
        this.positions = positions;
        this.capacity = capacity;
        this.rows = rows;
    }

    /**
     * A builder of some of the columns, for a part of a record that is decoded by itself. It fills the same arrays, starts
     * at the row that this one is filling, and counts its rows by itself: who uses it ends rows here as well.
     *
     * @param indexes the columns of the part, in its order
     */
    public BatchBuilder part(int[] indexes) {
        Vector[] chosen = new Vector[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            chosen[i] = columns[indexes[i]];
        }
        return new BatchBuilder(chosen, positions, capacity, rows);
    }

    public Vector column(int index) {
        return columns[index];
    }

    public int columnCount() {
        return columns.length;
    }

    /** The positions by row, for writing. */
    public long[] positions() {
        return positions;
    }

    /** Rows ended so far; also the number of the row that is being filled. */
    public int rows() {
        return rows;
    }

    /** Rows that still fit. */
    public int remaining() {
        return capacity - rows;
    }

    public boolean isFull() {
        return rows == capacity;
    }

    /** Ends the row being filled. */
    public void endRow(long position) {
        positions[rows++] = position;
    }

    /** Ends the row being filled, which is not an insert. */
    public void endRow(long position, RowKind kind) {
        if (kinds == null) {
            kinds = new byte[capacity];
        }
        kinds[rows] = kind.code();
        endRow(position);
    }

    /** Ends rows whose columns and positions were written into the arrays. */
    public void advance(int count) {
        rows += count;
    }

    /** Gives up the row being filled, and all rows from this one on. */
    public void truncate(int row) {
        for (int i = row; i <= rows && i < capacity; i++) {
            for (Vector column : columns) {
                column.clearNull(i);
            }
            if (kinds != null) {
                kinds[i] = RowKind.INSERT.code();
            }
        }
        rows = row;
    }

    /** Gives up the row being filled: its record can't be decoded. */
    public void reject(BadRecord record) {
        for (Vector column : columns) {
            column.clearNull(rows);
        }
        badRecords.add(record);
    }

    public List<BadRecord> badRecords() {
        return badRecords;
    }

    public Batch build() {
        return new Batch(columns, rows, null, rows, positions, kinds, null, null);
    }
}
