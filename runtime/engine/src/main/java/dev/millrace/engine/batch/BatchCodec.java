// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
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
    private static final Storage[] STORAGES = Storage.values();

    private BatchCodec() {}

    /** Bytes that {@link #encode} gives. */
    public static int encodedBytes(Batch batch) {
        int n = batch.size();
        long bytes = 1 + 4 + 4 + 1;
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

    public static byte[] encode(Batch batch) {
        ByteBuffer out = ByteBuffer.allocate(encodedBytes(batch)).order(ByteOrder.LITTLE_ENDIAN);
        int flags = (batch.positions() == null ? 0 : POSITIONS)
                | (batch.kinds() == null ? 0 : KINDS)
                | (batch.hashes() == null ? 0 : HASHES)
                | (batch.before() == null ? 0 : BEFORE);
        out.put(VERSION).putInt(batch.size()).putInt(batch.columns().length).put((byte) flags);
        putLongs(out, batch, batch.positions());
        if (batch.kinds() != null) {
            for (int i = 0; i < batch.size(); i++) {
                out.put(batch.kinds()[batch.row(i)]);
            }
        }
        putLongs(out, batch, batch.hashes());
        putLongs(out, batch, batch.before());
        for (Vector column : batch.columns()) {
            putColumn(out, batch, column);
        }
        return out.array();
    }

    private static void putLongs(ByteBuffer out, Batch batch, long[] values) {
        if (values != null) {
            for (int i = 0; i < batch.size(); i++) {
                out.putLong(values[batch.row(i)]);
            }
        }
    }

    private static void putColumn(ByteBuffer out, Batch batch, Vector column) {
        int n = batch.size();
        boolean[] nulls = column.nulls();
        out.put((byte) column.storage().ordinal()).put((byte) (nulls == null ? 0 : 1));
        if (nulls != null) {
            putBits(out, batch, nulls);
        }
        switch (column) {
            case LongVector v -> putLongs(out, batch, v.values());
            case DoubleVector v -> {
                double[] values = v.values();
                for (int i = 0; i < n; i++) {
                    out.putDouble(values[batch.row(i)]);
                }
            }
            case DecimalVector v -> {
                putLongs(out, batch, v.high());
                putLongs(out, batch, v.low());
            }
            case BooleanVector v -> putBits(out, batch, v.values());
            case BytesVector v -> {
                int total = out.position() + 4 * n;
                int end = total + 4;
                for (int i = 0; i < n; i++) {
                    int row = batch.row(i);
                    int length = v.isNull(row) ? 0 : v.lengths()[row];
                    out.putInt(length);
                    if (length > 0) {
                        System.arraycopy(v.data(), v.starts()[row], out.array(), end, length);
                        end += length;
                    }
                }
                out.putInt(end - total - 4);
                out.position(end);
            }
        }
    }

    private static void putBits(ByteBuffer out, Batch batch, boolean[] values) {
        int n = batch.size();
        for (int i = 0; i < n; i += 8) {
            int bits = 0;
            for (int j = i; j < Math.min(n, i + 8); j++) {
                bits |= values[batch.row(j)] ? 1 << (j - i) : 0;
            }
            out.put((byte) bits);
        }
    }

    /**
     * The batch that was encoded, all its rows selected, in memory of its own.
     *
     * @throws IllegalArgumentException if the bytes are no batch of a version that is known here
     */
    public static Batch decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("batch of version " + version + ", known is " + VERSION);
        }
        int n = in.getInt();
        int columnCount = in.getInt();
        int flags = in.get();
        // Checked before anything of that size is allocated.
        if (n < 0 || columnCount < 0
                || (long) columnCount * 2 + (long) (columnCount > 0 ? bits(n) : 0) > bytes.length) {
            throw new IllegalArgumentException("batch of " + n + " rows and " + columnCount + " columns in "
                    + bytes.length + " bytes");
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
