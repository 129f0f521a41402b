// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer of UTF-8 text. Belongs to one thread; is written out and used again. */
public final class TextBuffer {
    private static final int INITIAL_BYTES = 8192;
    private static final int LONG_DIGITS = 20;

    private byte[] data = new byte[INITIAL_BYTES];
    private int size;

    /** The bytes; those up to {@link #size()} count. Valid until the next append. */
    public byte[] data() {
        return data;
    }

    public int size() {
        return size;
    }

    /** Forgets the content; the memory stays. */
    public void clear() {
        size = 0;
    }

    /** Cuts the content to its first bytes. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException(newSize + " of " + size + " bytes");
        }
        size = newSize;
    }

    /** Appends one byte: an ASCII character or a part of an encoded one. */
    public void append(char ascii) {
        append((byte) ascii);
    }

    public void append(byte value) {
        reserve(1);
        data[size++] = value;
    }

    public void append(byte[] source, int start, int length) {
        reserve(length);
        System.arraycopy(source, start, data, size, length);
        size += length;
    }

    public void append(byte[] source) {
        append(source, 0, source.length);
    }

    /** Appends the UTF-8 bytes of a string. */
    public void append(String text) {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a number in decimal digits. */
    public void append(long value) {
        if (value < 0) {
            append('-');
        }
        append(value, 1);
    }

    /**
     * Appends the decimal digits of a number without its sign.
     *
     * @param digitsMin how many digits at least; zeros fill up on the left
     */
    public void append(long value, int digitsMin) {
        reserve(Math.max(LONG_DIGITS, digitsMin));
        // The negative of a number always exists; the positive of Long.MIN_VALUE does not.
        long rest = value < 0 ? value : -value;
        int digits = 1;
        for (long r = rest / 10; r != 0; r /= 10) {
            digits++;
        }
        digits = Math.max(digits, digitsMin);
        for (int i = size + digits - 1; i >= size; i--) {
            data[i] = (byte) ('0' - rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /** Writes the content to a stream; the content stays. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(data, 0, size);
    }

    @Override
    public String toString() {
        return new String(data, 0, size, StandardCharsets.UTF_8);
    }

    private void reserve(int length) {
        int needed = Math.addExact(size, length);
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, data.length * 2));
        }
    }
}
