// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Writes the sections of one stored file as checksummed frames. A section is any number of bytes, ended by
 * {@link #endSection()}; the file is ended by {@link #finish()}. Closing is the business of the stream below.
 *
 * <pre>
 * prelude  magic 8 | format version 4 | release that wrote it 32 | crc 4       frozen for all versions
 * frame    kind 1 | length 4 | crc 4 | bytes                                   numbers little-endian
 * kinds    1 more of the section follows, 2 the section ends, 3 the file ends (length 0)
 * </pre>
 *
 * <p>A crc is the CRC32C of the crc before it, the frame's kind and length, and its bytes. So no byte is without a
 * checksum, and frames can't be left out, swapped or taken over from another file unseen.
 */
final class CheckpointOutput extends OutputStream {
    /** The largest frame; it bounds what a reader allocates before it has verified anything. */
    static final int FRAME_BYTES_MAX = 1 << 20;
    static final int PRELUDE_BYTES = FileKind.MAGIC_BYTES + 4 + WriterRelease.BYTES + 4;
    static final int FRAME_HEADER_BYTES = 9;
    static final byte KIND_MORE = 1;
    static final byte KIND_SECTION_END = 2;
    static final byte KIND_FILE_END = 3;

    private static final int BUFFER_BYTES = 16 << 10;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer header = ByteBuffer.allocate(FRAME_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int buffered;
    private int chainedCrc;
    private boolean finished;

    /** @param out takes the bytes; it should be buffered, as frame headers are small. */
    CheckpointOutput(OutputStream out, FileKind kind) throws IOException {
        this(out, kind, kind.version());
    }

    /** Writes the prelude of a given format version; for tests of what a reader does with versions it doesn't know. */
    CheckpointOutput(OutputStream out, FileKind kind, int version) throws IOException {
        this.out = out;
        ByteBuffer prelude = ByteBuffer.allocate(PRELUDE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        prelude.put(kind.magic()).putInt(version).put(WriterRelease.current());
        crc.update(prelude.array(), 0, prelude.position());
        chainedCrc = (int) crc.getValue();
        prelude.putInt(chainedCrc);
        out.write(prelude.array());
    }

    @Override
    public void write(int value) throws IOException {
        if (buffered == buffer.length) {
            flushBuffer();
        }
        buffer[buffered++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length <= buffer.length - buffered) {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
            return;
        }
        flushBuffer();
        // Large arrays are framed where they lie: copying them through the buffer would double the memory traffic.
        int at = offset;
        int left = length;
        while (left > buffer.length) {
            int part = Math.min(left, FRAME_BYTES_MAX);
            writeFrame(KIND_MORE, bytes, at, part);
            at += part;
            left -= part;
        }
        System.arraycopy(bytes, at, buffer, 0, left);
        buffered = left;
    }

    /** Ends the section; an empty one is stored too. */
    void endSection() throws IOException {
        writeFrame(KIND_SECTION_END, buffer, 0, buffered);
        buffered = 0;
    }

    /** Ends the file. Bytes after the last section are a mistake of the caller. */
    void finish() throws IOException {
        if (buffered > 0) {
            throw new IllegalStateException("the last section is not ended");
        }
        writeFrame(KIND_FILE_END, buffer, 0, 0);
        finished = true;
        out.flush();
    }

    private void flushBuffer() throws IOException {
        if (buffered > 0) {
            writeFrame(KIND_MORE, buffer, 0, buffered);
            buffered = 0;
        }
    }

    private void writeFrame(byte kind, byte[] bytes, int offset, int length) throws IOException {
        if (finished) {
            throw new IllegalStateException("the file is finished");
        }
        chainedCrc = frameCrc(crc, chainedCrc, kind, bytes, offset, length);
        header.clear().put(kind).putInt(length).putInt(chainedCrc);
        out.write(header.array());
        out.write(bytes, offset, length);
    }

    /** The checksum of a frame; written and verified by the same lines. */
    static int frameCrc(CRC32C crc, int chainedCrc, byte kind, byte[] bytes, int offset, int length) {
        crc.reset();
        updateInt(crc, chainedCrc);
        crc.update(kind);
        updateInt(crc, length);
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static void updateInt(CRC32C crc, int value) {
        crc.update(value);
        crc.update(value >>> 8);
        crc.update(value >>> 16);
        crc.update(value >>> 24);
    }
}
