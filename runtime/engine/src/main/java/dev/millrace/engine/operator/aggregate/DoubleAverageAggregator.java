// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** AVG of floating-point numbers. */
final class DoubleAverageAggregator extends Aggregator {
    private double[] sums = new double[0];
    private long[] counts = new long[0];

    @Override
    public void reserve(int groups) {
        if (sums.length < groups) {
            int grown = Math.max(groups, sums.length * 2);
            sums = Arrays.copyOf(sums, grown);
            counts = Arrays.copyOf(counts, grown);
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final double[] values = ((DoubleVector) argument).values();
        final double[] sums = this.sums;
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            sums[group] += values[rows[i]];
            counts[group]++;
        }
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final double[] values = ((DoubleVector) argument).values();
        final double[] out = ((DoubleVector) results).values();
        final double[] sums = this.sums;
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            double sum = sums[group] + values[row];
            long count = counts[group] + 1;
            sums[group] = sum;
            counts[group] = count;
            out[row] = sum / count;
        }
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final double[] out = ((DoubleVector) results).values();
        for (int i = from; i < to; i++) {
            int group = groups[i];
            if (counts[group] == 0) {
                results.setNull(rows[i]);
            } else {
                out[rows[i]] = sums[group] / counts[group];
            }
        }
    }

    @Override
    public void reset(int group) {
        sums[group] = 0;
        counts[group] = 0;
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(sums, 0, groups, 0);
        Arrays.fill(counts, 0, groups, 0);
    }

    @Override
    public long bytes() {
        return sums.length * 16L;
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writeDoubles(sums, groups);
        out.writePackedLongs(counts, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readDoubles(sums, groups);
        in.readPackedLongs(counts, groups);
    }
}
