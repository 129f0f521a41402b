// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Byte strings; those of character types are UTF-8.
 *
 * <pre>
 *   row i = data[starts[i]] .. data[starts[i] + lengths[i] - 1]
 * </pre>
 *
 * <p>Rows may lie in any order, overlap, or leave gaps, so that a filter copies no bytes, a scanner can point into the
 * record it read, and a generator into a dictionary. At least {@link #PADDING} readable bytes follow the last byte of
 * every value, so that loops can load eight bytes at once.
 */
public final class BytesVector extends Vector {
    /** Readable bytes behind every value. */
    public static final int PADDING = 16;

    private static final int INITIAL_BYTES_PER_ROW = 16;

    private byte[] data;
    private byte[] own;
    private int size;
    private int[] starts;
    private int[] lengths;

    public BytesVector(int capacity) {
        own = new byte[PADDING];
        data = own;
        starts = new int[capacity];
        lengths = new int[capacity];
    }

    /** The bytes that the rows point into. Valid until the vector grows or is given other data. */
    public byte[] data() {
        return data;
    }

    /** The index of the first byte by row. Valid until the vector grows. */
    public int[] starts() {
        return starts;
    }

    /** The number of bytes by row. Valid until the vector grows. */
    public int[] lengths() {
        return lengths;
    }

    /** Copies the value behind the bytes appended so far and points the row at it. */
    public void append(int row, byte[] source, int start, int length) {
        int at = reserve(length);
        System.arraycopy(source, start, data, at, length);
        point(row, at, length);
    }

    public void append(int row, byte[] value) {
        append(row, value, 0, value.length);
    }

    /** Appends the UTF-8 bytes of a string. For slow paths. */
    public void append(int row, String value) {
        append(row, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Makes room for so many bytes behind what was appended so far, and counts them as appended.
     *
     * @return the index in {@link #data()} where they start
     */
    public int reserve(int length) {
        if (data != own) {
            throw new IllegalStateException("the vector points into foreign data");
        }
        int needed = Math.addExact(size, length) + PADDING;
        if (needed > own.length) {
            int grown = Math.max(needed, Math.max(own.length * 2, capacity() * INITIAL_BYTES_PER_ROW));
            own = Arrays.copyOf(own, grown);
            data = own;
        }
        int at = size;
        size += length;
        return at;
    }

    /** Points a row at bytes of {@link #data()}. */
    public void point(int row, int start, int length) {
        starts[row] = start;
        lengths[row] = length;
    }

    /**
     * Makes the rows point into bytes that somebody else owns and does not change while this vector is in use.
     *
     * @param foreign the bytes, with {@link #PADDING} more behind every value
     */
    public void share(byte[] foreign) {
        data = foreign;
    }

    public byte[] get(int row) {
        return Arrays.copyOfRange(data, starts[row], starts[row] + lengths[row]);
    }

    /** The row as a string. For slow paths. */
    public String getString(int row) {
        return new String(data, starts[row], lengths[row], StandardCharsets.UTF_8);
    }

    @Override
    public Storage storage() {
        return Storage.BYTES;
    }

    @Override
    public int capacity() {
        return starts.length;
    }

    @Override
    public void ensureCapacity(int rows) {
        if (starts.length < rows) {
            int grown = Math.max(rows, starts.length * 2);
            starts = Arrays.copyOf(starts, grown);
            lengths = Arrays.copyOf(lengths, grown);
        }
    }

    @Override
    public long bytes() {
        return own.length + starts.length * 8L + nullBytes();
    }

    @Override
    boolean isSameValue(int row, int other) {
        return Arrays.equals(
                data, starts[row], starts[row] + lengths[row], data, starts[other], starts[other] + lengths[other]);
    }

    @Override
    void copyValue(int row, Vector from, int fromRow) {
        BytesVector source = (BytesVector) from;
        append(row, source.data, source.starts[fromRow], source.lengths[fromRow]);
    }

    @Override
    void resetValues() {
        data = own;
        size = 0;
    }
}
