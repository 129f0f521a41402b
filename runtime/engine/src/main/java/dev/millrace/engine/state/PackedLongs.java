// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of a block, each in the same number of bytes: the low ones, with which it is complete up to its sign. */
final class PackedLongs {
    /** Elements of a block: one large number makes no more than these large. */
    static final int BLOCK = 256;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Behind the last number there is room for the bytes that are not its own. */
    private final byte[] bytes = new byte[BLOCK * Long.BYTES + Long.BYTES];

    byte[] bytes() {
        return bytes;
    }

    /** How many bytes each of the numbers needs, at least one. */
    static int width(long[] values, GroupSet groups, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            long value = values[groups.id(i)];
            bits |= value ^ value >> Long.SIZE - 1;
        }
        // One bit more, for the sign.
        return (Long.SIZE - Long.numberOfLeadingZeros(bits)) / Byte.SIZE + 1;
    }

    /** @return the bytes, of which the first {@code (to - from) * width} matter, until the next call */
    byte[] pack(long[] values, GroupSet groups, int from, int to, int width) {
        final byte[] bytes = this.bytes;
        int at = 0;
        for (int i = from; i < to; i++) {
            // The bytes too many are overwritten by the next number.
            LONG.set(bytes, at, values[groups.id(i)]);
            at += width;
        }
        return bytes;
    }

    /** Takes numbers from the bytes. */
    void unpack(long[] into, GroupSet groups, int from, int to, int width) {
        final byte[] bytes = this.bytes;
        final int unused = Long.SIZE - width * Byte.SIZE;
        int at = 0;
        for (int i = from; i < to; i++) {
            into[groups.id(i)] = (long) LONG.get(bytes, at) << unused >> unused;
            at += width;
        }
    }
}
