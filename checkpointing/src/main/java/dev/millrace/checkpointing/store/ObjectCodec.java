// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import dev.millrace.checkpointing.codec.StreamSerializer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serialization$;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/**
 * Objects in the rest of a section, by Pekko's serializers: {@code serializer id, manifest, length or -1, bytes}. The
 * length is -1 where a {@link StreamSerializer} wrote up to the end of the section.
 */
final class ObjectCodec {
    private static final long STREAMED = -1;

    private final ExtendedActorSystem system;
    private final Serialization serialization;

    ObjectCodec(ExtendedActorSystem system) {
        this.system = system;
        this.serialization = SerializationExtension.get(system);
    }

    /** Writes an object to a section, which the caller ends. */
    void write(Object object, CheckpointOutput out) throws IOException {
        Serializer serializer = serialization.findSerializerFor(object);
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(serializer.identifier());
        data.writeUTF(Serializers.manifestFor(serializer, object));
        if (serializer instanceof StreamSerializer streaming) {
            data.writeLong(STREAMED);
            streaming.toStream(object, out);
        } else {
            // With transport information actor references are written with the address of this node.
            byte[] bytes = Serialization$.MODULE$.withTransportInformation(system, () -> serializer.toBinary(object));
            data.writeLong(bytes.length);
            data.write(bytes);
        }
    }

    /** Reads an object from the rest of a section. */
    Object read(CheckpointInput in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int identifier = data.readInt();
        String manifest = data.readUTF();
        long length = data.readLong();
        if (length != STREAMED) {
            byte[] bytes = new byte[Math.toIntExact(length)];
            data.readFully(bytes);
            return serialization.deserialize(bytes, identifier, manifest).get();
        }
        if (serialization.serializerByIdentity().apply(identifier) instanceof StreamSerializer streaming) {
            return streaming.fromStream(in, manifest);
        }
        throw new IOException("serializer " + identifier + " wrote a stream but can't read one");
    }
}
