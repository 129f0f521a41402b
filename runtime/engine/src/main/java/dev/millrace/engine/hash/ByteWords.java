// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Byte strings read eight bytes at a time, the first byte lowest on every machine. */
public final class ByteWords {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private ByteWords() {}

    /** The eight bytes from an index on. */
    public static long load(byte[] data, int at) {
        return (long) LONGS.get(data, at);
    }

    /** Writes eight bytes from an index on. */
    public static void store(byte[] data, int at, long word) {
        LONGS.set(data, at, word);
    }

    /**
     * The first bytes from an index on, zeros above them. Eight bytes must be readable.
     *
     * @param count 0 to 8
     */
    public static long load(byte[] data, int at, int count) {
        return (long) LONGS.get(data, at) & mask(count);
    }

    /** Whether two ranges hold the same bytes. Eight bytes must be readable behind each. */
    public static boolean equal(byte[] a, int aStart, byte[] b, int bStart, int length) {
        int left = length;
        int x = aStart;
        int y = bStart;
        while (left > 8) {
            if ((long) LONGS.get(a, x) != (long) LONGS.get(b, y)) {
                return false;
            }
            x += 8;
            y += 8;
            left -= 8;
        }
        return (((long) LONGS.get(a, x) ^ (long) LONGS.get(b, y)) & mask(left)) == 0;
    }

    /** The bits that so many bytes, 0 to 8, take in a word. In two steps, since a shift by 64 would do nothing. */
    private static long mask(int bytes) {
        return ~(-1L << 4 * bytes << 4 * bytes);
    }
}
