// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateWriterTest {
    private static final int LONGS = ChunkPool.CHUNK_BYTES / Long.BYTES * 2 + 5;

    /** Of everything something, such that primitives and arrays cross the ends of chunks. */
    private static StateWriter written() {
        StateWriter out = new StateWriter();
        long[] longs = new long[LONGS];
        Arrays.setAll(longs, i -> i * 0x9E37_79B9_7F4A_7C15L);
        out.writeByte(-7);
        out.writeLongs(longs, 0, longs.length);
        out.writeInt(-8);
        out.writeString("äöü");
        for (int i = 0; i < 300_000; i++) {
            out.writeBoolean(i % 3 == 0);
            out.writeDouble(i / 3.0);
        }
        return out;
    }

    private static void check(StateReader in) {
        assertEquals(-7, in.readByte());
        long[] longs = new long[LONGS];
        in.readLongs(longs, 0, LONGS);
        long[] expected = new long[LONGS];
        Arrays.setAll(expected, i -> i * 0x9E37_79B9_7F4A_7C15L);
        assertArrayEquals(expected, longs);
        assertEquals(-8, in.readInt());
        assertEquals("äöü", in.readString());
        for (int i = 0; i < 300_000; i++) {
            assertEquals(i % 3 == 0, in.readBoolean());
            assertEquals(i / 3.0, in.readDouble());
        }
        assertTrue(in.isAtEnd());
    }

    @Test
    void shouldReadWhatWasWrittenWhereverItIsCut() {
        StateWriter out = written();
        long size = out.size();
        List<byte[]> chunks = out.finish();
        assertTrue(chunks.stream().limit(chunks.size() - 1).allMatch(c -> c.length == ChunkPool.CHUNK_BYTES));
        assertEquals(size, chunks.stream().mapToLong(chunk -> chunk.length).sum());
        check(new StateReader(chunks));

        byte[] all = written().toByteArray();
        check(new StateReader(List.of(all)));

        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < all.length; at += 1_001) {
            pieces.add(Arrays.copyOfRange(all, at, Math.min(at + 1_001, all.length)));
        }
        check(new StateReader(pieces));
    }

    @Test
    void shouldSayThatSomethingIsMissing() {
        StateReader in = new StateReader(List.of(new byte[] {1, 2, 3, 4, 5, 6, 7}));
        assertThrows(IllegalStateException.class, in::readLong);
    }

    @Test
    void shouldPackNumbersIntoAsManyBytesAsTheyNeedAndReadThemAgain() {
        Random random = new Random(42);
        for (int bits = 0; bits < Long.SIZE; bits++) {
            for (int count : new int[] {0, 1, 255, 256, 257, 1_000}) {
                long[] values = new long[2 * count + 3];
                long limit = bits == 0 ? 0 : -1L >>> Long.SIZE - bits;
                Arrays.setAll(values, i -> (random.nextLong() & limit) * (i % 2 == 0 ? 1 : -1));
                int[] ids = random.ints(0, values.length).distinct().limit(count).toArray();
                for (GroupSet groups : new GroupSet[] {GroupSet.range(2, 2 + count), GroupSet.of(ids, count)}) {
                    StateWriter out = new StateWriter();
                    out.writePackedLongs(values, groups);
                    out.writeByte(77);
                    long blocks = (count + 255) / 256;
                    assertTrue(out.size() <= blocks + count * (bits / 8 + 1L) + 1, bits + " bits: " + out.size());

                    StateReader in = new StateReader(out.finish());
                    long[] read = new long[values.length];
                    in.readPackedLongs(read, groups);
                    assertEquals(77, in.readByte());
                    for (int i = 0; i < count; i++) {
                        assertEquals(values[groups.id(i)], read[groups.id(i)], bits + " bits, " + count + " numbers");
                    }
                }
            }
        }
    }

    @Test
    void shouldPackTheLargestNumbers() {
        long[] values = {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0};
        StateWriter out = new StateWriter();
        out.writePackedLongs(values, GroupSet.range(0, 4));
        long[] read = new long[4];
        new StateReader(out.finish()).readPackedLongs(read, GroupSet.range(0, 4));
        assertArrayEquals(values, read);
    }

    @Test
    void shouldRefuseNumbersOfNoBytesOrTooMany() {
        for (byte width : new byte[] {0, 9, -1}) {
            StateReader in = new StateReader(List.of(new byte[] {width, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
            assertThrows(IllegalStateException.class, () -> in.readPackedLongs(new long[1], GroupSet.range(0, 1)));
        }
    }
}
