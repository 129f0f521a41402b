// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EpochSerializerTest {
    private static final byte[] ZEROS = new byte[200];

    private final EpochCommitted epoch = new EpochCommitted(17, 3, true, false, new byte[] {1, 2},
            new byte[][] {{3, 4, 5}, {}, ZEROS}, new byte[][] {{6}, ZEROS});

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheSameBytesAsArrayAndAsStream(Compression compression) throws IOException {
        EpochSerializer serializer = new EpochSerializer(compression);
        byte[] bytes = serializer.toBinary(epoch);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        serializer.toStream(epoch, stream);
        assertArrayEquals(stream.toByteArray(), bytes);
        assertSame(epoch, (EpochCommitted) serializer.fromBinary(bytes, "e1"));
        assertSame(epoch, (EpochCommitted) serializer.fromStream(new ByteArrayInputStream(bytes), "e1"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatWasWrittenWithAnotherCompression(Compression compression) throws IOException {
        byte[] bytes = new EpochSerializer(compression).toBinary(epoch);
        for (Compression reader : Compression.values()) {
            assertSame(epoch, (EpochCommitted) new EpochSerializer(reader).fromBinary(bytes, "e1"));
        }
    }

    @Test
    void shouldStoreCompressedOnlyWhatBecomesSmaller() throws IOException {
        byte[] noise = new byte[10_000];
        new Random(5).nextBytes(noise);
        EpochCommitted mixed = new EpochCommitted(1, 1, true, true, new byte[0], new byte[][] {noise, new byte[10_000]},
                new byte[0][]);
        byte[] bytes = new EpochSerializer(Compression.LZ4).toBinary(mixed);
        assertTrue(bytes.length > 10_000 && bytes.length < 10_200, () -> "bytes: " + bytes.length);
        assertSame(mixed, (EpochCommitted) new EpochSerializer(Compression.LZ4).fromBinary(bytes, "e1"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryEveryFlagAndAnEpochWithoutParts(Compression compression) throws IOException {
        EpochSerializer serializer = new EpochSerializer(compression);
        for (int flags = 0; flags < 4; flags++) {
            EpochCommitted empty = new EpochCommitted(0, -1, (flags & 1) != 0, (flags & 2) != 0, new byte[0],
                    new byte[0][], new byte[0][]);
            assertSame(empty, (EpochCommitted) serializer.fromBinary(serializer.toBinary(empty), "e1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDetectEveryFlippedBitAndEveryTruncation(Compression compression) {
        EpochSerializer serializer = new EpochSerializer(compression);
        assertDetected(serializer, serializer.toBinary(epoch), "e1");
        assertDetected(serializer, serializer.toBinary(new ImageComplete(4, 9, 2)), "c1");
    }

    @Test
    void shouldDetectPartsThatHaveChangedPlaces() {
        EpochSerializer serializer = new EpochSerializer(Compression.NONE);
        byte[] bytes = serializer.toBinary(new EpochCommitted(1, 1, true, true, new byte[0],
                new byte[][] {{1, 2, 3}}, new byte[][] {{4, 5, 6}}));
        int partBytes = 20;
        byte[] swapped = bytes.clone();
        System.arraycopy(bytes, bytes.length - partBytes, swapped, bytes.length - 2 * partBytes, partBytes);
        System.arraycopy(bytes, bytes.length - 2 * partBytes, swapped, bytes.length - partBytes, partBytes);
        assertDamaged(serializer, swapped, "e1");
    }

    @Test
    void shouldCarryACompleteImage() throws IOException {
        EpochSerializer serializer = new EpochSerializer(Compression.NONE);
        ImageComplete image = new ImageComplete(4, 9, 2);
        assertEquals("c1", serializer.manifest(image));
        assertEquals(image, serializer.fromBinary(serializer.toBinary(image), "c1"));
    }

    @Test
    void shouldSayThatAnEpochIsTooLargeForOneArray() {
        byte[][] state = new byte[1001][];
        Arrays.fill(state, new byte[1_000_000]);
        EpochCommitted large = new EpochCommitted(1, 1, true, true, new byte[0], state, new byte[0][]);
        MillraceException e = assertThrows(MillraceException.class,
                () -> new EpochSerializer(Compression.NONE).toBinary(large));
        assertEquals(ErrorCode.STATE_LIMIT, e.code());
    }

    @Test
    void shouldRefuseALayoutThatItDoesNotKnow() {
        EpochSerializer serializer = new EpochSerializer(Compression.NONE);
        byte[] bytes = serializer.toBinary(epoch);
        assertThrows(NotSerializableException.class, () -> serializer.fromBinary(bytes, "e2"));
    }

    private static void assertDetected(EpochSerializer serializer, byte[] bytes, String manifest) {
        for (int i = 0; i < bytes.length * 8; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            assertDamaged(serializer, flipped, manifest);
        }
        for (int length = 0; length < bytes.length; length++) {
            assertDamaged(serializer, Arrays.copyOf(bytes, length), manifest);
        }
        assertDamaged(serializer, Arrays.copyOf(bytes, bytes.length + 1), manifest);
    }

    private static void assertDamaged(EpochSerializer serializer, byte[] bytes, String manifest) {
        MillraceException e = assertThrows(MillraceException.class, () -> serializer.fromBinary(bytes, manifest));
        assertEquals(ErrorCode.STATE_DAMAGED, e.code());
    }

    private static void assertSame(EpochCommitted expected, EpochCommitted actual) {
        assertEquals(expected.epoch(), actual.epoch());
        assertEquals(expected.incarnation(), actual.incarnation());
        assertEquals(expected.begins(), actual.begins());
        assertEquals(expected.completes(), actual.completes());
        assertArrayEquals(expected.header(), actual.header());
        assertArrayEquals(expected.state(), actual.state());
        assertArrayEquals(expected.outbox(), actual.outbox());
    }
}
