// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * MIN and MAX of what {@link SortableLongs} holds, by turns as in {@link DoubleSums}. MIN is the MAX of the complements.
 */
final class Extremes extends FrameFunction {
    private final Frame frame;
    private final NonNulls nonNulls;

    /** What values are XORed with. */
    private final long complement;

    /** By group: the ring, with a place for the least number behind the last; as long as it fills, it may be shorter. */
    private long[][] rings = new long[0][];

    /** By group: the greatest of the current turn so far. */
    private long[] turns = new long[0];

    private long ringBytes;
    private long[] values = new long[0];

    Extremes(Frame frame, boolean greatest) {
        this.frame = frame;
        complement = greatest ? 0 : -1;
        nonNulls = new NonNulls(frame);
    }

    @Override
    void reserve(int groups) {
        nonNulls.reserve(groups);
        int before = turns.length;
        if (before < groups) {
            int grown = Math.max(groups, before * 2);
            turns = Arrays.copyOf(turns, grown);
            Arrays.fill(turns, before, grown, Long.MIN_VALUE);
            rings = Arrays.copyOf(rings, frame.isUnbounded() ? 0 : grown);
        }
    }

    @Override
    void prepare(Vector argument, int groups) {
        nonNulls.prepare(argument, groups);
    }

    @Override
    boolean update(Vector argument, int[] groups, int count, Vector results, boolean[] failed) {
        long[] counts = nonNulls.update(argument, groups, count);
        if (values.length < count) {
            values = new long[count];
        }
        SortableLongs.read(argument, count, values);
        boolean[] nulls = argument.nulls();
        for (int i = 0; i < count; i++) {
            values[i] = nulls != null && nulls[i] ? Long.MIN_VALUE : values[i] ^ complement;
        }
        if (frame.isUnbounded()) {
            for (int i = 0; i < count; i++) {
                long greatest = Math.max(turns[groups[i]], values[i]);
                turns[groups[i]] = greatest;
                values[i] = greatest;
            }
        } else {
            slide(groups, count);
        }
        for (int i = 0; i < count; i++) {
            values[i] ^= complement;
        }
        SortableLongs.write(values, count, results);
        nonNulls.writeNulls(counts, count, results);
        return false;
    }

    /** Replaces the values by the results. */
    private void slide(int[] groups, int count) {
        final long[] values = this.values;
        final int[] at = frame.at();
        final int rows = frame.rows();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            int position = at[i];
            long value = values[i];
            long turn = Math.max(turns[group], value);
            long[] ring = rings[group];
            int place = position;
            if (position < rows) {
                if (ring == null || place + 1 >= ring.length) {
                    ring = grow(group, place + 1);
                }
                values[i] = turn;
            } else {
                place -= rows;
                values[i] = Math.max(ring[place + 1], turn);
            }
            ring[place] = value;
            if (place + 1 == rows) {
                endTurn(ring, rows);
                turn = Long.MIN_VALUE;
            }
            turns[group] = turn;
        }
    }

    private static void endTurn(long[] ring, int rows) {
        long greatest = Long.MIN_VALUE;
        ring[rows] = greatest;
        for (int place = rows - 1; place >= 0; place--) {
            greatest = Math.max(greatest, ring[place]);
            ring[place] = greatest;
        }
    }

    private long[] grow(int group, int place) {
        long[] ring = rings[group] == null ? new long[0] : rings[group];
        int places = grown(ring.length, place, frame.rows() + 1);
        ringBytes += (places - ring.length) * 8L;
        rings[group] = Arrays.copyOf(ring, places);
        return rings[group];
    }

    @Override
    void forget(int group) {
        nonNulls.forget(group);
        turns[group] = Long.MIN_VALUE;
        if (!frame.isUnbounded() && rings[group] != null) {
            ringBytes -= rings[group].length * 8L;
            rings[group] = null;
        }
    }

    @Override
    long bytes() {
        return turns.length * 12L + ringBytes + nonNulls.bytes() + values.length * 8L;
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        nonNulls.save(out, groups);
        out.writeLongs(turns, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                out.writeLongs(rings[group], 0, places);
            }
        }
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        nonNulls.restore(in, groups);
        reserve(groups.end());
        in.readLongs(turns, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                long[] ring = grow(group, places);
                in.readLongs(ring, 0, places);
                if (places == frame.rows()) {
                    ring[places] = Long.MIN_VALUE;
                }
            }
        }
    }
}
