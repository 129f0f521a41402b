// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The wire form of a batch: the selected rows, column by column, as raw little-endian arrays.
 *
 * <pre>
 *   byte version, int rows, int columns, byte flags
 *   flags: 1 positions long[rows] · 2 kinds byte[rows] · 4 hashes long[rows] · 8 before long[rows], in this order
 *   a column: byte storage, byte has-nulls, [null bits byte[(rows + 7) / 8]], values
 *   values:   long[rows] | double[rows] | high long[rows], low long[rows] | bits byte[(rows + 7) / 8]
 *             | int lengths[rows], int total, byte[total]
 * </pre>
 */
public final class BatchCodec {
    private static final byte VERSION = 1;
    private static final int POSITIONS = 1;
    private static final int KINDS = 2;
    private static final int HASHES = 4;
    private static final int BEFORE = 8;
    private static final int HEAD_BYTES = 1 + 4 + 4 + 1;
    private static final Storage[] STORAGES = Storage.values();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private BatchCodec() {}

    /** Bytes that {@link #encode} gives. */
    public static int encodedBytes(Batch batch) {
        int n = batch.size();
        long bytes = HEAD_BYTES;
        bytes += batch.positions() == null ? 0 : 8L * n;
        bytes += batch.kinds() == null ? 0 : n;
        bytes += batch.hashes() == null ? 0 : 8L * n;
        bytes += batch.before() == null ? 0 : 8L * n;
        for (Vector column : batch.columns()) {
            bytes += 2 + (column.nulls() == null ? 0 : bits(n));
            bytes += switch (column) {
                case LongVector v -> 8L * n;
                case DoubleVector v -> 8L * n;
                case DecimalVector v -> 16L * n;
                case BooleanVector v -> bits(n);
                case BytesVector v -> 4L * n + 4 + totalLength(batch, v);
            };
        }
        return Math.toIntExact(bytes);
    }

    private static int bits(int rows) {
        return (rows + 7) / 8;
    }

    private static long totalLength(Batch batch, BytesVector vector) {
        int[] lengths = vector.lengths();
        long total = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            total += vector.isNull(row) ? 0 : lengths[row];
        }
        return total;
    }

    /** The wire form in an array of its own. */
    public static byte[] encode(Batch batch) {
        byte[] bytes = new byte[encodedBytes(batch)];
        encode(batch, bytes, 0);
        return bytes;
    }

    /**
     * Writes the wire form into an array that has {@link #encodedBytes} of room from {@code at} on.
     *
     * @return the index behind it
     */
    public static int encode(Batch batch, byte[] out, int at) {
        int n = batch.size();
        int flags = (batch.positions() == null ? 0 : POSITIONS)
                | (batch.kinds() == null ? 0 : KINDS)
                | (batch.hashes() == null ? 0 : HASHES)
                | (batch.before() == null ? 0 : BEFORE);
        out[at] = VERSION;
        INT.set(out, at + 1, n);
        INT.set(out, at + 5, batch.columns().length);
        out[at + 9] = (byte) flags;
        int end = at + HEAD_BYTES;
        end = putLongs(out, end, batch, batch.positions());
        if (batch.kinds() != null) {
            for (int i = 0; i < n; i++) {
                out[end++] = batch.kinds()[batch.row(i)];
            }
        }
        end = putLongs(out, end, batch, batch.hashes());
        end = putLongs(out, end, batch, batch.before());
        for (Vector column : batch.columns()) {
            end = putColumn(out, end, batch, column);
        }
        return end;
    }

    private static int putLongs(byte[] out, int at, Batch batch, long[] values) {
        if (values == null) {
            return at;
        }
        int n = batch.size();
        int[] selection = batch.selection();
        if (selection == null) {
            for (int i = 0; i < n; i++) {
                LONG.set(out, at + 8 * i, values[i]);
            }
        } else {
            for (int i = 0; i < n; i++) {
                LONG.set(out, at + 8 * i, values[selection[i]]);
            }
        }
        return at + 8 * n;
    }

    private static int putDoubles(byte[] out, int at, Batch batch, double[] values) {
        int n = batch.size();
        int[] selection = batch.selection();
        if (selection == null) {
            for (int i = 0; i < n; i++) {
                DOUBLE.set(out, at + 8 * i, values[i]);
            }
        } else {
            for (int i = 0; i < n; i++) {
                DOUBLE.set(out, at + 8 * i, values[selection[i]]);
            }
        }
        return at + 8 * n;
    }

    private static int putColumn(byte[] out, int at, Batch batch, Vector column) {
        boolean[] nulls = column.nulls();
        out[at] = (byte) column.storage().ordinal();
        out[at + 1] = (byte) (nulls == null ? 0 : 1);
        int end = nulls == null ? at + 2 : putBits(out, at + 2, batch, nulls);
        return switch (column) {
            case LongVector v -> putLongs(out, end, batch, v.values());
            case DoubleVector v -> putDoubles(out, end, batch, v.values());
            case DecimalVector v -> putLongs(out, putLongs(out, end, batch, v.high()), batch, v.low());
            case BooleanVector v -> putBits(out, end, batch, v.values());
            case BytesVector v -> putStrings(out, end, batch, v);
        };
    }

    private static int putStrings(byte[] out, int at, Batch batch, BytesVector vector) {
        int n = batch.size();
        int[] selection = batch.selection();
        boolean[] nulls = vector.nulls();
        byte[] data = vector.data();
        int[] starts = vector.starts();
        int[] lengths = vector.lengths();
        int total = at + 4 * n;
        int end = total + 4;
        for (int i = 0; i < n; i++) {
            int row = selection == null ? i : selection[i];
            int length = nulls != null && vector.isNull(row) ? 0 : lengths[row];
            INT.set(out, at + 4 * i, length);
            end = putString(out, end, data, starts[row], length);
        }
        INT.set(out, total, end - total - 4);
        return end;
    }

    /** Most strings are short: two words that overlap cost less than a call that copies any number of bytes. */
    private static int putString(byte[] out, int at, byte[] data, int start, int length) {
        if (length >= 8 && length <= 16) {
            LONG.set(out, at, (long) LONG.get(data, start));
            LONG.set(out, at + length - 8, (long) LONG.get(data, start + length - 8));
        } else if (length < 8) {
            for (int i = 0; i < length; i++) {
                out[at + i] = data[start + i];
            }
        } else {
            System.arraycopy(data, start, out, at, length);
        }
        return at + length;
    }

    private static int putBits(byte[] out, int at, Batch batch, boolean[] values) {
        int n = batch.size();
        for (int i = 0; i < n; i += 8) {
            int bits = 0;
            for (int j = i; j < Math.min(n, i + 8); j++) {
                bits |= values[batch.row(j)] ? 1 << (j - i) : 0;
            }
            out[at + i / 8] = (byte) bits;
        }
        return at + bits(n);
    }

    /**
     * The batch that was encoded, all its rows selected, in memory of its own.
     *
     * @throws IllegalArgumentException if the bytes are no batch of a version that is known here
     */
    public static Batch decode(byte[] bytes) {
        return decode(ByteBuffer.wrap(bytes));
    }

    /**
     * The batch that was encoded at the position of a buffer, which is moved behind it; all its rows selected, in memory of
     * its own.
     *
     * @throws IllegalArgumentException if the bytes are no batch of a version that is known here
     */
    public static Batch decode(ByteBuffer source) {
        ByteBuffer in = source.order(ByteOrder.LITTLE_ENDIAN);
        int available = in.remaining();
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("batch of version " + version + ", known is " + VERSION);
        }
        int n = in.getInt();
        int columnCount = in.getInt();
        int flags = in.get();
        // Checked before anything of that size is allocated.
        if (n < 0 || columnCount < 0
                || (long) columnCount * 2 + (long) (columnCount > 0 ? bits(n) : 0) > available) {
            throw new IllegalArgumentException("batch of " + n + " rows and " + columnCount + " columns in "
                    + available + " bytes");
        }
        long[] positions = (flags & POSITIONS) == 0 ? null : getLongs(in, n);
        byte[] kinds = null;
        if ((flags & KINDS) != 0) {
            kinds = new byte[n];
            in.get(kinds);
        }
        long[] hashes = (flags & HASHES) == 0 ? null : getLongs(in, n);
        long[] before = (flags & BEFORE) == 0 ? null : getLongs(in, n);
        Vector[] columns = new Vector[columnCount];
        for (int c = 0; c < columnCount; c++) {
            columns[c] = getColumn(in, n);
        }
        return new Batch(columns, n, null, n, positions, kinds, hashes, before);
    }

    /** How many rows an encoded batch has. */
    public static int rows(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
    }

    private static long[] getLongs(ByteBuffer in, int n) {
        long[] values = new long[n];
        getLongs(in, values, n);
        return values;
    }

    private static void getLongs(ByteBuffer in, long[] values, int n) {
        in.asLongBuffer().get(values, 0, n);
        in.position(in.position() + 8 * n);
    }

    private static Vector getColumn(ByteBuffer in, int n) {
        Vector column = Vector.create(STORAGES[in.get()], n);
        if (in.get() != 0) {
            getBits(in, column.nullMask(n), n);
        }
        switch (column) {
            case LongVector v -> getLongs(in, v.values(), n);
            case DoubleVector v -> {
                in.asDoubleBuffer().get(v.values(), 0, n);
                in.position(in.position() + 8 * n);
            }
            case DecimalVector v -> {
                getLongs(in, v.high(), n);
                getLongs(in, v.low(), n);
            }
            case BooleanVector v -> getBits(in, v.values(), n);
            case BytesVector v -> {
                int[] lengths = v.lengths();
                in.asIntBuffer().get(lengths, 0, n);
                in.position(in.position() + 4 * n);
                int total = in.getInt();
                int at = v.reserve(total);
                in.get(v.data(), at, total);
                for (int i = 0; i < n; i++) {
                    v.starts()[i] = at;
                    at += lengths[i];
                }
            }
        }
        return column;
    }

    private static void getBits(ByteBuffer in, boolean[] values, int n) {
        for (int i = 0; i < n; i += 8) {
            int bits = in.get();
            for (int j = i; j < Math.min(n, i + 8); j++) {
                values[j] = (bits & 1 << (j - i)) != 0;
            }
        }
    }

    /** A copy of the selected rows in memory of its own, for whoever must keep them. */
    public static Batch copy(Batch batch) {
        return decode(encode(batch));
    }
}
