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
        int size = batch.size();
        out.writeInt(size);
        saveLongs(batch, batch.positions(), out);
        saveLongs(batch, batch.hashes(), out);
        saveLongs(batch, batch.before(), out);
        out.writeBoolean(batch.kinds() != null);
        for (int i = 0; batch.kinds() != null && i < size; i++) {
            out.writeByte(batch.kinds()[batch.row(i)]);
        }
        out.writeInt(batch.columns().length);
        for (Vector column : batch.columns()) {
            out.writeByte(column.storage().ordinal());
            saveColumn(batch, column, out);
        }
    }

    private static void saveLongs(Batch batch, long[] values, StateWriter out) {
        out.writeBoolean(values != null);
        for (int i = 0; values != null && i < batch.size(); i++) {
            out.writeLong(values[batch.row(i)]);
        }
    }

    private static void saveColumn(Batch batch, Vector column, StateWriter out) {
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            out.writeBoolean(column.isNull(row));
            if (column.isNull(row)) {
                continue;
            }
            switch (column) {
                case LongVector v -> out.writeLong(v.get(row));
                case DoubleVector v -> out.writeDouble(v.get(row));
                case BooleanVector v -> out.writeBoolean(v.get(row));
                case DecimalVector v -> {
                    out.writeLong(v.high()[row]);
                    out.writeLong(v.low()[row]);
                }
                case BytesVector v -> {
                    out.writeInt(v.lengths()[row]);
                    out.writeBytes(v.data(), v.starts()[row], v.lengths()[row]);
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
        for (int row = 0; row < size; row++) {
            if (in.readBoolean()) {
                column.setNull(row);
                continue;
            }
            switch (column) {
                case LongVector v -> v.set(row, in.readLong());
                case DoubleVector v -> v.set(row, in.readDouble());
                case BooleanVector v -> v.set(row, in.readBoolean());
                case DecimalVector v -> {
                    long high = in.readLong();
                    v.set(row, high, in.readLong());
                }
                case BytesVector v -> {
                    byte[] value = new byte[in.readInt()];
                    in.readBytes(value, 0, value.length);
                    v.append(row, value);
                }
            }
        }
        return column;
    }
}
