// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KryoCodecTest {
    private final KryoCodec codec = new KryoCodec(List.of(new SampleRegistrations()));

    @Test
    void shouldCarryRecordsBehindSealedInterfaces() {
        Sample leaf = new Sample.Leaf("a", -1, Sample.Colour.GREEN);
        Sample node = new Sample.Node(List.of(leaf, leaf), Map.of("x", new Sample.Leaf(null, 2, Sample.Colour.RED)),
                Optional.of(leaf), 42L);
        Sample empty = new Sample.Node(List.of(), Map.of(), Optional.empty(), null);
        assertEquals(node, copy(node));
        assertEquals(empty, copy(empty));
    }

    @Test
    void shouldCarryArraysAndNumbersAndTimes() {
        Sample.Values values = new Sample.Values(new long[] {1, Long.MIN_VALUE}, new byte[][] {{1}, {}},
                new String[] {"a", null}, new BigDecimal("123456789012345678901234567890.10"),
                Instant.parse("1969-12-31T23:59:59.999999999Z"), Duration.ofNanos(-1), null);
        Sample.Values copy = (Sample.Values) copy(values);
        assertArrayEquals(values.longs(), copy.longs());
        assertArrayEquals(values.rows(), copy.rows());
        assertArrayEquals(values.names(), copy.names());
        assertEquals(values.decimal(), copy.decimal());
        assertEquals(values.at(), copy.at());
        assertEquals(values.length(), copy.length());
        assertEquals(values.maybe(), copy.maybe());
    }

    @Test
    void shouldCarryTheClassesOfTheJdkThatPlansAreMadeOf() {
        List<Object> objects = List.of("text", 1, 2L, 3.0, 4f, (byte) 5, (short) 6, 'c', true, BigInteger.TEN,
                new BigDecimal("1.00"), new UUID(1, 2), Optional.of(1), OptionalInt.of(1), OptionalLong.empty(),
                OptionalDouble.of(2), new ArrayList<>(Arrays.asList(1, null)), Arrays.asList(1, 2), List.of(1),
                List.of(1, 2), List.of(1, 2, 3), List.of(1, 2, 3).subList(1, 3), Stream.of(1, 2, 3).toList(),
                Collections.emptyList(), Collections.singletonList(1), Collections.emptyMap(), Set.of(), Set.of(1),
                Set.of(1, 2), Map.of(), Map.of(1, 2), Map.of(1, 2, 3, 4), new HashMap<>(Map.of(1, 2)),
                new LinkedHashMap<>(Map.of(1, 2)), new TreeMap<>(Map.of("b", 1, "a", 2)),
                Collections.unmodifiableMap(new TreeMap<>(Map.of("b", 1, "a", 2))),
                Collections.unmodifiableList(new ArrayList<>(List.of(1, 2))), Instant.EPOCH,
                Duration.ofHours(1), LocalDate.MAX, LocalTime.NOON, LocalDateTime.MIN,
                OffsetDateTime.parse("2030-01-01T00:00:00+02:00"), ZonedDateTime.parse("2030-07-01T00:00+02:00[CET]"),
                ZoneOffset.ofHours(3), ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), Period.ofDays(3));
        for (Object object : objects) {
            assertEquals(object, copy(object), () -> object.getClass().getName());
        }
    }

    @Test
    void shouldRefuseClassesThatAreNotRegistered() {
        RuntimeException e = assertThrows(RuntimeException.class, () -> codec.encode(new Sample.Unregistered(1)));
        assertTrue(e.getMessage().contains("not registered"), e.getMessage());
        Sample inside = new Sample.Node(List.of(new Sample.Unregistered(1)), Map.of(), Optional.empty(), null);
        assertThrows(RuntimeException.class, () -> codec.encode(inside));
        assertEquals("fine", copy("fine"));
    }

    @Test
    void shouldGiveTheSameBytesWhateverTheOrderOfTheBuffer() {
        Sample leaf = new Sample.Leaf("é", 1L << 40, Sample.Colour.RED);
        byte[] array = codec.encode(leaf);
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(200).order(order);
            buffer.putInt(7);
            codec.encode(leaf, buffer);
            buffer.flip().getInt();
            byte[] written = new byte[buffer.remaining()];
            buffer.duplicate().get(written);
            assertArrayEquals(array, written);
            assertEquals(leaf, codec.decode(buffer));
            assertEquals(0, buffer.remaining());
            assertEquals(order, buffer.order());
        }
    }

    @Test
    void shouldDetectEveryFlippedBitAndEveryTruncation() {
        byte[] bytes = codec.encode(new Sample.Leaf("name", 5, Sample.Colour.RED));
        for (int i = 0; i < bytes.length * 8; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            assertEquals(ErrorCode.STATE_DAMAGED,
                    assertThrows(MillraceException.class, () -> codec.decode(flipped)).code());
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MillraceException.class, () -> codec.decode(cut));
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(MillraceException.class, () -> codec.decode(longer));
    }

    @Test
    void shouldSayThatAnotherReleaseWroteWhatHasAnUnknownClass() {
        byte[] bytes = codec.encode(new Sample.Leaf("name", 5, Sample.Colour.RED));
        KryoCodec older = new KryoCodec(List.of());
        assertEquals(ErrorCode.STATE_NEWER, assertThrows(MillraceException.class, () -> older.decode(bytes)).code());
    }

    @Test
    void shouldRefuseAnIdOrAClassThatIsRegisteredTwice() {
        KryoRegistrations sameId = registrar -> registrar.add(3000, Sample.Unregistered.class);
        KryoRegistrations sameClass = registrar -> registrar.add(3999, Sample.Leaf.class);
        KryoRegistrations idOfKryo = registrar -> registrar.add(9, Sample.Unregistered.class);
        List<KryoRegistrations> samples = List.of(new SampleRegistrations());
        for (KryoRegistrations wrong : List.of(sameId, sameClass)) {
            assertThrows(IllegalStateException.class, () -> new KryoCodec(List.of(samples.getFirst(), wrong)));
        }
        assertThrows(IllegalArgumentException.class, () -> new KryoCodec(List.of(idOfKryo)));
    }

    @Test
    void shouldServeManyThreadsAtOnce() {
        List<Sample> samples = IntStream.range(0, 2000)
                .mapToObj(i -> (Sample) new Sample.Leaf("leaf " + i, i, Sample.Colour.RED)).toList();
        assertEquals(samples, samples.parallelStream().map(this::copy).toList());
    }

    @Test
    void shouldKeepTheIdsAndLayoutsThatAreFrozen() throws IOException {
        assertEquals(lines("jdk-layout.txt"), new KryoCodec(List.of()).layout());
    }

    @Test
    void shouldShowComponentsAndConstantsInTheLayout() {
        List<String> layout = codec.layout();
        String sample = Sample.class.getName();
        assertTrue(layout.contains("3000 " + sample + "$Leaf(colour: " + sample + "$Colour, "
                + "name: java.lang.String, number: long)"), layout::toString);
        assertTrue(layout.contains("3003 " + sample + "$Colour[RED, GREEN]"), layout::toString);
    }

    private Object copy(Object object) {
        return codec.decode(codec.encode(object));
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = KryoCodecTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
