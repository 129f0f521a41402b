// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** SUM of integers as BIGINT. A row that would take the sum out of range is refused. */
final class LongSumAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private long[] sums = new long[0];

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        if (sums.length < groups) {
            sums = Arrays.copyOf(sums, Math.max(groups, sums.length * 2));
        }
    }

    @Override
    public boolean update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] values = ((LongVector) argument).values();
        final long[] sums = this.sums;
        long overflow = 0;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            long value = values[rows[i]];
            long before = sums[group];
            long sum = before + value;
            // The sign bit is set if both operands have the sign that the sum doesn't have.
            overflow |= (before ^ sum) & (value ^ sum);
            sums[group] = sum;
        }
        presence.add(groups, from, to);
        return overflow >= 0;
    }

    @Override
    public boolean updateRunning(Vector argument, int[] rows, int[] groups, int from, int to, Vector results) {
        final long[] values = ((LongVector) argument).values();
        final long[] out = ((LongVector) results).values();
        final long[] sums = this.sums;
        long overflow = 0;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long value = values[row];
            long before = sums[group];
            long sum = before + value;
            overflow |= (before ^ sum) & (value ^ sum);
            sums[group] = sum;
            out[row] = sum;
        }
        presence.add(groups, from, to);
        return overflow >= 0;
    }

    @Override
    public boolean mayFail() {
        return true;
    }

    @Override
    public void undo(Vector argument, int[] rows, int[] groups, int from, int to) {
        // Wrapping arithmetic is exact both ways.
        long[] values = ((LongVector) argument).values();
        for (int i = from; i < to; i++) {
            sums[groups[i]] -= values[rows[i]];
        }
        presence.undo(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results) {
        final long[] out = ((LongVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = sums[groups[i]];
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public void trackPresence(int groupsBefore) {
        presence.track(groupsBefore);
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(sums, 0, groups, 0);
        presence.clear();
    }

    @Override
    public long bytes() {
        return sums.length * 8L + presence.bytes();
    }

    @Override
    public void save(StateWriter out, int groups) {
        out.writeLongs(sums, 0, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, int groups) {
        reserve(groups);
        in.readLongs(sums, 0, groups);
        presence.restore(in, groups);
    }
}
