// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes at once. In the words returned, bit 7 of a byte is the answer for that byte. */
public final class Words {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Words() {}

    /** Eight bytes, the first one lowest. */
    public static long get(byte[] data, int at) {
        return (long) LONG.get(data, at);
    }

    public static void set(byte[] data, int at, long word) {
        LONG.set(data, at, word);
    }

    /** A word of eight times this byte. */
    public static long repeat(int value) {
        return (value & 0xFFL) * ONES;
    }

    /** Which bytes are equal to the repeated byte. Exact for the first such byte; bytes behind it may be told wrongly. */
    public static long equal(long word, long repeated) {
        long x = word ^ repeated;
        return (x - ONES) & ~x & HIGHS;
    }

    /**
     * Which bytes are below the repeated one, which is at most 0x80; bytes from 0x80 on never are. Exact for the first
     * such byte; bytes behind it may be told wrongly.
     */
    public static long below(long word, long repeated) {
        return (word - repeated) & ~word & HIGHS;
    }

    /** Which bytes are not ASCII. */
    public static long notAscii(long word) {
        return word & HIGHS;
    }

    /** The number of the first byte with its bit set; the answer must not be zero. */
    public static int first(long answer) {
        return Long.numberOfTrailingZeros(answer) >>> 3;
    }

    /** Cuts an answer to the bytes before this one (0 to 7). */
    public static long before(long answer, int index) {
        return answer & ((1L << (index << 3)) - 1);
    }

    /** Whether all bytes are decimal digits. */
    public static boolean isDigits(long word) {
        // The upper half of a digit is 3, and stays 3 when 6 is added; bytes that carry over are found by the first test.
        long upper = word & 0xF0F0F0F0F0F0F0F0L;
        long shifted = word + 0x0606060606060606L & 0xF0F0F0F0F0F0F0F0L;
        return (upper | shifted >>> 4) == 0x3333333333333333L;
    }

    /** The number that eight digits stand for. */
    public static long eightDigits(long word) {
        // Neighbours are joined: digits to pairs, pairs to fours, fours to the whole.
        long digits = word - 0x3030303030303030L;
        long pairs = digits * 10 + (digits >>> 8) & 0x00FF00FF00FF00FFL;
        long fours = pairs * 100 + (pairs >>> 16) & 0x0000FFFF0000FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFFFFFFL;
    }

    /** The index of the next such byte, or -1. Reads up to seven bytes behind {@code to}. */
    public static int indexOf(byte[] data, int from, int to, byte value) {
        long repeated = repeat(value);
        for (int i = from; i < to; i += Long.BYTES) {
            long found = equal(get(data, i), repeated);
            if (found != 0) {
                int at = i + first(found);
                return at < to ? at : -1;
            }
        }
        return -1;
    }

    /** Copies bytes by words: writes up to seven bytes too many, and reads as many. */
    public static void copy(byte[] source, int from, byte[] target, int at, int length) {
        if (length > 64) {
            System.arraycopy(source, from, target, at, length);
            return;
        }
        for (int i = 0; i < length; i += Long.BYTES) {
            set(target, at + i, get(source, from + i));
        }
    }
}
