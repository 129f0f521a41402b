// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes state as little-endian primitives and arrays into a row of chunks, so that no array is larger than a chunk
 * and arrays are copied in bulk. {@link StateReader} reads the same calls in the same order.
 */
public final class StateWriter {
    /** Bytes of a full chunk. */
    public static final int CHUNK_BYTES = 1 << 20;

    /** A buffer to begin with: most states are small. */
    private static final int FIRST_BYTES = 1 << 12;

    private final List<byte[]> chunks = new ArrayList<>();
    private ByteBuffer current = buffer(FIRST_BYTES);

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes room for at least so many bytes, up to eight. */
    private void room(int bytes) {
        if (current.remaining() >= bytes) {
            return;
        }
        if (current.capacity() == CHUNK_BYTES) {
            seal();
        } else {
            ByteBuffer grown = buffer(Math.min(CHUNK_BYTES, current.capacity() * 8));
            current = grown.put(current.flip());
        }
    }

    private void seal() {
        byte[] chunk = new byte[current.position()];
        System.arraycopy(current.array(), 0, chunk, 0, chunk.length);
        chunks.add(chunk);
        current.clear();
    }

    public void writeByte(int value) {
        room(1);
        current.put((byte) value);
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public void writeInt(int value) {
        room(4);
        current.putInt(value);
    }

    public void writeLong(long value) {
        room(8);
        current.putLong(value);
    }

    public void writeDouble(double value) {
        room(8);
        current.putDouble(value);
    }

    public void writeString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        writeInt(utf8.length);
        writeBytes(utf8, 0, utf8.length);
    }

    /** Writes elements without their number. */
    public void writeBytes(byte[] values, int from, int count) {
        for (int done = 0; done < count;) {
            room(1);
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
            room(4);
            int part = Math.min(count - done, current.remaining() / 4);
            current.asIntBuffer().put(values, from + done, part);
            current.position(current.position() + part * 4);
            done += part;
        }
    }

    /** Writes elements without their number. */
    public void writeLongs(long[] values, int from, int count) {
        for (int done = 0; done < count;) {
            room(8);
            int part = Math.min(count - done, current.remaining() / 8);
            current.asLongBuffer().put(values, from + done, part);
            current.position(current.position() + part * 8);
            done += part;
        }
    }

    /** Writes elements without their number. */
    public void writeDoubles(double[] values, int from, int count) {
        for (int done = 0; done < count;) {
            room(8);
            int part = Math.min(count - done, current.remaining() / 8);
            current.asDoubleBuffer().put(values, from + done, part);
            current.position(current.position() + part * 8);
            done += part;
        }
    }

    /** Ends writing. The writer must not be used any more. */
    public List<byte[]> finish() {
        seal();
        return List.copyOf(chunks);
    }

    /** All that was written as one array, for small states. */
    public byte[] toByteArray() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        finish().forEach(out::writeBytes);
        return out.toByteArray();
    }
}
