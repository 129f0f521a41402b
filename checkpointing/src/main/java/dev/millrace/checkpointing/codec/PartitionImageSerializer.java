// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * {@link PartitionImage} as raw bytes, each array written from where it lies.
 *
 * <pre>
 * magic 4 | version 4 | epoch 8 | incarnation 8 | parts 4 | length of each part 4 … | crc32c of all this 4
 * each part (the header, then the chunks): its bytes, their crc32c 4                          big-endian
 * </pre>
 *
 * <p>Lengths are verified before anything is allocated by them. A change of this layout takes a new manifest; the code
 * that reads an older one stays as long as images of it may exist.
 */
public final class PartitionImageSerializer extends SerializerWithStringManifest implements StreamSerializer {
    /** Stored with each image; never changed. */
    private static final int IDENTIFIER = 4103;
    private static final String MANIFEST = "i1";
    private static final int MAGIC = 0x4d52494d;
    private static final int VERSION = 1;
    private static final int FIXED_BYTES = 28;
    private static final int CRC_BYTES = 4;
    private static final int PARTS_MAX = 1 << 20;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object object) {
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object object) {
        PartitionImage image = (PartitionImage) object;
        int parts = image.chunks().length + 1;
        long bytes = FIXED_BYTES + (long) CRC_BYTES * parts + CRC_BYTES + image.bytes() + (long) CRC_BYTES * parts;
        if (bytes > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("an image of " + bytes + " bytes is too large for one array; "
                    + "use a store that streams");
        }
        byte[] array = new byte[(int) bytes];
        try {
            toStream(image, new ArrayOutput(array));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return array;
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            return fromStream(new ByteArrayInputStream(bytes), manifest);
        } catch (NotSerializableException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void toStream(Object object, OutputStream out) throws IOException {
        PartitionImage image = (PartitionImage) object;
        int parts = image.chunks().length + 1;
        if (parts > PARTS_MAX) {
            throw new IllegalArgumentException("an image has at most " + (PARTS_MAX - 1) + " chunks, not " + parts);
        }
        ByteBuffer head = ByteBuffer.allocate(FIXED_BYTES + CRC_BYTES * parts + CRC_BYTES);
        head.putInt(MAGIC).putInt(VERSION).putLong(image.epoch()).putLong(image.incarnation()).putInt(parts);
        head.putInt(image.header().length);
        for (byte[] chunk : image.chunks()) {
            head.putInt(chunk.length);
        }
        head.putInt(crc(head.array(), head.position()));
        out.write(head.array());
        writePart(image.header(), out);
        for (byte[] chunk : image.chunks()) {
            writePart(chunk, out);
        }
    }

    @Override
    public Object fromStream(InputStream in, String manifest) throws IOException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("the image has the layout '" + manifest
                    + "'; this release reads '" + MANIFEST + "'. Run the release that wrote it, or a newer one");
        }
        DataInputStream data = new DataInputStream(in);
        try {
            ByteBuffer fixed = ByteBuffer.wrap(read(data, FIXED_BYTES));
            if (fixed.getInt() != MAGIC || fixed.getInt() != VERSION) {
                throw damaged("it does not begin as an image does");
            }
            long epoch = fixed.getLong();
            long incarnation = fixed.getLong();
            int parts = fixed.getInt();
            if (parts < 1 || parts > PARTS_MAX) {
                throw damaged("it has the impossible number of " + parts + " parts");
            }
            byte[] lengths = read(data, CRC_BYTES * parts);
            CRC32C crc = new CRC32C();
            crc.update(fixed.array());
            crc.update(lengths);
            if ((int) crc.getValue() != data.readInt()) {
                throw damaged("its head fails its checksum");
            }
            ByteBuffer partLengths = ByteBuffer.wrap(lengths);
            byte[] header = readPart(data, partLengths.getInt());
            byte[][] chunks = new byte[parts - 1][];
            for (int i = 0; i < chunks.length; i++) {
                chunks[i] = readPart(data, partLengths.getInt());
            }
            if (data.read() != -1) {
                throw damaged("there are bytes after its end");
            }
            return new PartitionImage(epoch, incarnation, header, chunks);
        } catch (EOFException e) {
            throw damaged("it is cut short");
        }
    }

    private static void writePart(byte[] part, OutputStream out) throws IOException {
        out.write(part);
        out.write(ByteBuffer.allocate(CRC_BYTES).putInt(crc(part, part.length)).array());
    }

    private static byte[] readPart(DataInputStream data, int length) throws IOException {
        byte[] part = read(data, length);
        if (crc(part, length) != data.readInt()) {
            throw damaged("a part of " + length + " bytes fails its checksum");
        }
        return part;
    }

    private static byte[] read(DataInputStream data, int length) throws IOException {
        byte[] bytes = new byte[length];
        data.readFully(bytes);
        return bytes;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static MillraceException damaged(String why) {
        return new MillraceException(ErrorCode.STATE_DAMAGED, "the image of a partition can't be used: " + why,
                "restore the store from a copy; nothing older is used instead");
    }

    /** Fills an array whose size is known to fit. */
    private static final class ArrayOutput extends OutputStream {
        private final ByteBuffer target;

        ArrayOutput(byte[] target) {
            this.target = ByteBuffer.wrap(target);
        }

        @Override
        public void write(int value) {
            target.put((byte) value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            target.put(bytes, offset, length);
        }
    }
}
