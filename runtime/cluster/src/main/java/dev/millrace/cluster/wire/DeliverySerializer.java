// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.wire;

import dev.millrace.cluster.message.PartitionCommand.DeliveryPart;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Deliveries to other nodes: their bytes go as they are from the reader's array into the frame, and from the frame into
 * the partition's.
 *
 * <pre>
 *   sequence 8, place 4, total 4, plain bytes 4, crc 4, length of the reader's address 2, address, length 4, bytes
 * </pre>
 *
 * <p>Both ways, array and buffer, give the same bytes, in little-endian order: Pekko may hand to the one what the other
 * has written.
 */
public final class DeliverySerializer extends SerializerWithStringManifest implements ByteBufferSerializer {
    /** Never given to another. */
    public static final int IDENTIFIER = 4110;
    private static final String MANIFEST = "d1";
    private static final int FIXED_BYTES = 8 + 4 * 4 + 2 + 4;

    private final ExtendedActorSystem system;

    /** @param system whose actors are referred to */
    public DeliverySerializer(ExtendedActorSystem system) {
        this.system = system;
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
        DeliveryPart part = (DeliveryPart) object;
        byte[] address = address(part.reader());
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + address.length + part.length());
        write(part, address, out);
        return out.array();
    }

    @Override
    public void toBinary(Object object, ByteBuffer target) {
        DeliveryPart part = (DeliveryPart) object;
        write(part, address(part.reader()), target);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(bytes), manifest);
    }

    @Override
    public Object fromBinary(ByteBuffer source, String manifest) throws NotSerializableException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("delivery '" + manifest + "' is not known; this release reads '"
                    + MANIFEST + "'. Run the same release on all nodes");
        }
        ByteBuffer in = source.order(ByteOrder.LITTLE_ENDIAN);
        long sequence = in.getLong();
        int place = in.getInt();
        int total = in.getInt();
        int plainBytes = in.getInt();
        int crc = in.getInt();
        byte[] address = new byte[in.getShort() & 0xffff];
        in.get(address);
        int length = in.getInt();
        if (place < 0 || length < 0 || length != in.remaining() || total - length < place) {
            throw new NotSerializableException(length + " bytes from " + place + " on, of " + total
                    + ", in a message with " + in.remaining());
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new DeliveryPart(sequence, place, total, plainBytes, crc, bytes, 0, length,
                resolver().resolveActorRef(new String(address, StandardCharsets.UTF_8)));
    }

    private static void write(DeliveryPart part, byte[] address, ByteBuffer target) {
        ByteBuffer out = target.order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(part.sequence()).putInt(part.place()).putInt(part.total()).putInt(part.plainBytes());
        out.putInt(part.crc()).putShort((short) address.length).put(address);
        out.putInt(part.length()).put(part.bytes(), part.start(), part.length());
    }

    private byte[] address(ActorRef<?> reader) {
        return resolver().toSerializationFormat(reader).getBytes(StandardCharsets.UTF_8);
    }

    /** Looked up late, because serializers are made while the system is. */
    private ActorRefResolver resolver() {
        return ActorRefResolver.get(Adapter.toTyped(system));
    }
}
