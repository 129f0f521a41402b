// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import dev.millrace.checkpointing.codec.Compression;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;

/**
 * Makes deliveries of the parts that come from other nodes. Of a delivery whose parts did not all come, in order, nothing
 * is kept once the next one begins: the partition finds it missing by its position.
 */
public final class DeliveryReceiver {
    private static final byte LZ4 = Compression.LZ4.code();
    private static final byte NONE = Compression.NONE.code();

    /** Readers that send parts at a time; of one more the longest known is forgotten, which sends again. */
    private static final int ARRIVING_MAX = 1024;

    private final Logger log;

    /** By reader the delivery that is coming in parts. */
    private final Map<ActorRef<ReaderCommand>, Arriving> arriving = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ActorRef<ReaderCommand>, Arriving> eldest) {
            return size() > ARRIVING_MAX;
        }
    };

    private record Arriving(long sequence, int had, byte[] bytes) {}

    /** @param log told of what is damaged */
    public DeliveryReceiver(Logger log) {
        this.log = log;
    }

    /**
     * Takes a part.
     *
     * @return the delivery, if this was its last part and all is there; else null
     * @throws IllegalArgumentException if it was written by a version that is not known here
     */
    public PartitionCommand.FromReader add(PartitionCommand.DeliveryPart part) {
        byte[] bytes = part.length() == part.total() ? part.bytes() : join(part);
        if (bytes == null) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        if ((int) crc.getValue() != part.crc()) {
            log.warn("a delivery of {} bytes from {} fails its checksum and is left out; it comes again",
                    bytes.length, part.reader());
            return null;
        }
        boolean compressed = part.plainBytes() > 0;
        byte[] plain = Compression.decompress(
                compressed ? LZ4 : NONE, bytes, compressed ? part.plainBytes() : bytes.length);
        if (plain == null) {
            throw new IllegalArgumentException("a delivery of " + bytes.length + " bytes can't be decompressed");
        }
        Delivery<Rows> delivery = DeliveryCodec.decode(ByteBuffer.wrap(plain));
        return new PartitionCommand.FromReader(delivery, part.reader());
    }

    /** The bytes of all parts, or null if some are not there. */
    private byte[] join(PartitionCommand.DeliveryPart part) {
        Arriving before = arriving.remove(part.reader());
        boolean begins = part.place() == 0;
        if (!begins && (before == null || before.sequence != part.sequence() || before.had != part.place())) {
            return null;
        }
        byte[] bytes = begins ? new byte[part.total()] : before.bytes;
        System.arraycopy(part.bytes(), part.start(), bytes, part.place(), part.length());
        int had = part.place() + part.length();
        if (had == part.total()) {
            return bytes;
        }
        arriving.put(part.reader(), new Arriving(part.sequence(), had, bytes));
        return null;
    }
}
