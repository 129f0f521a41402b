// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * How often the sum of each group has gone around its words: upwards less downwards. With it a sum in 64 or 128 bits is
 * exact, whatever came in between. Takes no room as long as no sum has gone around.
 */
final class Wraps {
    private long[] counts;
    private int capacity;

    void reserve(int groups) {
        capacity = Math.max(capacity, groups);
        if (counts != null && counts.length < capacity) {
            counts = Arrays.copyOf(counts, Math.max(capacity, counts.length * 2));
        }
    }

    /** Whether every sum is what its words say. */
    boolean isEmpty() {
        return counts == null;
    }

    /** @param upwards whether the sum was too large for its words, not too small */
    void add(int group, boolean upwards) {
        if (counts == null) {
            counts = new long[capacity];
        }
        counts[group] += upwards ? 1 : -1;
    }

    long of(int group) {
        return counts == null ? 0 : counts[group];
    }

    void reset(int group) {
        if (counts != null) {
            counts[group] = 0;
        }
    }

    void clear() {
        counts = null;
    }

    long bytes() {
        return counts == null ? 0 : counts.length * 8L;
    }

    void save(StateWriter out, GroupSet groups) {
        out.writeBoolean(counts != null);
        if (counts != null) {
            out.writeLongs(counts, groups);
        }
    }

    void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        if (in.readBoolean()) {
            if (counts == null) {
                counts = new long[capacity];
            }
            in.readLongs(counts, groups);
        } else if (counts != null) {
            groups.fill(counts, 0);
        }
    }
}
