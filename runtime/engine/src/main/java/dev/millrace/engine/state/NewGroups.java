// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.Arrays;

/** The groups that a batch of rows has made, each until it is asked for. */
public final class NewGroups {
    private long[] bits = new long[0];

    /** All groups noted, also those that were asked for. */
    private int[] noted = new int[0];

    private int count;

    /** Forgets the groups of the batch before. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            bits[noted[i] >>> 6] = 0;
        }
        count = 0;
    }

    /** Notes the groups that the last lookup has made. */
    public void addMade(GroupTable table, int sizeBefore) {
        for (int group = sizeBefore; group < table.size(); group++) {
            add(group);
        }
        for (int i = 0; i < table.reusedCount(); i++) {
            add(table.reused(i));
        }
    }

    /** Notes a group that was not noted yet. */
    public void add(int group) {
        if (bits.length <= group >>> 6) {
            bits = Arrays.copyOf(bits, Math.max((group >>> 6) + 1, bits.length * 2));
        }
        if (count == noted.length) {
            noted = Arrays.copyOf(noted, Math.max(64, count * 2));
        }
        bits[group >>> 6] |= 1L << group;
        noted[count++] = group;
    }

    /** Whether a group was noted and not asked for before. */
    public boolean take(int group) {
        int word = group >>> 6;
        if (word >= bits.length || (bits[word] >>> group & 1) == 0) {
            return false;
        }
        bits[word] &= ~(1L << group);
        return true;
    }

    /** How many were noted. */
    public int count() {
        return count;
    }

    /** A group that was noted, from 0 on. */
    public int get(int index) {
        return noted[index];
    }

    /** Bytes of memory held. */
    public long bytes() {
        return bits.length * 8L + noted.length * 4L;
    }
}
