// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * How many rows each group has had, kept only once rows are left out: before that every group has had one, because
 * groups are made by rows.
 */
final class Presence {
    private long[] counts;
    private int capacity;

    void reserve(int groups) {
        capacity = Math.max(capacity, groups);
        if (counts != null && counts.length < capacity) {
            counts = Arrays.copyOf(counts, Math.max(capacity, counts.length * 2));
        }
    }

    /** Whether it was not kept before. */
    boolean track(int groupsBefore) {
        if (counts != null) {
            return false;
        }
        counts = new long[Math.max(capacity, 1)];
        Arrays.fill(counts, 0, groupsBefore, 1);
        return true;
    }

    void reset(int group) {
        if (counts != null) {
            counts[group] = 0;
        }
    }

    void add(int[] groups, int from, int to) {
        final long[] counts = this.counts;
        if (counts != null) {
            for (int i = from; i < to; i++) {
                counts[groups[i]]++;
            }
        }
    }

    /** Whether some groups may have had no row. */
    boolean isTracked() {
        return counts != null;
    }

    boolean has(int group) {
        return counts == null || counts[group] > 0;
    }

    /** Makes the results of groups without rows NULL. */
    void writeNulls(int[] groups, int[] rows, int from, int to, Vector results) {
        for (int i = from; counts != null && i < to; i++) {
            if (counts[groups[i]] == 0) {
                results.setNull(rows[i]);
            }
        }
    }

    void clear() {
        counts = null;
        capacity = 0;
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
            track(capacity);
            in.readLongs(counts, groups);
        } else if (counts != null) {
            groups.fill(counts, 1);
        }
    }
}
