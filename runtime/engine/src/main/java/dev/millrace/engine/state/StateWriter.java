// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes state as little-endian primitives and arrays into a row of chunks, so that no array is larger than a chunk
 * and arrays are copied in bulk. {@link StateReader} reads the same calls in the same order; where the chunks end does not
 * matter to it.
 */
public final class StateWriter {
    private static final int CHUNK_BYTES = ChunkPool.CHUNK_BYTES;

    /** A buffer to begin with: most states are small. */
    private static final int FIRST_BYTES = 1 << 12;

    private final ChunkPool pool;
    private final List<byte[]> chunks = new ArrayList<>();
    private ByteBuffer current = buffer(new byte[FIRST_BYTES]);

    /** Null until it is needed. */
    private PackedLongs packed;

    public StateWriter() {
        this(ChunkPool.NONE);
    }

    /** @param pool where full chunks come from; the reader of what was written gives them back, or not */
    public StateWriter(ChunkPool pool) {
        this.pool = pool;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes room for at least one byte. */
    private void room() {
        if (current.hasRemaining()) {
            return;
        }
        if (current.capacity() == CHUNK_BYTES) {
            chunks.add(current.array());
            current = buffer(pool.take());
        } else {
            int grown = current.capacity() * 8;
            current = buffer(grown < CHUNK_BYTES ? new byte[grown] : pool.take()).put(current.flip());
        }
    }

    public void writeByte(int value) {
        room();
        current.put((byte) value);
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public void writeInt(int value) {
        if (current.remaining() >= Integer.BYTES) {
            current.putInt(value);
        } else {
            writeByByte(value, Integer.BYTES);
        }
    }

    public void writeLong(long value) {
        if (current.remaining() >= Long.BYTES) {
            current.putLong(value);
        } else {
            writeByByte(value, Long.BYTES);
        }
    }

    /** Writes across the end of the buffer. */
    private void writeByByte(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            writeByte((int) (value >>> i * Byte.SIZE));
        }
    }

    public void writeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    public void writeString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        writeInt(utf8.length);
        writeBytes(utf8, 0, utf8.length);
    }

    /** Writes elements without their number. */
    public void writeBytes(byte[] values, int from, int count) {
        for (int done = 0; done < count;) {
            room();
            int part = Math.min(count - done, current.remaining());
            current.put(values, from + done, part);
            done += part;
        }
    }

    /** Writes elements without their number. */
    public void writeBooleans(boolean[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            writeBoolean(values[i]);
        }
    }

    /** Writes elements without their number. */
    public void writeInts(int[] values, int from, int count) {
        for (int done = 0; done < count;) {
            int part = Math.min(count - done, current.remaining() / Integer.BYTES);
            if (part == 0) {
                writeInt(values[from + done++]);
                continue;
            }
            current.asIntBuffer().put(values, from + done, part);
            current.position(current.position() + part * Integer.BYTES);
            done += part;
        }
    }

    /** Writes elements without their number. */
    public void writeLongs(long[] values, int from, int count) {
        for (int done = 0; done < count;) {
            int part = Math.min(count - done, current.remaining() / Long.BYTES);
            if (part == 0) {
                writeLong(values[from + done++]);
                continue;
            }
            current.asLongBuffer().put(values, from + done, part);
            current.position(current.position() + part * Long.BYTES);
            done += part;
        }
    }

    /** Writes elements without their number. */
    public void writeDoubles(double[] values, int from, int count) {
        for (int done = 0; done < count;) {
            int part = Math.min(count - done, current.remaining() / Double.BYTES);
            if (part == 0) {
                writeDouble(values[from + done++]);
                continue;
            }
            current.asDoubleBuffer().put(values, from + done, part);
            current.position(current.position() + part * Double.BYTES);
            done += part;
        }
    }

    /** Writes the elements of groups, of an array by group. */
    public void writeBooleans(boolean[] values, GroupSet groups) {
        for (int i = 0; i < groups.count(); i++) {
            writeBoolean(values[groups.id(i)]);
        }
    }

    /** Writes the elements of groups, of an array by group. */
    public void writeInts(int[] values, GroupSet groups) {
        if (groups.isRange()) {
            writeInts(values, groups.id(0), groups.count());
            return;
        }
        for (int i = 0; i < groups.count(); i++) {
            writeInt(values[groups.id(i)]);
        }
    }

    /** Writes the elements of groups, of an array by group. */
    public void writeLongs(long[] values, GroupSet groups) {
        writeLongs(values, 1, groups);
    }

    /**
     * Writes the elements of groups.
     *
     * @param width elements of one group, which lie together
     */
    public void writeLongs(long[] values, int width, GroupSet groups) {
        if (groups.isRange()) {
            writeLongs(values, groups.id(0) * width, groups.count() * width);
            return;
        }
        for (int i = 0; i < groups.count(); i++) {
            int at = groups.id(i) * width;
            for (int element = at; element < at + width; element++) {
                writeLong(values[element]);
            }
        }
    }

    /**
     * Writes the elements of groups, of an array by group, in as few bytes as they need: what is counted or summed up is
     * small, as a rule, and what an epoch costs is bytes.
     *
     * <pre>
     *   by {@link PackedLongs#BLOCK} elements: 1 byte, how many bytes each takes; their low bytes
     * </pre>
     */
    public void writePackedLongs(long[] values, GroupSet groups) {
        if (packed == null) {
            packed = new PackedLongs();
        }
        for (int from = 0; from < groups.count(); from += PackedLongs.BLOCK) {
            int to = Math.min(groups.count(), from + PackedLongs.BLOCK);
            int width = PackedLongs.width(values, groups, from, to);
            writeByte(width);
            writeBytes(packed.pack(values, groups, from, to, width), 0, (to - from) * width);
        }
    }

    /** Writes the elements of groups, of an array by group. */
    public void writeDoubles(double[] values, GroupSet groups) {
        if (groups.isRange()) {
            writeDoubles(values, groups.id(0), groups.count());
            return;
        }
        for (int i = 0; i < groups.count(); i++) {
            writeDouble(values[groups.id(i)]);
        }
    }

    /** Bytes written so far. */
    public long size() {
        return (long) chunks.size() * CHUNK_BYTES + current.position();
    }

    /** Ends writing. The writer must not be used any more. */
    public List<byte[]> finish() {
        chunks.add(Arrays.copyOf(current.array(), current.position()));
        pool.giveBack(current.array());
        return List.copyOf(chunks);
    }

    /** All that was written as one array, for small states. */
    public byte[] toByteArray() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        finish().forEach(out::writeBytes);
        return out.toByteArray();
    }
}
