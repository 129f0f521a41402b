// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import dev.millrace.engine.batch.BytesVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Holds the result of a function that gives a byte string: a part of somebody else's bytes, or bytes of its own.
 *
 * <p>As in a {@link BytesVector}, at least {@link BytesVector#PADDING} readable bytes follow the value.
 */
public final class ByteSlice {
    /** The most bytes that a function may produce for one value. */
    public static final int VALUE_BYTES_MAX = 16 << 20;

    private byte[] own = new byte[64];
    private byte[] data = own;
    private int start;
    private int length;

    public byte[] data() {
        return data;
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }

    /** Makes the value a part of these bytes. */
    public void point(byte[] source, int from, int count) {
        data = source;
        start = from;
        length = count;
    }

    /** Makes the value empty, to be appended to. */
    public void clear() {
        data = own;
        start = 0;
        length = 0;
    }

    /**
     * Makes the value so many bytes of its own, which the caller writes into {@link #data()} from 0.
     *
     * @throws RowFailure if that is more than {@link #VALUE_BYTES_MAX}
     */
    public byte[] allocate(long bytes) {
        clear();
        grow(bytes);
        length = (int) bytes;
        return own;
    }

    /** Shortens the value. */
    public void truncate(int bytes) {
        length = bytes;
    }

    public void append(byte[] source, int from, int count) {
        grow((long) length + count);
        System.arraycopy(source, from, own, length, count);
        length += count;
    }

    public void append(byte value) {
        grow(length + 1L);
        own[length++] = value;
    }

    /** Makes the value the UTF-8 bytes of a string. */
    public void set(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        clear();
        append(bytes, 0, bytes.length);
    }

    private void grow(long bytes) {
        if (bytes > VALUE_BYTES_MAX) {
            throw RowFailure.function("a string of " + bytes + " bytes is longer than the limit of " + VALUE_BYTES_MAX);
        }
        int needed = (int) bytes + BytesVector.PADDING;
        if (needed > own.length) {
            own = Arrays.copyOf(own, Math.max(needed, own.length * 2));
            data = own;
        }
    }
}
