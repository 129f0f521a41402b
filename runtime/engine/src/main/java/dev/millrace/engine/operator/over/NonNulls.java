// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** How many rows of a frame have a value. As long as no value was NULL these are all, and nothing is kept. */
final class NonNulls {
    private final Frame frame;
    private boolean metNull;

    /** By group: rows of the frame with a value. */
    private long[] counts = new long[0];

    /** By group: a bit for each place of the ring whose value is NULL; null if there is none. */
    private long[][] nulls = new long[0][];

    private long nullBytes;
    private long[] results = new long[0];

    NonNulls(Frame frame) {
        this.frame = frame;
    }

    /** Whether a value was NULL, ever. */
    boolean metNull() {
        return metNull;
    }

    void reserve(int groups) {
        if (metNull && counts.length < groups) {
            int grown = Math.max(groups, counts.length * 2);
            counts = Arrays.copyOf(counts, grown);
            nulls = Arrays.copyOf(nulls, grown);
        }
    }

    void prepare(Vector argument, int groups) {
        if (!metNull && argument.nulls() != null) {
            meetNull(groups);
        }
    }

    /** From now on values are counted; of the groups so far every row had one. */
    private void meetNull(int groups) {
        metNull = true;
        reserve(groups);
        for (int group = 0; group < groups; group++) {
            counts[group] = frame.rowsIn(group);
        }
    }

    /** Takes rows; gives how many values the frame has at each of them. */
    long[] update(Vector argument, int[] groups, int count) {
        if (!metNull) {
            return frame.counts();
        }
        if (results.length < count) {
            results = new long[count];
        }
        boolean[] isNull = argument.nulls();
        if (frame.isUnbounded()) {
            for (int i = 0; i < count; i++) {
                counts[groups[i]] += isNull != null && isNull[i] ? 0 : 1;
                results[i] = counts[groups[i]];
            }
            return results;
        }
        int[] at = frame.at();
        int rows = frame.rows();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            int place = at[i] < rows ? at[i] : at[i] - rows;
            long[] bits = nulls[group];
            boolean leavesNull = bits != null && (bits[place >>> 6] >>> place & 1) != 0;
            boolean comesNull = isNull != null && isNull[i];
            if (comesNull && bits == null) {
                bits = new long[(rows + 63) >>> 6];
                nullBytes += bits.length * 8L;
                nulls[group] = bits;
            }
            if (leavesNull != comesNull) {
                bits[place >>> 6] ^= 1L << place;
            }
            long left = at[i] < rows || leavesNull ? 0 : 1;
            counts[group] += (comesNull ? 0 : 1) - left;
            results[i] = counts[group];
        }
        return results;
    }

    /** Makes those results NULL whose frame has no value. */
    void writeNulls(long[] valueCounts, int count, Vector into) {
        if (metNull) {
            for (int i = 0; i < count; i++) {
                if (valueCounts[i] == 0) {
                    into.setNull(i);
                }
            }
        }
    }

    void forget(int group) {
        if (metNull) {
            counts[group] = 0;
            nullBytes -= nulls[group] == null ? 0 : nulls[group].length * 8L;
            nulls[group] = null;
        }
    }

    long bytes() {
        return counts.length * 16L + nullBytes + results.length * 8L;
    }

    void save(StateWriter out, GroupSet groups) {
        out.writeBoolean(metNull);
        for (int i = 0; metNull && i < groups.count(); i++) {
            int group = groups.id(i);
            out.writeLong(counts[group]);
            long[] bits = nulls[group];
            out.writeBoolean(bits != null);
            if (bits != null) {
                out.writeLongs(bits, 0, bits.length);
            }
        }
    }

    void restore(StateReader in, GroupSet groups) {
        boolean counted = in.readBoolean();
        if (counted && !metNull) {
            meetNull(frame.groups());
        }
        reserve(groups.end());
        for (int i = 0; metNull && i < groups.count(); i++) {
            int group = groups.id(i);
            counts[group] = counted ? in.readLong() : frame.rowsIn(group);
            nullBytes -= nulls[group] == null ? 0 : nulls[group].length * 8L;
            nulls[group] = null;
            if (counted && in.readBoolean()) {
                nulls[group] = new long[(frame.rows() + 63) >>> 6];
                in.readLongs(nulls[group], 0, nulls[group].length);
                nullBytes += nulls[group].length * 8L;
            }
        }
    }
}
