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
import org.junit.jupiter.api.Test;

class StateWriterTest {
    private static final int LONGS = StateWriter.CHUNK_BYTES / Long.BYTES * 2 + 5;

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
        assertTrue(chunks.stream().limit(chunks.size() - 1).allMatch(c -> c.length == StateWriter.CHUNK_BYTES));
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
}
