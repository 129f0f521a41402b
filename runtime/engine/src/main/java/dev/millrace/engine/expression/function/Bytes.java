// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Compares and searches byte strings, eight bytes at a time where the padding behind values allows it. The order is that
 * of unsigned bytes, which for UTF-8 is that of code points.
 */
public final class Bytes {
    private static final VarHandle BIG_ENDIAN = MethodHandles.byteArrayViewVarHandle(
            long[].class,
            ByteOrder.BIG_ENDIAN);
    private static final VarHandle NATIVE = MethodHandles.byteArrayViewVarHandle(
            long[].class,
            ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    public static boolean equal(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        if (aLength != bLength) {
            return false;
        }
        int at = 0;
        for (; at + 8 <= aLength; at += 8) {
            if ((long) NATIVE.get(a, aStart + at) != (long) NATIVE.get(b, bStart + at)) {
                return false;
            }
        }
        int rest = aLength - at;
        if (rest == 0) {
            return true;
        }
        long difference = (long) NATIVE.get(a, aStart + at) ^ (long) NATIVE.get(b, bStart + at);
        return difference << (8 - rest) * 8 == 0;
    }

    /** Negative, zero or positive as the first is less than, equal to or greater than the second. */
    public static int compare(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        int common = Math.min(aLength, bLength);
        int at = 0;
        for (; at + 8 <= common; at += 8) {
            long x = (long) BIG_ENDIAN.get(a, aStart + at);
            long y = (long) BIG_ENDIAN.get(b, bStart + at);
            if (x != y) {
                return Long.compareUnsigned(x, y);
            }
        }
        int rest = common - at;
        if (rest > 0) {
            int ignored = (8 - rest) * 8;
            long x = (long) BIG_ENDIAN.get(a, aStart + at) >>> ignored;
            long y = (long) BIG_ENDIAN.get(b, bStart + at) >>> ignored;
            if (x != y) {
                return Long.compare(x, y);
            }
        }
        return aLength - bLength;
    }

    public static boolean startsWith(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        return aLength >= bLength && equal(a, aStart, bLength, b, bStart, bLength);
    }

    public static boolean endsWith(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        return aLength >= bLength && equal(a, aStart + aLength - bLength, bLength, b, bStart, bLength);
    }

    /** The offset from {@code start} of the first place where the needle is, at or behind {@code from}, or -1. */
    public static int indexOf(byte[] data, int start, int length, byte[] needle, int nStart, int nLength, int from) {
        if (nLength == 0) {
            return from <= length ? from : -1;
        }
        byte first = needle[nStart];
        int last = length - nLength;
        for (int i = from; i <= last; i++) {
            if (data[start + i] == first && equal(data, start + i, nLength, needle, nStart, nLength)) {
                return i;
            }
        }
        return -1;
    }
}
