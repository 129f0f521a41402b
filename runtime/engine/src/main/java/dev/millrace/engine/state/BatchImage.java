// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Storage;

/** A batch as state: an operator that is saved while its output waits keeps the output this way. */
public final class BatchImage {
    private BatchImage() {}

    /**
     * Writes the selected rows, which get consecutive row numbers.
     *
     * @param batch the batch, or null
     */
    public static void save(Batch batch, StateWriter out) {
        out.writeBoolean(batch != null);
        if (batch == null) {
            return;
        }
        out.writeInt(batch.size());
        // Rows are picked from columns as groups are from arrays by group.
        GroupSet rows = batch.selection() == null ? GroupSet.range(0, batch.size())
                : GroupSet.of(batch.selection(), batch.size());
        saveLongs(batch.positions(), rows, out);
        saveLongs(batch.hashes(), rows, out);
        saveLongs(batch.before(), rows, out);
        out.writeBoolean(batch.kinds() != null);
        for (int i = 0; batch.kinds() != null && i < rows.count(); i++) {
            out.writeByte(batch.kinds()[rows.id(i)]);
        }
        out.writeInt(batch.columns().length);
        for (Vector column : batch.columns()) {
            // Where the last rows are NULL there may be no values.
            column.ensureCapacity(batch.rowCount());
            out.writeByte(column.storage().ordinal());
            saveColumn(column, rows, out);
        }
    }

    private static void saveLongs(long[] values, GroupSet rows, StateWriter out) {
        out.writeBoolean(values != null);
        if (values != null) {
            out.writeLongs(values, rows);
        }
    }

    private static void saveColumn(Vector column, GroupSet rows, StateWriter out) {
        out.writeBoolean(column.nulls() != null);
        for (int i = 0; column.nulls() != null && i < rows.count(); i++) {
            out.writeBoolean(column.isNull(rows.id(i)));
        }
        switch (column) {
            case LongVector v -> out.writeLongs(v.values(), rows);
            case DoubleVector v -> out.writeDoubles(v.values(), rows);
            case BooleanVector v -> out.writeBooleans(v.values(), rows);
            case DecimalVector v -> {
                out.writeLongs(v.high(), rows);
                out.writeLongs(v.low(), rows);
            }
            case BytesVector v -> {
                for (int i = 0; i < rows.count(); i++) {
                    int row = rows.id(i);
                    if (!v.isNull(row)) {
                        out.writeInt(v.lengths()[row]);
                        out.writeBytes(v.data(), v.starts()[row], v.lengths()[row]);
                    }
                }
            }
        }
    }

    /** Reads what {@link #save} wrote: a batch with all rows selected, or null. */
    public static Batch restore(StateReader in) {
        if (!in.readBoolean()) {
            return null;
        }
        int size = in.readInt();
        long[] positions = restoreLongs(size, in);
        long[] hashes = restoreLongs(size, in);
        long[] before = restoreLongs(size, in);
        byte[] kinds = null;
        if (in.readBoolean()) {
            kinds = new byte[size];
            in.readBytes(kinds, 0, size);
        }
        Vector[] columns = new Vector[in.readInt()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = restoreColumn(Storage.values()[in.readByte()], size, in);
        }
        return new Batch(columns, size, null, size, positions, kinds, hashes, before);
    }

    private static long[] restoreLongs(int size, StateReader in) {
        if (!in.readBoolean()) {
            return null;
        }
        long[] values = new long[size];
        in.readLongs(values, 0, size);
        return values;
    }

    private static Vector restoreColumn(Storage storage, int size, StateReader in) {
        Vector column = Vector.create(storage, size);
        boolean[] nulls = new boolean[size];
        boolean anyNull = in.readBoolean();
        if (anyNull) {
            in.readBooleans(nulls, 0, size);
        }
        switch (column) {
            case LongVector v -> in.readLongs(v.values(), 0, size);
            case DoubleVector v -> in.readDoubles(v.values(), 0, size);
            case BooleanVector v -> in.readBooleans(v.values(), 0, size);
            case DecimalVector v -> {
                in.readLongs(v.high(), 0, size);
                in.readLongs(v.low(), 0, size);
            }
            case BytesVector v -> {
                byte[] value = new byte[0];
                for (int row = 0; row < size; row++) {
                    if (!nulls[row]) {
                        int length = in.readInt();
                        value = value.length < length ? new byte[length] : value;
                        in.readBytes(value, 0, length);
                        v.append(row, value, 0, length);
                    }
                }
            }
        }
        for (int row = 0; anyNull && row < size; row++) {
            if (nulls[row]) {
                column.setNull(row);
            }
        }
        return column;
    }
}
