// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** Exact sums of decimals by group, of either storage, in 128 bits. */
final class DecimalSums {
    long[] high = new long[0];
    long[] low = new long[0];

    void reserve(int groups) {
        if (low.length < groups) {
            int grown = Math.max(groups, low.length * 2);
            high = Arrays.copyOf(high, grown);
            low = Arrays.copyOf(low, grown);
        }
    }

    /** Adds rows; false if a sum has now, or had in between, more than 38 digits. */
    boolean add(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] high = this.high;
        final long[] low = this.low;
        if (argument instanceof LongVector longs) {
            // Sums of 18 digits can't leave 38: it would take more rows than there are positions.
            final long[] values = longs.values();
            for (int i = from; i < to; i++) {
                int group = groups[i];
                long value = values[rows[i]];
                long sum = low[group] + value;
                high[group] += (value >> 63) + Int128.carry(sum, value);
                low[group] = sum;
            }
            return true;
        }
        DecimalVector decimals = (DecimalVector) argument;
        final long[] valuesHigh = decimals.high();
        final long[] valuesLow = decimals.low();
        boolean fits = true;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long sum = low[group] + valuesLow[row];
            long sumHigh = high[group] + valuesHigh[row] + Int128.carry(sum, valuesLow[row]);
            high[group] = sumHigh;
            low[group] = sum;
            // Two decimals that wrap around the 128 bits end beyond the limit too.
            fits &= Int128.isDecimal(sumHigh, sum);
        }
        return fits;
    }

    void subtract(Vector argument, int[] rows, int[] groups, int from, int to) {
        DecimalVector decimals = (DecimalVector) argument;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long before = low[group];
            long value = decimals.low()[row];
            low[group] = before - value;
            high[group] -= decimals.high()[row] + (Long.compareUnsigned(before, value) < 0 ? 1 : 0);
        }
    }

    void clear(int groups) {
        Arrays.fill(high, 0, groups, 0);
        Arrays.fill(low, 0, groups, 0);
    }

    long bytes() {
        return low.length * 16L;
    }

    void save(StateWriter out, int groups) {
        out.writeLongs(high, 0, groups);
        out.writeLongs(low, 0, groups);
    }

    void restore(StateReader in, int groups) {
        reserve(groups);
        in.readLongs(high, 0, groups);
        in.readLongs(low, 0, groups);
    }
}
