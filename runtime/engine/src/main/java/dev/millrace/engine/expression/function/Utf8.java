// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Characters (code points) of UTF-8 bytes. Malformed bytes give some answer, never an endless loop or a bad index. */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP_BITS = 0x8080808080808080L;

    private Utf8() {}

    public static String string(byte[] data, int start, int length) {
        return new String(data, start, length, StandardCharsets.UTF_8);
    }

    public static boolean isAscii(byte[] data, int start, int length) {
        int at = start;
        int end = start + length;
        for (; at + 8 <= end; at += 8) {
            if (((long) LONGS.get(data, at) & TOP_BITS) != 0) {
                return false;
            }
        }
        for (; at < end; at++) {
            if (data[at] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The number of characters: of bytes that don't continue one. */
    public static long length(byte[] data, int start, int length) {
        int continuing = 0;
        int at = start;
        int end = start + length;
        for (; at + 8 <= end; at += 8) {
            long word = (long) LONGS.get(data, at);
            continuing += Long.bitCount(word & ~(word << 1) & TOP_BITS);
        }
        for (; at < end; at++) {
            continuing += isContinuation(data[at]) ? 1 : 0;
        }
        return length - continuing;
    }

    public static boolean isContinuation(byte value) {
        return (value & 0xC0) == 0x80;
    }

    /**
     * The index of the byte behind so many characters.
     *
     * @param at index to start at
     * @param end where the value ends; the result is not greater
     */
    public static int skip(byte[] data, int at, int end, long characters) {
        int index = at;
        for (long left = characters; left > 0 && index < end; left--) {
            index++;
            while (index < end && isContinuation(data[index])) {
                index++;
            }
        }
        return index;
    }

    /** The index of the first byte of the character that ends before {@code end}. */
    public static int previous(byte[] data, int start, int end) {
        int index = end - 1;
        while (index > start && isContinuation(data[index])) {
            index--;
        }
        return index;
    }
}
