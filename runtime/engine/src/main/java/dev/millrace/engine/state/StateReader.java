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

/**
 * Reads what a {@link StateWriter} wrote, by the same calls in the same order.
 *
 * <p>A primitive never crosses the border of two chunks, because the writer starts a new chunk instead; so the reader
 * moves on when a chunk is used up, and a chunk that ends in the middle of a primitive is damaged.
 */
public final class StateReader {
    private final Iterator<byte[]> chunks;
    private ByteBuffer current = ByteBuffer.allocate(0);
    private int version = Integer.MAX_VALUE;

    public StateReader(List<byte[]> chunks) {
        this.chunks = chunks.iterator();
    }

    /** Says which version the state has, for those parts of it that have none of their own; the newest unless said. */
    public void setVersion(int value) {
        version = value;
    }

    /** Whether the state is older than a version. */
    public boolean isBefore(int other) {
        return version < other;
    }

    /**
     * Reads the version with which a part of the state begins.
     *
     * @param part what the part is, for the error
     * @param newest the newest version that this release reads
     * @throws MillraceException if the part is newer
     */
    public int readVersion(String part, int newest) {
        int read = readInt();
        if (read > newest) {
            throw new MillraceException(
                    ErrorCode.STATE_NEWER,
                    "the state of " + part + " has version " + read + ", this release knows " + newest,
                    "run the release that wrote it, or a newer one");
        }
        return read;
    }

    /** Makes the current chunk one that holds at least one more element of so many bytes. */
    private void need(int width) {
        if (isAtEnd() || current.remaining() < width) {
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
        need(1);
        return current.get();
    }

    public boolean readBoolean() {
        return readByte() != 0;
    }

    public int readInt() {
        need(4);
        return current.getInt();
    }

    public long readLong() {
        need(8);
        return current.getLong();
    }

    public double readDouble() {
        need(8);
        return current.getDouble();
    }

    public String readString() {
        byte[] utf8 = new byte[readInt()];
        readBytes(utf8, 0, utf8.length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public void readBytes(byte[] into, int from, int count) {
        for (int done = 0; done < count;) {
            need(1);
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
            need(4);
            int part = Math.min(count - done, current.remaining() / 4);
            current.asIntBuffer().get(into, from + done, part);
            current.position(current.position() + part * 4);
            done += part;
        }
    }

    public void readLongs(long[] into, int from, int count) {
        for (int done = 0; done < count;) {
            need(8);
            int part = Math.min(count - done, current.remaining() / 8);
            current.asLongBuffer().get(into, from + done, part);
            current.position(current.position() + part * 8);
            done += part;
        }
    }

    public void readDoubles(double[] into, int from, int count) {
        for (int done = 0; done < count;) {
            need(8);
            int part = Math.min(count - done, current.remaining() / 8);
            current.asDoubleBuffer().get(into, from + done, part);
            current.position(current.position() + part * 8);
            done += part;
        }
    }
}
