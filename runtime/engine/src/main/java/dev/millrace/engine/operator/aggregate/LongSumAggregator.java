// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/** SUM of integers as BIGINT: exact, also of a sum that leaves 64 bits and comes back. */
final class LongSumAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final Wraps wraps = new Wraps();

    /** The lower 64 bits of the sums. */
    private long[] sums = new long[0];

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        wraps.reserve(groups);
        if (sums.length < groups) {
            sums = Arrays.copyOf(sums, Math.max(groups, sums.length * 2));
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
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
        if (overflow < 0) {
            subtract(values, rows, groups, from, to);
            for (int i = from; i < to; i++) {
                addOne(groups[i], values[rows[i]]);
            }
        }
        presence.add(groups, from, to);
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final long[] values = ((LongVector) argument).values();
        final long[] out = ((LongVector) results).values();
        if (!wraps.isEmpty() || !addFitting(values, rows, groups, from, to, out)) {
            for (int i = from; i < to; i++) {
                int group = groups[i];
                int row = rows[i];
                addOne(group, values[row]);
                out[row] = sums[group];
                if (wraps.of(group) != 0) {
                    misfits.add(row);
                }
            }
        }
        presence.add(groups, from, to);
    }

    /** Takes rows and writes their results; unless a sum overflows: then nothing was taken, and it gives false. */
    private boolean addFitting(long[] values, int[] rows, int[] groups, int from, int to, long[] out) {
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
        if (overflow < 0) {
            subtract(values, rows, groups, from, to);
        }
        return overflow >= 0;
    }

    /** Takes rows out again; wrapping arithmetic is exact both ways. */
    private void subtract(long[] values, int[] rows, int[] groups, int from, int to) {
        for (int i = from; i < to; i++) {
            sums[groups[i]] -= values[rows[i]];
        }
    }

    private void addOne(int group, long value) {
        long before = sums[group];
        long sum = before + value;
        if (((before ^ sum) & (value ^ sum)) < 0) {
            wraps.add(group, value > 0);
        }
        sums[group] = sum;
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final long[] out = ((LongVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = sums[groups[i]];
        }
        for (int i = from; !wraps.isEmpty() && i < to; i++) {
            if (wraps.of(groups[i]) != 0) {
                misfits.add(rows[i]);
            }
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.LONG);
    }

    @Override
    public boolean trackPresence(int groupsBefore) {
        return presence.track(groupsBefore);
    }

    @Override
    public void reset(int group) {
        sums[group] = 0;
        wraps.reset(group);
        presence.reset(group);
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(sums, 0, groups, 0);
        wraps.clear();
        presence.clear();
    }

    @Override
    public long bytes() {
        return sums.length * 8L + wraps.bytes() + presence.bytes();
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writePackedLongs(sums, groups);
        presence.save(out, groups);
        wraps.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readPackedLongs(sums, groups);
        presence.restore(in, groups);
        wraps.restore(in, groups);
    }
}
