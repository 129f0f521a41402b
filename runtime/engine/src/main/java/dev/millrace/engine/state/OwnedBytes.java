// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.hash.ByteWords;
import java.util.Arrays;

/**
 * Byte strings in one array, each with an owner. What was given up is left behind: when it is more than half, the others
 * are moved together, a piece at a time, so that no call takes long. An owner is told when its bytes have moved.
 *
 * <pre>
 *   data   | length &lt;&lt; 32 | owner | bytes … | length &lt;&lt; 32 | owner | bytes … |            8 + length bytes each
 *                                  ^ the place                                      owner -1: given up
 *
 *          | moved together | free | not yet looked at | end
 *                           to     from
 * </pre>
 */
public final class OwnedBytes {
    /** Told of what has moved. */
    public interface Owners {
        void moved(int owner, int fromPlace, int toPlace);
    }

    private static final int HEADER_BYTES = 8;
    private static final int GIVEN_UP = -1;

    /** Below this nothing is moved. */
    private static final int MOVED_BYTES_MIN = 4096;

    /** For each byte given up while the others move so many are looked at, so that moving ends. */
    private static final int LOOKED_AT_FACTOR = 4;

    /** An array that is mostly empty is made shorter if not more than this must be copied. */
    private static final int SHORTENED_BYTES_MAX = 4 << 20;

    private static final int ARRAY_MAX = Integer.MAX_VALUE - 16;

    private final String what;
    private byte[] data = new byte[BytesVector.PADDING];
    private int end;
    private int wasted;
    private boolean moving;
    private int from;
    private int to;
    private long toLookAt;

    /** @param what what the strings are, for errors: "the keys of one table" */
    public OwnedBytes(String what) {
        this.what = what;
    }

    /** The array in which the places are; eight bytes are readable from each byte on. */
    public byte[] data() {
        return data;
    }

    /**
     * Copies bytes.
     *
     * @return their place
     * @throws MillraceException if there is no room for them in one array
     */
    public int add(int owner, byte[] bytes, int start, int length) {
        int place = reserve(owner, length);
        System.arraycopy(bytes, start, data, place, length);
        return place;
    }

    /** As {@link #add}, of bytes that are yet to be put into {@link #data}. */
    public int reserve(int owner, int length) {
        long needed = (long) end + HEADER_BYTES + length + BytesVector.PADDING;
        if (needed > ARRAY_MAX) {
            throw new MillraceException(
                    ErrorCode.STATE_LIMIT,
                    what + " take more than " + ARRAY_MAX + " bytes",
                    "use more partitions, a window, or a key with fewer values");
        }
        if (needed > data.length) {
            data = Arrays.copyOf(data, (int) Math.min(ARRAY_MAX, Math.max(needed, data.length * 2L)));
        }
        ByteWords.store(data, end, (long) length << 32 | owner);
        int place = end + HEADER_BYTES;
        end = place + length;
        return place;
    }

    /** Gives up the bytes at a place; {@link #tidy} may then move others. */
    public void giveUp(int place) {
        int header = place - HEADER_BYTES;
        int length = (int) (ByteWords.load(data, header) >>> 32);
        ByteWords.store(data, header, (long) length << 32 | GIVEN_UP & 0xFFFF_FFFFL);
        wasted += HEADER_BYTES + length;
        toLookAt += (long) LOOKED_AT_FACTOR * (HEADER_BYTES + length);
    }

    /** Moves some bytes together, as many as what was given up makes it worth. */
    public void tidy(Owners owners) {
        if (!moving) {
            if (wasted <= end / 2 || end < MOVED_BYTES_MIN) {
                toLookAt = 0;
                return;
            }
            moving = true;
            from = 0;
            to = 0;
        }
        while (toLookAt > 0 && from < end) {
            long header = ByteWords.load(data, from);
            int taken = HEADER_BYTES + (int) (header >>> 32);
            if ((int) header == GIVEN_UP) {
                wasted -= taken;
            } else {
                if (from > to) {
                    System.arraycopy(data, from, data, to, taken);
                    owners.moved((int) header, from + HEADER_BYTES, to + HEADER_BYTES);
                }
                to += taken;
            }
            from += taken;
            toLookAt -= taken;
        }
        if (from == end) {
            moving = false;
            end = to;
            toLookAt = 0;
            shorten();
        }
    }

    private void shorten() {
        int needed = end + BytesVector.PADDING;
        if (data.length / 4 > needed && needed <= SHORTENED_BYTES_MAX) {
            data = Arrays.copyOf(data, needed * 2);
        }
    }

    /** Forgets everything; the memory stays. */
    public void clear() {
        end = 0;
        wasted = 0;
        moving = false;
        toLookAt = 0;
    }

    /** Bytes of memory held. */
    public long bytes() {
        return data.length;
    }
}
