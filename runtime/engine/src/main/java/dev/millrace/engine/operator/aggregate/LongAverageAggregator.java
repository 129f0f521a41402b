// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/** AVG of integers as DOUBLE, from an exact sum of 128 bits. */
final class LongAverageAggregator extends Aggregator {
    private static final double TWO_TO_64 = 0x1p64;

    private long[] high = new long[0];
    private long[] low = new long[0];
    private long[] counts = new long[0];

    @Override
    public void reserve(int groups) {
        if (low.length < groups) {
            int grown = Math.max(groups, low.length * 2);
            high = Arrays.copyOf(high, grown);
            low = Arrays.copyOf(low, grown);
            counts = Arrays.copyOf(counts, grown);
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] values = ((LongVector) argument).values();
        final long[] high = this.high;
        final long[] low = this.low;
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            long value = values[rows[i]];
            long sum = low[group] + value;
            high[group] += (value >> 63) + Int128.carry(sum, value);
            low[group] = sum;
            counts[group]++;
        }
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final double[] out = ((DoubleVector) results).values();
        final long[] values = ((LongVector) argument).values();
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long value = values[row];
            long sum = low[group] + value;
            high[group] += (value >> 63) + Int128.carry(sum, value);
            low[group] = sum;
            counts[group]++;
            out[row] = average(group);
        }
    }

    private double average(int group) {
        long h = high[group];
        long l = low[group];
        double sum = h == l >> 63 ? l : wide(h, l);
        return sum / counts[group];
    }

    private static double wide(long high, long low) {
        double unsignedLow = low >= 0 ? low : low + TWO_TO_64;
        return high * TWO_TO_64 + unsignedLow;
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final double[] out = ((DoubleVector) results).values();
        for (int i = from; i < to; i++) {
            if (counts[groups[i]] == 0) {
                results.setNull(rows[i]);
            } else {
                out[rows[i]] = average(groups[i]);
            }
        }
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.DECIMAL128, Storage.LONG);
    }

    @Override
    public void writePartials(int[] groups, int[] rows, int from, int to, Vector[] partials, Misfits misfits) {
        DecimalVector sums = (DecimalVector) partials[0];
        LongVector rowCounts = (LongVector) partials[1];
        for (int i = from; i < to; i++) {
            int group = groups[i];
            sums.set(rows[i], high[group], low[group]);
            rowCounts.set(rows[i], counts[group]);
        }
    }

    @Override
    public void merge(Vector[] partials, int[] rows, int[] groups, int from, int to) {
        DecimalVector sums = (DecimalVector) partials[0];
        final long[] moreHigh = sums.high();
        final long[] moreLow = sums.low();
        final long[] moreRows = ((LongVector) partials[1]).values();
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long sum = low[group] + moreLow[row];
            high[group] += moreHigh[row] + Int128.carry(sum, moreLow[row]);
            low[group] = sum;
            counts[group] += moreRows[row];
        }
    }

    @Override
    public void reset(int group) {
        high[group] = 0;
        low[group] = 0;
        counts[group] = 0;
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(high, 0, groups, 0);
        Arrays.fill(low, 0, groups, 0);
        Arrays.fill(counts, 0, groups, 0);
    }

    @Override
    public long bytes() {
        return low.length * 24L;
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writePackedLongs(high, groups);
        out.writePackedLongs(low, groups);
        out.writePackedLongs(counts, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readPackedLongs(high, groups);
        in.readPackedLongs(low, groups);
        in.readPackedLongs(counts, groups);
    }
}
