// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * {@link EpochCommitted} and {@link ImageComplete} as raw bytes; the arrays of an epoch are written from where they lie.
 *
 * <pre>
 * epoch   magic 4 | version 4 | epoch 8 | incarnation 8 | flags 4 | state parts 4 | outbox parts 4 | crc 4
 *         then its parts: the header, those of the state, those of the outbox
 * part    compression 1 | length 4 | stored length 4 | crc 4 | bytes | crc 4
 * flags   1 begins an image, 2 completes one
 * image   magic 4 | version 4 | first epoch 8 | last epoch 8 | incarnation 8 | crc 4          numbers little-endian
 * </pre>
 *
 * <p>A crc is the CRC32C of the crc before it and of the bytes between the two. So parts can't change places, and a
 * length is verified before anything is allocated by it. A change of a layout takes a new manifest; the code that reads
 * an older one stays as long as it may be stored somewhere.
 */
public final class EpochSerializer extends SerializerWithStringManifest implements StreamSerializer {
    /** Stored with each event; never changed. */
    public static final int IDENTIFIER = 4102;
    private static final String EPOCH_MANIFEST = "e1";
    private static final String IMAGE_MANIFEST = "c1";
    private static final int EPOCH_MAGIC = 0x4345524d;
    private static final int IMAGE_MAGIC = 0x4349524d;
    private static final int VERSION = 1;
    private static final int EPOCH_HEAD_BYTES = 40;
    private static final int IMAGE_BYTES = 36;
    private static final int PART_HEAD_BYTES = 13;
    private static final int CRC_BYTES = 4;
    private static final int BEGINS = 1;
    private static final int COMPLETES = 2;
    private static final int PARTS_MAX = 1 << 20;
    private static final int SKIPPED_BYTES = 64 << 10;
    /**
     * What goes into one array, for stores that want one. PostgreSQL refuses values of 1 GiB, with a message that tells
     * neither whose they are nor what to do.
     */
    private static final int ARRAY_BYTES_MAX = 1_000_000_000;

    private final Compression compression;

    /** @param system whose setting {@code millrace.checkpointing.compression} says how parts are written */
    public EpochSerializer(ExtendedActorSystem system) {
        this(Compression.named(system.settings().config().getString("millrace.checkpointing.compression")));
    }

    /** @param compression how parts are written; read they are however they were written */
    public EpochSerializer(Compression compression) {
        this.compression = compression;
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object object) {
        return switch (object) {
            case EpochCommitted _ -> EPOCH_MANIFEST;
            case ImageComplete _ -> IMAGE_MANIFEST;
            default -> throw new IllegalArgumentException("not for " + object.getClass());
        };
    }

    @Override
    public byte[] toBinary(Object object) {
        long bytesMax = switch (object) {
            case EpochCommitted epoch -> EPOCH_HEAD_BYTES + epoch.bytes()
                    + (PART_HEAD_BYTES + CRC_BYTES) * (1L + epoch.state().length + epoch.outbox().length);
            default -> IMAGE_BYTES;
        };
        if (bytesMax > ARRAY_BYTES_MAX) {
            throw new MillraceException(ErrorCode.STATE_LIMIT,
                    "an epoch of " + bytesMax + " bytes is too large for this store, which takes " + ARRAY_BYTES_MAX,
                    "use more partitions, or keep the state in a directory");
        }
        ByteBuffer array = ByteBuffer.allocate((int) bytesMax);
        try {
            toStream(object, new ArrayOutput(array));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = array.array();
        return array.hasRemaining() ? Arrays.copyOf(bytes, array.position()) : bytes;
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
        switch (object) {
            case EpochCommitted epoch -> writeEpoch(epoch, out);
            case ImageComplete image -> {
                ByteBuffer bytes = buffer(IMAGE_BYTES);
                bytes.putInt(IMAGE_MAGIC).putInt(VERSION).putLong(image.firstEpoch()).putLong(image.lastEpoch())
                        .putLong(image.incarnation());
                new Crc().putAfter(bytes);
                out.write(bytes.array());
            }
            default -> throw new IllegalArgumentException("not for " + object.getClass());
        }
    }

    @Override
    public Object fromStream(InputStream in, String manifest) throws IOException {
        try {
            Object object = switch (manifest) {
                case EPOCH_MANIFEST -> readEpoch(in);
                case IMAGE_MANIFEST -> readImage(in);
                default ->
                        throw new NotSerializableException("the layout '" + manifest + "' is not known; this release "
                                + "reads '" + EPOCH_MANIFEST + "' and '" + IMAGE_MANIFEST
                                + "'. Run the release that wrote it, or a newer one");
            };
            if (in.read() != -1) {
                throw damaged("there are bytes after its end");
            }
            return object;
        } catch (EOFException e) {
            throw damaged("it is cut short");
        }
    }

    /**
     * Reads an epoch to the end of the stream, verifies it, and keeps nothing of it but its numbers and its header.
     *
     * @throws MillraceException if it is damaged
     */
    public static EpochSummary summarize(InputStream in) throws IOException {
        try {
            Crc crc = new Crc();
            Head head = readHead(in, crc);
            byte[] header = readPart(in, crc);
            long[] state = skipParts(in, crc, head.stateParts());
            long[] outbox = skipParts(in, crc, head.outboxParts());
            if (in.read() != -1) {
                throw damaged("there are bytes after its end");
            }
            return new EpochSummary(head.epoch(), head.incarnation(), head.begins(), head.completes(), header,
                    state[0], state[1], outbox[0], outbox[1]);
        } catch (EOFException e) {
            throw damaged("it is cut short");
        }
    }

    private void writeEpoch(EpochCommitted epoch, OutputStream out) throws IOException {
        checkParts(epoch.state().length);
        checkParts(epoch.outbox().length);
        Crc crc = new Crc();
        ByteBuffer head = buffer(EPOCH_HEAD_BYTES);
        head.putInt(EPOCH_MAGIC).putInt(VERSION).putLong(epoch.epoch()).putLong(epoch.incarnation());
        head.putInt((epoch.begins() ? BEGINS : 0) | (epoch.completes() ? COMPLETES : 0));
        head.putInt(epoch.state().length).putInt(epoch.outbox().length);
        crc.putAfter(head);
        out.write(head.array());
        PartWriter parts = new PartWriter(out, crc);
        parts.write(epoch.header(), Compression.NONE);
        for (byte[] part : epoch.state()) {
            parts.write(part, compression);
        }
        for (byte[] part : epoch.outbox()) {
            parts.write(part, compression);
        }
    }

    private record Head(
            long epoch, long incarnation, boolean begins, boolean completes, int stateParts, int outboxParts) {}

    private static Head readHead(InputStream in, Crc crc) throws IOException {
        ByteBuffer head = crc.readVerified(in, EPOCH_HEAD_BYTES, "its head");
        if (head.getInt() != EPOCH_MAGIC || head.getInt() != VERSION) {
            throw damaged("it does not begin as an epoch does");
        }
        long epoch = head.getLong();
        long incarnation = head.getLong();
        int flags = head.getInt();
        return new Head(epoch, incarnation, (flags & BEGINS) != 0, (flags & COMPLETES) != 0, readCount(head),
                readCount(head));
    }

    private static EpochCommitted readEpoch(InputStream in) throws IOException {
        Crc crc = new Crc();
        Head head = readHead(in, crc);
        byte[][] state = new byte[head.stateParts()][];
        byte[][] outbox = new byte[head.outboxParts()][];
        byte[] header = readPart(in, crc);
        for (int i = 0; i < state.length; i++) {
            state[i] = readPart(in, crc);
        }
        for (int i = 0; i < outbox.length; i++) {
            outbox[i] = readPart(in, crc);
        }
        return new EpochCommitted(head.epoch(), head.incarnation(), head.begins(), head.completes(), header, state,
                outbox);
    }

    private static ImageComplete readImage(InputStream in) throws IOException {
        ByteBuffer bytes = new Crc().readVerified(in, IMAGE_BYTES, "it");
        if (bytes.getInt() != IMAGE_MAGIC || bytes.getInt() != VERSION) {
            throw damaged("it does not begin as a complete image does");
        }
        return new ImageComplete(bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    private static byte[] readPart(InputStream in, Crc crc) throws IOException {
        ByteBuffer head = crc.readVerified(in, PART_HEAD_BYTES, "the head of a part");
        byte code = head.get();
        int length = head.getInt();
        byte[] stored = new byte[head.getInt()];
        crc.begin();
        readFully(in, stored, stored.length);
        crc.add(stored, stored.length);
        verifyPart(in, crc, stored.length);
        byte[] part = Compression.decompress(code, stored, length);
        if (part == null) {
            throw damaged("a part of " + stored.length + " bytes can't be decompressed");
        }
        return part;
    }

    /** @return the bytes of the parts, and the bytes that they take in the store */
    private static long[] skipParts(InputStream in, Crc crc, int parts) throws IOException {
        byte[] buffer = new byte[parts == 0 ? 0 : SKIPPED_BYTES];
        long[] bytes = new long[2];
        for (int i = 0; i < parts; i++) {
            ByteBuffer head = crc.readVerified(in, PART_HEAD_BYTES, "the head of a part");
            head.get();
            bytes[0] += head.getInt();
            int stored = head.getInt();
            bytes[1] += stored;
            crc.begin();
            for (int left = stored; left > 0;) {
                int piece = Math.min(left, buffer.length);
                readFully(in, buffer, piece);
                crc.add(buffer, piece);
                left -= piece;
            }
            verifyPart(in, crc, stored);
        }
        return bytes;
    }

    private static void verifyPart(InputStream in, Crc crc, int bytes) throws IOException {
        ByteBuffer stands = buffer(CRC_BYTES);
        readFully(in, stands.array(), CRC_BYTES);
        if (crc.end() != stands.getInt()) {
            throw damaged("a part of " + bytes + " bytes fails its checksum");
        }
    }

    private static void checkParts(int parts) {
        if (parts > PARTS_MAX) {
            throw new IllegalArgumentException("an epoch has at most " + PARTS_MAX + " parts of a kind, not " + parts);
        }
    }

    private static int readCount(ByteBuffer head) {
        int parts = head.getInt();
        if (parts < 0 || parts > PARTS_MAX) {
            throw damaged("it has the impossible number of " + parts + " parts");
        }
        return parts;
    }

    private static void readFully(InputStream in, byte[] target, int length) throws IOException {
        if (in.readNBytes(target, 0, length) != length) {
            throw new EOFException();
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static MillraceException damaged(String why) {
        return new MillraceException(ErrorCode.STATE_DAMAGED, "a stored epoch can't be used: " + why,
                "restore the store from a copy; nothing older is used instead");
    }

    /** The chain of checksums, from the beginning of an object. */
    private static final class Crc {
        private final CRC32C crc = new CRC32C();
        private final ByteBuffer before = buffer(CRC_BYTES);

        int of(byte[] bytes, int length) {
            begin();
            add(bytes, length);
            return end();
        }

        void begin() {
            crc.reset();
            crc.update(before.array());
        }

        void add(byte[] bytes, int length) {
            crc.update(bytes, 0, length);
        }

        int end() {
            int value = (int) crc.getValue();
            before.putInt(0, value);
            return value;
        }

        void putAfter(ByteBuffer bytes) {
            bytes.putInt(of(bytes.array(), bytes.position()));
        }

        /** Reads bytes that end with their checksum. */
        ByteBuffer readVerified(InputStream in, int length, String what) throws IOException {
            ByteBuffer bytes = buffer(length);
            readFully(in, bytes.array(), length);
            if (of(bytes.array(), length - CRC_BYTES) != bytes.getInt(length - CRC_BYTES)) {
                throw damaged(what + " fails its checksum");
            }
            return bytes;
        }
    }

    /** Writes the parts of one epoch, through one array where they are compressed. */
    private static final class PartWriter {
        private final OutputStream out;
        private final Crc crc;
        private final ByteBuffer head = buffer(PART_HEAD_BYTES);
        private final ByteBuffer end = buffer(CRC_BYTES);
        private byte[] compressed = new byte[0];

        PartWriter(OutputStream out, Crc crc) {
            this.out = out;
            this.crc = crc;
        }

        void write(byte[] part, Compression compression) throws IOException {
            int bound = compression.boundBytes(part.length);
            if (compressed.length < bound) {
                compressed = new byte[bound];
            }
            int bytes = compression.compress(part, compressed);
            if (bytes < 0) {
                write(part, part.length, part.length, Compression.NONE);
            } else {
                write(compressed, bytes, part.length, compression);
            }
        }

        private void write(byte[] stored, int storedLength, int length, Compression compression) throws IOException {
            head.clear().put(compression.code()).putInt(length).putInt(storedLength);
            crc.putAfter(head);
            out.write(head.array());
            out.write(stored, 0, storedLength);
            end.clear().putInt(crc.of(stored, storedLength));
            out.write(end.array());
        }
    }

    /** Fills an array whose size is known to fit. */
    private static final class ArrayOutput extends OutputStream {
        private final ByteBuffer target;

        ArrayOutput(ByteBuffer target) {
            this.target = target;
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
