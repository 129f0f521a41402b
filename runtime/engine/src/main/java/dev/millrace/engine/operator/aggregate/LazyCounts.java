// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** A number by group that takes no room as long as it is the usual one for all. */
abstract sealed class LazyCounts permits Presence, Wraps {
    private final long usual;

    /** By group; null as long as nobody has asked for them. */
    protected long[] counts;
    private int capacity;

    /** @param usual what a group has of which nothing is kept */
    LazyCounts(long usual) {
        this.usual = usual;
    }

    final void reserve(int groups) {
        capacity = Math.max(capacity, groups);
        if (counts != null && counts.length < capacity) {
            counts = Arrays.copyOf(counts, Math.max(capacity, counts.length * 2));
        }
    }

    /**
     * From now on they are kept.
     *
     * @param groupsBefore groups below this have the usual number, others 0
     */
    final void keep(int groupsBefore) {
        counts = new long[Math.max(capacity, 1)];
        Arrays.fill(counts, 0, groupsBefore, usual);
    }

    /** Whether they are kept. */
    final boolean isKept() {
        return counts != null;
    }

    /** A group begins anew. */
    final void reset(int group) {
        if (counts != null) {
            counts[group] = 0;
        }
    }

    final void clear() {
        counts = null;
        capacity = 0;
    }

    final long bytes() {
        return counts == null ? 0 : counts.length * 8L;
    }

    final void save(StateWriter out, GroupSet groups) {
        out.writeBoolean(counts != null);
        if (counts != null) {
            out.writePackedLongs(counts, groups);
        }
    }

    final void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        if (in.readBoolean()) {
            if (counts == null) {
                keep(capacity);
            }
            in.readPackedLongs(counts, groups);
        } else if (counts != null) {
            groups.fill(counts, usual);
        }
    }
}
