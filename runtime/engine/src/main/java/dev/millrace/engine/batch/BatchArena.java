// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of one batch on its way: vectors and arrays that are handed out in turn and all come back at once.
 *
 * <p>A reader owns a few arenas, fills one per batch, and resets it when every partition has given the batch back; so
 * the steady state allocates nothing. An arena belongs to one thread at a time.
 */
public final class BatchArena {
    private final Map<Storage, List<Vector>> vectors = new EnumMap<>(Storage.class);
    private final Map<Storage, Integer> used = new EnumMap<>(Storage.class);
    private final List<int[]> ints = new ArrayList<>();
    private final List<long[]> longs = new ArrayList<>();
    private int usedInts;
    private int usedLongs;

    /** An empty vector with room for so many rows, until {@link #reset}. */
    public Vector vector(Storage storage, int rows) {
        List<Vector> pool = vectors.computeIfAbsent(storage, s -> new ArrayList<>());
        int index = used.merge(storage, 1, Integer::sum) - 1;
        if (index == pool.size()) {
            pool.add(Vector.create(storage, rows));
        }
        Vector vector = pool.get(index);
        vector.reset();
        vector.ensureCapacity(rows);
        return vector;
    }

    /** An array with at least so many elements and any content, until {@link #reset}. */
    public int[] ints(int length) {
        if (usedInts == ints.size()) {
            ints.add(new int[length]);
        } else if (ints.get(usedInts).length < length) {
            ints.set(usedInts, new int[length]);
        }
        return ints.get(usedInts++);
    }

    /** An array with at least so many elements and any content, until {@link #reset}. */
    public long[] longs(int length) {
        if (usedLongs == longs.size()) {
            longs.add(new long[length]);
        } else if (longs.get(usedLongs).length < length) {
            longs.set(usedLongs, new long[length]);
        }
        return longs.get(usedLongs++);
    }

    /** Takes everything back. What was handed out must not be used any more. */
    public void reset() {
        used.clear();
        usedInts = 0;
        usedLongs = 0;
    }

    /** Bytes of memory held. */
    public long bytes() {
        long bytes = 0;
        for (List<Vector> pool : vectors.values()) {
            for (Vector vector : pool) {
                bytes += vector.bytes();
            }
        }
        for (int[] array : ints) {
            bytes += array.length * 4L;
        }
        for (long[] array : longs) {
            bytes += array.length * 8L;
        }
        return bytes;
    }
}
