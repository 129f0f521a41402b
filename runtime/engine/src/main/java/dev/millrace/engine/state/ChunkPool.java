// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.ArrayDeque;

/**
 * Chunks for who writes state. Those that were given back are used again, the last one first, since it is the one that the
 * processor's caches still hold: new arrays are cleared, and push out of the caches what the operators work on. Any thread.
 */
public final class ChunkPool {
    /** Bytes of a chunk: large enough to be written in bulk, small enough for the second level of cache. */
    public static final int CHUNK_BYTES = 1 << 18;

    /** Keeps nothing: each chunk is new, and belongs to whoever has it. */
    public static final ChunkPool NONE = new ChunkPool(0);

    private final int chunksMax;
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();

    /** @param bytesMax bytes of memory that may wait for their next use */
    public ChunkPool(long bytesMax) {
        chunksMax = (int) Math.min(Integer.MAX_VALUE, bytesMax / CHUNK_BYTES);
    }

    /** An array of {@link #CHUNK_BYTES} with any content. */
    public byte[] take() {
        byte[] used;
        synchronized (chunks) {
            used = chunks.poll();
        }
        return used == null ? new byte[CHUNK_BYTES] : used;
    }

    /** Takes arrays back that nobody looks at any more; those that are no chunks are left to the collector. */
    public void giveBack(byte[]... arrays) {
        synchronized (chunks) {
            for (byte[] array : arrays) {
                if (array.length == CHUNK_BYTES && chunks.size() < chunksMax) {
                    chunks.push(array);
                }
            }
        }
    }

    /** Bytes of memory held. */
    public long bytes() {
        synchronized (chunks) {
            return (long) chunks.size() * CHUNK_BYTES;
        }
    }
}
