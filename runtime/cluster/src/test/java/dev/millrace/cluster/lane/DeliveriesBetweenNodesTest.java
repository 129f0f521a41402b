// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.TestSystems;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Two systems with a node's settings, of which one sends to the other. */
@Tag("integration")
@Timeout(30)
class DeliveriesBetweenNodesTest {
    private final BlockingQueue<PartitionCommand> arrived = new LinkedBlockingQueue<>();
    private final DeliveryReceiver receiver = new DeliveryReceiver(LoggerFactory.getLogger(getClass()));
    private ActorSystem<Void> from;
    private ActorSystem<Void> to;

    @AfterEach
    void end() {
        from.terminate();
        to.terminate();
    }

    @Test
    void shouldArriveWholeWhateverTheirSize() throws Exception {
        start("none");
        DeliverySender sender = sender();
        ActorRef<PartitionCommand> partition = TestSystems.seenFrom(from, to, partition());
        Random random = new Random(5);
        List<Delivery<Rows>> deliveries = List.of(
                Deliveries.end(),
                Deliveries.ofRows(8192, 10, random),
                Deliveries.ofRows(2, 3 << 20, random),
                Deliveries.ofRows(1_000, 10_000, random),
                Deliveries.ofBadRecords(3, 5 << 20, random),
                Deliveries.end());
        deliveries.forEach(delivery -> sender.send(0, partition, delivery));
        for (Delivery<Rows> delivery : deliveries) {
            assertArrayEquals(DeliveryCodec.encode(delivery), DeliveryCodec.encode(next()));
        }
    }

    @Test
    void shouldCompressWhatBecomesSmaller() throws Exception {
        start("lz4");
        DeliverySender sender = sender();
        ActorRef<PartitionCommand> partition = TestSystems.seenFrom(from, to, partition());
        Delivery<Rows> letters = Deliveries.ofRows(2048, 100, new Random(1));
        Delivery<Rows> noise = Deliveries.ofBadRecords(1, 100_000, new Random(1));
        sender.send(0, partition, letters);
        PartitionCommand.DeliveryPart part = (PartitionCommand.DeliveryPart) take();
        byte[] plain = DeliveryCodec.encode(letters);
        assertEquals(plain.length, part.plainBytes());
        assertTrue(part.total() < plain.length * 7 / 8, part.total() + " of " + plain.length + " bytes");
        assertArrayEquals(plain, DeliveryCodec.encode(delivery(receiver.add(part))));
        sender.send(0, partition, noise);
        part = (PartitionCommand.DeliveryPart) take();
        assertEquals(0, part.plainBytes());
        assertArrayEquals(DeliveryCodec.encode(noise), DeliveryCodec.encode(delivery(receiver.add(part))));
    }

    @Test
    void shouldHandRowsOverByReferenceWithinANode() throws Exception {
        start("lz4");
        Delivery<Rows> delivery = Deliveries.ofRows(8192, 100, new Random(1));
        ActorRef<PartitionCommand> neighbour = partition();
        new DeliverySender(to, to.systemActorOf(Behaviors.empty(), "reader", Props.empty()), 1)
                .send(0, neighbour, delivery);
        PartitionCommand.FromReader message = assertInstanceOf(PartitionCommand.FromReader.class, take());
        assertSame(delivery, message.message());
    }

    private void start(String compression) {
        from = TestSystems.start(Map.of("millrace.lanes.compression", compression));
        to = TestSystems.start(Map.of("millrace.lanes.compression", compression));
    }

    /** Stands where the settings expect large messages. */
    private ActorRef<PartitionCommand> partition() {
        return to.systemActorOf(
                Behaviors.<PartitionCommand>receiveMessage(message -> {
                    arrived.add(message);
                    return Behaviors.same();
                }), "client-of-test", Props.empty());
    }

    private DeliverySender sender() {
        ActorRef<ReaderCommand> reader = from.systemActorOf(Behaviors.empty(), "reader", Props.empty());
        return new DeliverySender(from, reader, 1);
    }

    private PartitionCommand take() throws InterruptedException {
        PartitionCommand message = arrived.poll(20, TimeUnit.SECONDS);
        assertNotNull(message, "nothing came");
        return message;
    }

    private Delivery<Rows> next() throws InterruptedException {
        PartitionCommand.FromReader whole = null;
        while (whole == null) {
            whole = receiver.add((PartitionCommand.DeliveryPart) take());
        }
        return delivery(whole);
    }

    private static Delivery<Rows> delivery(PartitionCommand.FromReader message) {
        return (Delivery<Rows>) message.message();
    }
}
