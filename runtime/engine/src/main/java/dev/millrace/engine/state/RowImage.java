// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The columns of one row as bytes. Rows with equal values have equal bytes.
 *
 * <pre>
 *   null bits byte[(columns + 7) / 8], then by column that is not NULL:
 *   long | double bits | high long, low long | boolean byte | int length, bytes
 * </pre>
 */
public final class RowImage {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[64];
    private int size;

    /** Takes a row, in place of the one before. */
    public void encode(Vector[] columns, int row) {
        int at = (columns.length + 7) / 8;
        reserve(at);
        Arrays.fill(bytes, 0, at, (byte) 0);
        for (int i = 0; i < columns.length; i++) {
            Vector column = columns[i];
            if (column.isNull(row)) {
                bytes[i >>> 3] |= (byte) (1 << (i & 7));
                continue;
            }
            reserve(at + 16);
            switch (column) {
                case LongVector v -> at = putLong(at, v.get(row));
                case DoubleVector v -> at = putLong(at, Double.doubleToLongBits(v.get(row)));
                case DecimalVector v -> at = putLong(putLong(at, v.high()[row]), v.low()[row]);
                case BooleanVector v -> bytes[at++] = (byte) (v.get(row) ? 1 : 0);
                case BytesVector v -> {
                    int length = v.lengths()[row];
                    reserve(at + 4 + length);
                    INTS.set(bytes, at, length);
                    System.arraycopy(v.data(), v.starts()[row], bytes, at + 4, length);
                    at += 4 + length;
                }
            }
        }
        size = at;
    }

    private void reserve(int length) {
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
        }
    }

    private int putLong(int at, long value) {
        LONGS.set(bytes, at, value);
        return at + Long.BYTES;
    }

    /** Whether the row taken last is the one with this image. */
    public boolean isSame(byte[] image) {
        return Arrays.equals(bytes, 0, size, image, 0, image.length);
    }

    /** The image of the row taken last. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes the values of an image into a row of vectors like those that it was made of. */
    public static void decode(byte[] image, Vector[] columns, int row) {
        int at = (columns.length + 7) / 8;
        for (int i = 0; i < columns.length; i++) {
            if ((image[i >>> 3] >>> (i & 7) & 1) != 0) {
                columns[i].setNull(row);
                continue;
            }
            switch (columns[i]) {
                case LongVector v -> {
                    v.set(row, (long) LONGS.get(image, at));
                    at += 8;
                }
                case DoubleVector v -> {
                    v.set(row, Double.longBitsToDouble((long) LONGS.get(image, at)));
                    at += 8;
                }
                case DecimalVector v -> {
                    v.set(row, (long) LONGS.get(image, at), (long) LONGS.get(image, at + 8));
                    at += 16;
                }
                case BooleanVector v -> v.set(row, image[at++] != 0);
                case BytesVector v -> {
                    int length = (int) INTS.get(image, at);
                    v.append(row, image, at + 4, length);
                    at += 4 + length;
                }
            }
        }
    }
}
