// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PartitionImageSerializerTest {
    private final PartitionImageSerializer serializer = new PartitionImageSerializer();
    private final PartitionImage image =
            new PartitionImage(17, 3, new byte[] {1, 2}, new byte[][] {{3, 4, 5}, {}, {6}});

    @Test
    void shouldGiveTheSameBytesAsArrayAndAsStream() throws IOException {
        byte[] bytes = serializer.toBinary(image);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        serializer.toStream(image, stream);
        assertArrayEquals(stream.toByteArray(), bytes);
        assertSame(image, (PartitionImage) serializer.fromBinary(bytes, "i1"));
        assertSame(image, (PartitionImage) serializer.fromStream(new ByteArrayInputStream(bytes), "i1"));
    }

    @Test
    void shouldCarryAnImageWithoutChunks() throws IOException {
        PartitionImage empty = new PartitionImage(0, -1, new byte[0], new byte[0][]);
        assertSame(empty, (PartitionImage) serializer.fromBinary(serializer.toBinary(empty), "i1"));
    }

    @Test
    void shouldDetectEveryFlippedBitAndEveryTruncation() {
        byte[] bytes = serializer.toBinary(image);
        for (int i = 0; i < bytes.length * 8; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            assertDamaged(flipped);
        }
        for (int length = 0; length < bytes.length; length++) {
            assertDamaged(Arrays.copyOf(bytes, length));
        }
        assertDamaged(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void shouldRefuseALayoutThatItDoesNotKnow() {
        byte[] bytes = serializer.toBinary(image);
        assertThrows(NotSerializableException.class, () -> serializer.fromBinary(bytes, "i2"));
    }

    private void assertDamaged(byte[] bytes) {
        MillraceException e = assertThrows(MillraceException.class, () -> serializer.fromBinary(bytes, "i1"));
        assertEquals(ErrorCode.STATE_DAMAGED, e.code());
    }

    private static void assertSame(PartitionImage expected, PartitionImage actual) {
        assertEquals(expected.epoch(), actual.epoch());
        assertEquals(expected.incarnation(), actual.incarnation());
        assertArrayEquals(expected.header(), actual.header());
        assertArrayEquals(expected.chunks(), actual.chunks());
    }
}
