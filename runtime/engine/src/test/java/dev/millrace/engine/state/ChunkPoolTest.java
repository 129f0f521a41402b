// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkPoolTest {
    @Test
    void shouldGiveOutWhatCameBackLastUpToItsBound() {
        ChunkPool pool = new ChunkPool(2 * ChunkPool.CHUNK_BYTES + 1);
        byte[] first = pool.take();
        byte[] second = pool.take();
        byte[] third = pool.take();
        assertNotSame(first, second);
        pool.giveBack(new byte[100], first);
        pool.giveBack(second, third);
        assertEquals(2 * ChunkPool.CHUNK_BYTES, pool.bytes());
        assertSame(second, pool.take());
        assertSame(first, pool.take());
        assertEquals(0, pool.bytes());
    }

    @Test
    void shouldKeepNothingWhereArraysAreNotUsedAgain() {
        byte[] chunk = ChunkPool.NONE.take();
        ChunkPool.NONE.giveBack(chunk);
        assertNotSame(chunk, ChunkPool.NONE.take());
    }

    @Test
    void shouldWriteTheSameIntoChunksThatWereUsed() {
        ChunkPool pool = new ChunkPool(1 << 24);
        byte[] content = new byte[3 * ChunkPool.CHUNK_BYTES + 17];
        for (int round = 0; round < 3; round++) {
            new Random(round).nextBytes(content);
            StateWriter out = new StateWriter(pool);
            out.writeBytes(content, 0, content.length);
            List<byte[]> chunks = out.finish();
            byte[] read = new byte[content.length];
            new StateReader(chunks).readBytes(read, 0, read.length);
            assertArrayEquals(content, read);
            chunks.forEach(chunk -> Arrays.fill(chunk, (byte) 99));
            pool.giveBack(chunks.toArray(byte[][]::new));
            assertEquals(4 * ChunkPool.CHUNK_BYTES, pool.bytes());
        }
    }
}
