// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.codec.EpochSerializer;
import dev.millrace.checkpointing.codec.StreamSerializer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.OutputStream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Writes epochs and snapshots as the engine does, which may die when half of one is written. */
public final class DyingSerializer extends SerializerWithStringManifest implements StreamSerializer {
    private static final int IMAGE_BYTES_HALF = 16;

    private final EpochSerializer serializer;

    public DyingSerializer(ExtendedActorSystem system) {
        serializer = new EpochSerializer(system);
    }

    @Override
    public int identifier() {
        return serializer.identifier();
    }

    @Override
    public String manifest(Object object) {
        return serializer.manifest(object);
    }

    @Override
    public byte[] toBinary(Object object) {
        return serializer.toBinary(object);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return serializer.fromBinary(bytes, manifest);
    }

    @Override
    public Object fromStream(InputStream in, String manifest) throws IOException {
        return serializer.fromStream(in, manifest);
    }

    @Override
    public void toStream(Object object, OutputStream out) throws IOException {
        boolean isEpoch = object instanceof EpochCommitted;
        long half = object instanceof EpochCommitted epoch ? epoch.bytes() / 2 : IMAGE_BYTES_HALF;
        serializer.toStream(object, new Half(out, half, isEpoch ? Point.IN_WRITE : Point.IN_SNAPSHOT));
    }

    /** Passes on what it gets, and comes to its point before the byte that is the first of the second half. */
    private static final class Half extends FilterOutputStream {
        private final Point point;
        private long left;

        Half(OutputStream out, long half, Point point) {
            super(out);
            this.left = half;
            this.point = point;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int before = (int) Math.min(length, Math.max(left, 0));
            out.write(bytes, offset, before);
            if (left >= 0 && left < length) {
                out.flush();
                Death.at(point);
            }
            left -= length;
            out.write(bytes, offset + before, length - before);
        }
    }
}
