// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.math.BigInteger;
import java.util.Arrays;

/** Exact sums of decimals by group, of either storage: 128 bits and how often they went around. */
final class DecimalSums {
    private final Wraps wraps = new Wraps();
    long[] high = new long[0];
    long[] low = new long[0];

    void reserve(int groups) {
        wraps.reserve(groups);
        if (low.length < groups) {
            int grown = Math.max(groups, low.length * 2);
            high = Arrays.copyOf(high, grown);
            low = Arrays.copyOf(low, grown);
        }
    }

    void add(Vector argument, int[] rows, int[] groups, int from, int to) {
        if (argument instanceof LongVector longs) {
            addLongs(longs.values(), rows, groups, from, to);
            return;
        }
        DecimalVector decimals = (DecimalVector) argument;
        final long[] high = this.high;
        final long[] low = this.low;
        final long[] valuesHigh = decimals.high();
        final long[] valuesLow = decimals.low();
        long overflow = 0;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long before = high[group];
            long value = valuesHigh[row];
            long sumLow = low[group] + valuesLow[row];
            long sum = before + value + Int128.carry(sumLow, valuesLow[row]);
            // The sign bit is set if both operands have the sign that the sum doesn't have.
            overflow |= (before ^ sum) & (value ^ sum);
            high[group] = sum;
            low[group] = sumLow;
        }
        if (overflow < 0) {
            subtract(decimals, rows, groups, from, to);
            for (int i = from; i < to; i++) {
                addOne(groups[i], valuesHigh[rows[i]], valuesLow[rows[i]]);
            }
        }
    }

    /** Sums of 18 digits can't leave 128 bits: it would take more rows than there are positions. */
    private void addLongs(long[] values, int[] rows, int[] groups, int from, int to) {
        final long[] high = this.high;
        final long[] low = this.low;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            long value = values[rows[i]];
            long sum = low[group] + value;
            high[group] += (value >> 63) + Int128.carry(sum, value);
            low[group] = sum;
        }
    }

    private void addOne(int group, long valueHigh, long valueLow) {
        long before = high[group];
        long sumLow = low[group] + valueLow;
        long sum = before + valueHigh + Int128.carry(sumLow, valueLow);
        if (((before ^ sum) & (valueHigh ^ sum)) < 0) {
            wraps.add(group, valueHigh >= 0);
        }
        high[group] = sum;
        low[group] = sumLow;
    }

    /** Takes rows out again; wrapping arithmetic is exact both ways. */
    private void subtract(DecimalVector decimals, int[] rows, int[] groups, int from, int to) {
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long before = low[group];
            long value = decimals.low()[row];
            low[group] = before - value;
            high[group] -= decimals.high()[row] + (Long.compareUnsigned(before, value) < 0 ? 1 : 0);
        }
    }

    /** Whether the sum has at most 38 digits. */
    boolean isDecimal(int group) {
        return wraps.of(group) == 0 && Int128.isDecimal(high[group], low[group]);
    }

    boolean fitsLong(int group) {
        return wraps.of(group) == 0 && Int128.fitsLong(high[group], low[group]);
    }

    BigInteger value(int group) {
        BigInteger lower = Int128.toBigInteger(high[group], low[group]);
        long wrapped = wraps.of(group);
        return wrapped == 0 ? lower : lower.add(BigInteger.valueOf(wrapped).shiftLeft(128));
    }

    void reset(int group) {
        high[group] = 0;
        low[group] = 0;
        wraps.reset(group);
    }

    void clear(int groups) {
        Arrays.fill(high, 0, groups, 0);
        Arrays.fill(low, 0, groups, 0);
        wraps.clear();
    }

    long bytes() {
        return low.length * 16L + wraps.bytes();
    }

    void save(StateWriter out, GroupSet groups) {
        out.writePackedLongs(high, groups);
        out.writePackedLongs(low, groups);
        wraps.save(out, groups);
    }

    void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readPackedLongs(high, groups);
        in.readPackedLongs(low, groups);
        wraps.restore(in, groups);
    }
}
