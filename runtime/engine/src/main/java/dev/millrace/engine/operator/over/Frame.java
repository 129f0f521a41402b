// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * The last rows of each group, up to a number: how many there are, and which place of a ring the next one takes. All
 * functions over frames of one length share it.
 *
 * <pre>
 *   position   0 … n-1  the ring fills        n … 2n-1  it is full, round and round
 *   place      0 … n-1                        0 … n-1
 * </pre>
 */
final class Frame {
    private final int rows;

    /** By group: the position of the next row. */
    private int[] positions = new int[0];

    /** Of the frame without a bound, by group: rows so far. */
    private long[] totals = new long[0];

    private int[] at = new int[0];
    private long[] counts = new long[0];

    /** @param rows as in {@link OverCall#rows} */
    Frame(int rows) {
        this.rows = rows;
    }

    /** Rows of the frame, the current one included; only where it is bounded. */
    int rows() {
        return rows;
    }

    boolean isUnbounded() {
        return rows == OverCall.UNBOUNDED;
    }

    void reserve(int groups) {
        if (isUnbounded() && totals.length < groups) {
            totals = Arrays.copyOf(totals, Math.max(groups, totals.length * 2));
        } else if (!isUnbounded() && positions.length < groups) {
            positions = Arrays.copyOf(positions, Math.max(groups, positions.length * 2));
        }
    }

    /** Takes rows, in order, given by their groups. */
    void advance(int[] groups, int count) {
        if (counts.length < count) {
            counts = new long[count];
            at = new int[isUnbounded() ? 0 : count];
        }
        final long[] counts = this.counts;
        if (isUnbounded()) {
            final long[] totals = this.totals;
            for (int i = 0; i < count; i++) {
                counts[i] = ++totals[groups[i]];
            }
            return;
        }
        final int[] positions = this.positions;
        final int[] at = this.at;
        final int rows = this.rows;
        final int turn = 2 * rows;
        for (int i = 0; i < count; i++) {
            int position = positions[groups[i]];
            at[i] = position;
            counts[i] = Math.min(position + 1, rows);
            position++;
            positions[groups[i]] = position == turn ? rows : position;
        }
    }

    /** The positions of the rows that were taken last; only where the frame is bounded. */
    int[] at() {
        return at;
    }

    /** How many rows the frame has at each of the rows that were taken last. */
    long[] counts() {
        return counts;
    }

    /** Rows that are in the frame of a group. */
    long rowsIn(int group) {
        return isUnbounded() ? totals[group] : Math.min(positions[group], rows);
    }

    /** Places of a group's ring that are taken. */
    int placesUsed(int group) {
        return isUnbounded() ? 0 : Math.min(positions[group], rows);
    }

    /** Whether frames of another one are as long. */
    boolean hasLengthOf(Frame other) {
        return rows == other.rows;
    }

    /** How many rows bring the ring of a new group to where that of a group stands; without a ring, one if it has any. */
    int rowsToPosition(int group) {
        return isUnbounded() ? (int) Math.min(1, totals[group]) : positions[group];
    }

    /** Groups that there is room for. */
    int groups() {
        return isUnbounded() ? totals.length : positions.length;
    }

    /** Makes one group as new, for which there is room. */
    void forget(int group) {
        if (isUnbounded()) {
            totals[group] = 0;
        } else {
            positions[group] = 0;
        }
    }

    long bytes() {
        return positions.length * 4L + totals.length * 8L + at.length * 4L + counts.length * 8L;
    }

    void save(StateWriter out, GroupSet groups) {
        if (isUnbounded()) {
            out.writeLongs(totals, groups);
        } else {
            out.writeInts(positions, groups);
        }
    }

    void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        if (isUnbounded()) {
            in.readLongs(totals, groups);
        } else {
            in.readInts(positions, groups);
        }
    }
}
