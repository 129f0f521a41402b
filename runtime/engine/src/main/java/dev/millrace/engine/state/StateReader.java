// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/** Reads what a {@link StateWriter} wrote, by the same calls in the same order. */
public final class StateReader {
    private final Iterator<byte[]> chunks;
    private ByteBuffer current = ByteBuffer.allocate(0);

    /** Null until it is needed. */
    private PackedLongs packed;

    public StateReader(List<byte[]> chunks) {
        this.chunks = chunks.iterator();
    }

    /**
     * Reads the version with which a part of the state begins.
     *
     * @param part what the part is, for the error
     * @param version the version that this release reads
     * @throws MillraceException if the part is newer
     * @throws IllegalStateException if the part is older
     */
    public void readVersion(String part, int version) {
        int read = readInt();
        if (read > version) {
            throw new MillraceException(
                    ErrorCode.STATE_NEWER,
                    "the state of " + part + " has version " + read + ", this release knows " + version,
                    "run the release that wrote it, or a newer one");
        }
        if (read < version) {
            throw new IllegalStateException(
                    "the state of " + part + " has version " + read + ", this release reads " + version + " only");
        }
    }

    /** Makes the current chunk one with at least one more byte. */
    private void need() {
        if (isAtEnd()) {
            throw new IllegalStateException("the state ends too early");
        }
    }

    /** Whether everything was read. */
    public boolean isAtEnd() {
        while (!current.hasRemaining() && chunks.hasNext()) {
            current = ByteBuffer.wrap(chunks.next()).order(ByteOrder.LITTLE_ENDIAN);
        }
        return !current.hasRemaining();
    }

    public int readByte() {
        need();
        return current.get();
    }

    public boolean readBoolean() {
        return readByte() != 0;
    }

    public int readInt() {
        return current.remaining() >= Integer.BYTES ? current.getInt() : (int) readByByte(Integer.BYTES);
    }

    public long readLong() {
        return current.remaining() >= Long.BYTES ? current.getLong() : readByByte(Long.BYTES);
    }

    /** Reads across the end of a chunk. */
    private long readByByte(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (readByte() & 0xFFL) << i * Byte.SIZE;
        }
        return value;
    }

    public double readDouble() {
        return Double.longBitsToDouble(readLong());
    }

    public String readString() {
        byte[] utf8 = new byte[readInt()];
        readBytes(utf8, 0, utf8.length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public void readBytes(byte[] into, int from, int count) {
        for (int done = 0; done < count;) {
            need();
            int part = Math.min(count - done, current.remaining());
            current.get(into, from + done, part);
            done += part;
        }
    }

    public void readBooleans(boolean[] into, int from, int count) {
        for (int i = from; i < from + count; i++) {
            into[i] = readBoolean();
        }
    }

    public void readInts(int[] into, int from, int count) {
        for (int done = 0; done < count;) {
            int part = Math.min(count - done, current.remaining() / Integer.BYTES);
            if (part == 0) {
                into[from + done++] = readInt();
                continue;
            }
            current.asIntBuffer().get(into, from + done, part);
            current.position(current.position() + part * Integer.BYTES);
            done += part;
        }
    }

    public void readLongs(long[] into, int from, int count) {
        for (int done = 0; done < count;) {
            int part = Math.min(count - done, current.remaining() / Long.BYTES);
            if (part == 0) {
                into[from + done++] = readLong();
                continue;
            }
            current.asLongBuffer().get(into, from + done, part);
            current.position(current.position() + part * Long.BYTES);
            done += part;
        }
    }

    public void readDoubles(double[] into, int from, int count) {
        for (int done = 0; done < count;) {
            int part = Math.min(count - done, current.remaining() / Double.BYTES);
            if (part == 0) {
                into[from + done++] = readDouble();
                continue;
            }
            current.asDoubleBuffer().get(into, from + done, part);
            current.position(current.position() + part * Double.BYTES);
            done += part;
        }
    }

    /** Reads the elements of groups into an array by group. */
    public void readBooleans(boolean[] into, GroupSet groups) {
        for (int i = 0; i < groups.count(); i++) {
            into[groups.id(i)] = readBoolean();
        }
    }

    /** Reads the elements of groups into an array by group. */
    public void readInts(int[] into, GroupSet groups) {
        if (groups.isRange()) {
            readInts(into, groups.id(0), groups.count());
            return;
        }
        for (int i = 0; i < groups.count(); i++) {
            into[groups.id(i)] = readInt();
        }
    }

    /** Reads the elements of groups into an array by group. */
    public void readLongs(long[] into, GroupSet groups) {
        if (groups.isRange()) {
            readLongs(into, groups.id(0), groups.count());
            return;
        }
        for (int i = 0; i < groups.count(); i++) {
            into[groups.id(i)] = readLong();
        }
    }

    /** Reads what {@link StateWriter#writePackedLongs} wrote. */
    public void readPackedLongs(long[] into, GroupSet groups) {
        if (packed == null) {
            packed = new PackedLongs();
        }
        for (int from = 0; from < groups.count(); from += PackedLongs.BLOCK) {
            int to = Math.min(groups.count(), from + PackedLongs.BLOCK);
            int width = readByte();
            if (width < 1 || width > Long.BYTES) {
                throw new IllegalStateException("numbers of " + width + " bytes");
            }
            readBytes(packed.bytes(), 0, (to - from) * width);
            packed.unpack(into, groups, from, to, width);
        }
    }

    /** Reads the elements of groups into an array by group. */
    public void readDoubles(double[] into, GroupSet groups) {
        if (groups.isRange()) {
            readDoubles(into, groups.id(0), groups.count());
            return;
        }
        for (int i = 0; i < groups.count(); i++) {
            into[groups.id(i)] = readDouble();
        }
    }
}
