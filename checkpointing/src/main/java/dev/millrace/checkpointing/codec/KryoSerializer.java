// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Pekko's serializer {@code millrace-kryo}. A module binds the common supertypes of its messages and events to it in
 * its {@code reference.conf} and registers their classes by {@link KryoRegistrations}.
 *
 * <p>Both ways, array and buffer, give the same bytes. That matters: Pekko hands a buffer in little-endian order to
 * objects that were written as arrays, so nothing here may depend on the order of a buffer.
 */
public final class KryoSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {
    /** Stored with each event; never changed. */
    public static final int IDENTIFIER = 4101;
    private static final String MANIFEST = "k1";

    private final KryoCodec codec;

    /** @param system gives the class loader in which registrations are looked up */
    public KryoSerializer(ExtendedActorSystem system) {
        codec = KryoCodec.ofModules(system.dynamicAccess().classLoader(), system);
    }

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
        return codec.encode(object);
    }

    @Override
    public void toBinary(Object object, ByteBuffer target) {
        codec.encode(object, target);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        checkManifest(manifest);
        return codec.decode(bytes);
    }

    @Override
    public Object fromBinary(ByteBuffer source, String manifest) throws NotSerializableException {
        checkManifest(manifest);
        return codec.decode(source);
    }

    private static void checkManifest(String manifest) throws NotSerializableException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("encoding '" + manifest + "' is not known; this release reads '"
                    + MANIFEST + "'. Run the release that wrote it, or a newer one");
        }
    }
}
