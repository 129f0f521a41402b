// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import dev.millrace.engine.error.MillraceException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Reads what {@link CheckpointOutput} wrote. No byte is handed out before the checksum of its frame is verified. As a
 * stream it ends with the current section; {@link #nextSection()} goes on to the next.
 */
final class CheckpointInput extends InputStream {
    private static final byte[] NOTHING = new byte[0];

    private final InputStream in;
    private final String name;
    private final CRC32C crc = new CRC32C();
    private final byte[] header = new byte[CheckpointOutput.FRAME_HEADER_BYTES];
    private byte[] buffer = NOTHING;
    private int position;
    private int limit;
    private int chainedCrc;
    private int frameLength;
    private int frameCrc;
    private byte frameKind = CheckpointOutput.KIND_MORE;

    /**
     * Verifies the prelude.
     *
     * @param in   the file's bytes from its start; it should be buffered
     * @param name how errors call the file
     */
    CheckpointInput(InputStream in, FileKind kind, String name) throws IOException {
        this.in = in;
        this.name = name;
        byte[] prelude = new byte[CheckpointOutput.PRELUDE_BYTES];
        readFully(prelude, 0, prelude.length);
        ByteBuffer fields = ByteBuffer.wrap(prelude).order(ByteOrder.LITTLE_ENDIAN);
        int checked = prelude.length - 4;
        crc.update(prelude, 0, checked);
        chainedCrc = fields.getInt(checked);
        // The checksum comes first, so that a flipped bit in the version isn't taken for a newer release.
        if ((int) crc.getValue() != chainedCrc) {
            throw damaged("its first " + prelude.length + " bytes fail their checksum");
        }
        if (!Arrays.equals(prelude, 0, FileKind.MAGIC_BYTES, kind.magic(), 0, FileKind.MAGIC_BYTES)) {
            throw damaged("it is not a " + kind.suffix().substring(1) + " file");
        }
        int version = fields.getInt(FileKind.MAGIC_BYTES);
        if (version != kind.version()) {
            String writer = WriterRelease.decode(prelude, FileKind.MAGIC_BYTES + 4);
            throw StoreErrors.newer(name, version, writer, kind.version());
        }
    }

    @Override
    public int read() throws IOException {
        if (position == limit && !nextFrame()) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == limit) {
            while (true) {
                if (frameKind != CheckpointOutput.KIND_MORE) {
                    return -1;
                }
                readFrameHeader();
                if (frameLength > 0) {
                    break;
                }
                verifyFrame(NOTHING, 0);
            }
            if (frameLength <= length) {
                // The caller's array is large enough for the frame: read it there, and verify it before returning.
                readFully(target, offset, frameLength);
                verifyFrame(target, offset);
                return frameLength;
            }
            fillBuffer();
        }
        int part = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, part);
        position += part;
        return part;
    }

    @Override
    public int available() {
        return limit - position;
    }

    /** Runs a reading; one that wants more than a section has is a damage too: the checksums fit, the content doesn't. */
    <T> T refusingShortSections(NumberedDirectory.Reading<T> reading) throws IOException {
        try {
            return reading.readFrom(this);
        } catch (EOFException | UTFDataFormatException e) {
            throw damaged("a section is shorter than its content");
        }
    }

    /** Goes on to the next section. The current one must be read to its end: what is left over is a mismatch. */
    void nextSection() throws IOException {
        endSection();
        frameKind = CheckpointOutput.KIND_MORE;
    }

    /** Verifies that the last section and the file end here. */
    void finish() throws IOException {
        endSection();
        readFrameHeader();
        if (frameKind != CheckpointOutput.KIND_FILE_END || frameLength != 0) {
            throw damaged("it goes on where it should end");
        }
        verifyFrame(NOTHING, 0);
        if (in.read() != -1) {
            throw damaged("there are bytes after its end");
        }
    }

    private void endSection() throws IOException {
        if (position != limit || nextFrame()) {
            throw damaged("a section is longer than its content");
        }
    }

    /** Loads the next frame that has bytes into the buffer; false at the end of the section. */
    private boolean nextFrame() throws IOException {
        while (frameKind == CheckpointOutput.KIND_MORE) {
            readFrameHeader();
            fillBuffer();
            if (limit > 0) {
                return true;
            }
        }
        return false;
    }

    private void fillBuffer() throws IOException {
        if (buffer.length < frameLength) {
            buffer = new byte[frameLength];
        }
        position = 0;
        limit = 0;
        readFully(buffer, 0, frameLength);
        verifyFrame(buffer, 0);
        limit = frameLength;
    }

    private void readFrameHeader() throws IOException {
        readFully(header, 0, header.length);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        frameKind = fields.get();
        frameLength = fields.getInt();
        frameCrc = fields.getInt();
        if (frameLength < 0 || frameLength > CheckpointOutput.FRAME_BYTES_MAX) {
            throw damaged("a frame has the impossible length " + frameLength);
        }
    }

    private void verifyFrame(byte[] bytes, int offset) {
        int actual = CheckpointOutput.frameCrc(crc, chainedCrc, frameKind, bytes, offset, frameLength);
        if (actual != frameCrc) {
            throw damaged("a frame of " + frameLength + " bytes fails its checksum");
        }
        chainedCrc = actual;
    }

    private void readFully(byte[] target, int offset, int length) throws IOException {
        if (in.readNBytes(target, offset, length) != length) {
            throw damaged("it is cut short");
        }
    }

    private MillraceException damaged(String why) {
        return StoreErrors.damaged(name, why);
    }
}
