// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeliveryReceiverTest {
    private static final int PART_BYTES = 1_000;

    private final DeliveryReceiver receiver = new DeliveryReceiver(LoggerFactory.getLogger(getClass()));

    @Test
    void shouldPutTheSelectedRowsOfADeliveryTogether() {
        byte[] bytes = DeliveryCodec.encode(Deliveries.ofRows(500, 20, new Random(1)));
        List<PartitionCommand.DeliveryPart> parts = parts(1, bytes);
        for (int i = 0; i < parts.size() - 1; i++) {
            assertNull(receiver.add(parts.get(i)));
        }
        PartitionCommand.FromReader whole = receiver.add(parts.getLast());
        Delivery<Rows> delivery = (Delivery<Rows>) whole.message();
        assertEquals(250, delivery.frames().getFirst().batch().size());
        assertNull(delivery.frames().getFirst().owner());
        assertArrayEquals(bytes, DeliveryCodec.encode(delivery));
    }

    @Test
    void shouldDropADeliveryOfWhichAPartWasLostAndTakeTheNext() {
        List<PartitionCommand.DeliveryPart> first =
                parts(1, DeliveryCodec.encode(Deliveries.ofRows(90, 20, new Random(1))));
        List<PartitionCommand.DeliveryPart> second =
                parts(2, DeliveryCodec.encode(Deliveries.ofRows(90, 20, new Random(2))));
        int count = first.size();
        assertEquals(count, second.size());
        for (int lost = 0; lost < count; lost++) {
            for (int i = 0; i < count; i++) {
                if (i != lost) {
                    assertNull(receiver.add(first.get(i)));
                }
            }
            // The last parts of one and the first ones of the other make no third.
            for (int i = lost; i < count; i++) {
                if (i > 0) {
                    assertNull(receiver.add(second.get(i)));
                }
            }
            for (int i = 0; i < count - 1; i++) {
                assertNull(receiver.add(second.get(i)));
            }
            assertNotNull(receiver.add(second.getLast()));
        }
    }

    @Test
    void shouldLeaveOutWhatFailsItsChecksum() {
        byte[] bytes = DeliveryCodec.encode(Deliveries.ofRows(10, 20, new Random(1)));
        PartitionCommand.DeliveryPart part =
                new PartitionCommand.DeliveryPart(1, 0, bytes.length, 0, crc(bytes), bytes, 0, bytes.length, null);
        bytes[bytes.length / 2] ^= 1;
        assertNull(receiver.add(part));
        bytes[bytes.length / 2] ^= 1;
        assertNotNull(receiver.add(part));
    }

    @Test
    void shouldRefuseAVersionThatItDoesNotKnow() {
        byte[] bytes = DeliveryCodec.encode(Deliveries.end());
        bytes[0] = 9;
        PartitionCommand.DeliveryPart part =
                new PartitionCommand.DeliveryPart(1, 0, bytes.length, 0, crc(bytes), bytes, 0, bytes.length, null);
        assertThrows(IllegalArgumentException.class, () -> receiver.add(part));
    }

    private static List<PartitionCommand.DeliveryPart> parts(long sequence, byte[] bytes) {
        List<PartitionCommand.DeliveryPart> parts = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += PART_BYTES) {
            int length = Math.min(PART_BYTES, bytes.length - start);
            parts.add(new PartitionCommand.DeliveryPart(
                    sequence, start, bytes.length, 0, crc(bytes), bytes, start, length, null));
        }
        return parts;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
