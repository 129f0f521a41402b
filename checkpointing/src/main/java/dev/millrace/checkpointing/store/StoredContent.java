// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import dev.millrace.checkpointing.codec.Compression;
import dev.millrace.checkpointing.codec.EpochSerializer;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.codec.KryoCodec;
import dev.millrace.checkpointing.codec.KryoSerializer;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.DataInputStream;
import java.io.IOException;

/** Reads what {@link ObjectCodec} wrote without an actor system, and without keeping what is large. */
final class StoredContent {
    private static final String EPOCH_MANIFEST = "e1";

    /** Made when it is needed: it looks at the classes of all modules. */
    private KryoCodec kryo;
    private final EpochSerializer epochs = new EpochSerializer(Compression.NONE);

    /**
     * An object as far as it is known here.
     *
     * @param content a summary of an epoch, the object itself, or a text for one that only its serializer knows
     * @param bytes   the bytes that it takes in its file
     */
    record Known(Object content, long bytes) {}

    /** Reads the rest of a section. */
    Known read(CheckpointInput in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int serializer = data.readInt();
        String manifest = data.readUTF();
        long length = data.readLong();
        if (serializer == EpochSerializer.IDENTIFIER && manifest.equals(EPOCH_MANIFEST)) {
            EpochSummary epoch = EpochSerializer.summarize(in);
            return new Known(epoch, epoch.header().length + epoch.stateStored() + epoch.rowsStored());
        }
        if (serializer == EpochSerializer.IDENTIFIER) {
            return new Known(epochs.fromStream(in, manifest), 0);
        }
        if (serializer == KryoSerializer.IDENTIFIER) {
            byte[] bytes = new byte[Math.toIntExact(length)];
            data.readFully(bytes);
            return new Known(decode(bytes), length);
        }
        long read = 0;
        for (long skipped = in.skip(Long.MAX_VALUE); skipped > 0; skipped = in.skip(Long.MAX_VALUE)) {
            read += skipped;
        }
        return new Known("serializer " + serializer + " " + manifest, read);
    }

    private Object decode(byte[] bytes) {
        if (kryo == null) {
            kryo = KryoCodec.ofModules(StoredContent.class.getClassLoader(), null);
        }
        try {
            return kryo.decode(bytes);
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.STATE_DAMAGED) {
                throw e;
            }
            // Sound, but of classes that are not on this class path.
            return "an object of another release";
        }
    }
}
