// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** SUM of floating-point numbers, in the order in which rows come; NaN and infinities as in IEEE 754. */
final class DoubleSumAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private double[] sums = new double[0];

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        if (sums.length < groups) {
            sums = Arrays.copyOf(sums, Math.max(groups, sums.length * 2));
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final double[] values = ((DoubleVector) argument).values();
        final double[] sums = this.sums;
        for (int i = from; i < to; i++) {
            sums[groups[i]] += values[rows[i]];
        }
        presence.add(groups, from, to);
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final double[] values = ((DoubleVector) argument).values();
        final double[] out = ((DoubleVector) results).values();
        final double[] sums = this.sums;
        for (int i = from; i < to; i++) {
            int row = rows[i];
            double sum = sums[groups[i]] + values[row];
            sums[groups[i]] = sum;
            out[row] = sum;
        }
        presence.add(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final double[] out = ((DoubleVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = sums[groups[i]];
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public boolean trackPresence(int groupsBefore) {
        return presence.track(groupsBefore);
    }

    @Override
    public void reset(int group) {
        sums[group] = 0;
        presence.reset(group);
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
    public void save(StateWriter out, GroupSet groups) {
        out.writeDoubles(sums, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readDoubles(sums, groups);
        presence.restore(in, groups);
    }
}
