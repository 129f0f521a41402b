// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import dev.millrace.checkpointing.codec.Compression;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.ToPartition;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * The way of one reader's deliveries to its partitions. On the same node they go by reference; to another one as bytes,
 * in parts where they are too large for one message.
 *
 * <p>The bytes are made here, on the reader's thread, and not where remoting takes messages from its queue. So readers
 * encode side by side, while all that goes to one node passes through one thread of remoting; and what waits in that
 * queue never looks at the memory of a frame, which may be another read's by then.
 */
public final class DeliverySender {
    /** What is smaller isn't compressed. */
    private static final int COMPRESSED_BYTES_MIN = 4 << 10;

    /** So many deliveries to a partition go as they are after one that did not become smaller. */
    private static final int TRIED_EVERY = 32;

    private final ActorRef<ReaderCommand> reader;
    private final LaneWireSettings settings;
    private final String host;
    private final Link[] links;
    private byte[] compressed = new byte[0];
    private long sequence;

    /**
     * @param reader who sends
     * @param lanes how many ways there are
     * @throws dev.millrace.engine.error.MillraceException if the node's settings of lanes are not valid
     */
    public DeliverySender(ActorSystem<?> system, ActorRef<ReaderCommand> reader, int lanes) {
        this.reader = reader;
        links = new Link[lanes];
        settings = LaneWireSettings.of(system.settings().config());
        Address own = Adapter.toClassic(system).provider().getDefaultAddress();
        host = own.host().isDefined() ? own.host().get() : "";
    }

    /** What is known of a partition's actor. */
    private static final class Link {
        private final ActorRef<PartitionCommand> partition;
        private final boolean isRemote;
        private final boolean compresses;
        private int skip;

        Link(ActorRef<PartitionCommand> partition, LaneCompression compression, String host) {
            Address address = partition.path().address();
            this.partition = partition;
            isRemote = address.hasGlobalScope();
            compresses = isRemote && compression.applies(host, address.host().get());
        }
    }

    /**
     * Sends straight to a partition's actor.
     *
     * @param lane number of the way
     */
    public void send(int lane, ActorRef<PartitionCommand> partition, ToPartition<Rows> message) {
        if (links[lane] == null || !links[lane].partition.equals(partition)) {
            links[lane] = new Link(partition, settings.compression(), host);
        }
        if (message instanceof Delivery<Rows> delivery && links[lane].isRemote) {
            sendBytes(links[lane], delivery);
        } else {
            partition.tell(new PartitionCommand.FromReader(message, reader));
        }
    }

    private void sendBytes(Link link, Delivery<Rows> delivery) {
        byte[] plain = DeliveryCodec.encode(delivery);
        byte[] packed = link.compresses ? compress(plain, link) : null;
        byte[] bytes = packed == null ? plain : packed;
        int plainBytes = packed == null ? 0 : plain.length;
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        sequence++;
        for (int start = 0; start < bytes.length; start += settings.batchBytes()) {
            int length = Math.min(settings.batchBytes(), bytes.length - start);
            link.partition.tell(new PartitionCommand.DeliveryPart(
                    sequence, start, bytes.length, plainBytes, (int) crc.getValue(), bytes, start, length, reader));
        }
    }

    /** The compressed bytes, or null if they aren't worth it. */
    private byte[] compress(byte[] plain, Link link) {
        if (plain.length < COMPRESSED_BYTES_MIN || link.skip > 0) {
            link.skip = Math.max(0, link.skip - 1);
            return null;
        }
        int bound = Compression.LZ4.boundBytes(plain.length);
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int bytes = Compression.LZ4.compress(plain, compressed);
        if (bytes < 0) {
            link.skip = TRIED_EVERY - 1;
            return null;
        }
        return Arrays.copyOf(compressed, bytes);
    }
}
