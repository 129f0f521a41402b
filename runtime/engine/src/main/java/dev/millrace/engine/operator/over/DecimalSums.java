// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** SUM and AVG of decimals of more than 18 digits: exact, so what leaves the frame is subtracted. */
final class DecimalSums extends FrameFunction {
    private final Frame frame;
    private final SumResults form;
    private final NonNulls nonNulls;

    /** By group: the values of the frame, two words each; as long as it fills, the ring may be shorter. */
    private long[][] rings = new long[0][];

    private long[] top = new long[0];
    private long[] high = new long[0];
    private long[] low = new long[0];
    private long ringBytes;

    // By row of those being taken.
    private long[] sumsTop = new long[0];
    private long[] sumsHigh = new long[0];
    private long[] sumsLow = new long[0];

    DecimalSums(Frame frame, SumResults form) {
        this.frame = frame;
        this.form = form;
        nonNulls = new NonNulls(frame);
    }

    @Override
    void reserve(int groups) {
        nonNulls.reserve(groups);
        if (low.length < groups) {
            int grown = Math.max(groups, low.length * 2);
            top = Arrays.copyOf(top, grown);
            high = Arrays.copyOf(high, grown);
            low = Arrays.copyOf(low, grown);
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
        if (sumsLow.length < count) {
            sumsTop = new long[count];
            sumsHigh = new long[count];
            sumsLow = new long[count];
        }
        boolean[] nulls = argument.nulls();
        DecimalVector decimals = (DecimalVector) argument;
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            boolean isNull = nulls != null && nulls[i];
            long valueHigh = isNull ? 0 : decimals.high()[i];
            long valueLow = isNull ? 0 : decimals.low()[i];
            add(group, valueHigh, valueLow);
            if (!frame.isUnbounded()) {
                int position = frame.at()[i];
                int place = position < frame.rows() ? position : position - frame.rows();
                long[] ring = rings[group];
                if (position >= frame.rows()) {
                    subtract(group, ring[2 * place], ring[2 * place + 1]);
                } else if (ring == null || 2 * place >= ring.length) {
                    ring = grow(group, place);
                }
                ring[2 * place] = valueHigh;
                ring[2 * place + 1] = valueLow;
            }
            sumsTop[i] = top[group];
            sumsHigh[i] = high[group];
            sumsLow[i] = low[group];
        }
        boolean fails = form.write(sumsTop, sumsHigh, sumsLow, counts, count, results, failed);
        nonNulls.writeNulls(counts, count, results);
        return fails;
    }

    private void add(int group, long valueHigh, long valueLow) {
        low[group] += valueLow;
        long carry = Int128.carry(low[group], valueLow);
        long middle = high[group] + valueHigh;
        long upper = Int128.carry(middle, valueHigh);
        middle += carry;
        upper += Int128.carry(middle, carry);
        high[group] = middle;
        top[group] += (valueHigh >> 63) + upper;
    }

    private void subtract(int group, long valueHigh, long valueLow) {
        long borrow = Long.compareUnsigned(low[group], valueLow) < 0 ? 1 : 0;
        low[group] -= valueLow;
        long middle = high[group];
        long upper = Long.compareUnsigned(middle, valueHigh) < 0 ? 1 : 0;
        middle -= valueHigh;
        upper += Long.compareUnsigned(middle, borrow) < 0 ? 1 : 0;
        high[group] = middle - borrow;
        top[group] -= (valueHigh >> 63) + upper;
    }

    private long[] grow(int group, int place) {
        long[] ring = rings[group] == null ? new long[0] : rings[group];
        int places = grown(ring.length / 2, place, frame.rows());
        ringBytes += places * 16L - ring.length * 8L;
        rings[group] = Arrays.copyOf(ring, 2 * places);
        return rings[group];
    }

    @Override
    void forget(int group) {
        nonNulls.forget(group);
        top[group] = 0;
        high[group] = 0;
        low[group] = 0;
        if (!frame.isUnbounded() && rings[group] != null) {
            ringBytes -= rings[group].length * 8L;
            rings[group] = null;
        }
    }

    @Override
    long bytes() {
        return low.length * 28L + ringBytes + nonNulls.bytes() + sumsLow.length * 24L;
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        nonNulls.save(out, groups);
        out.writeLongs(top, groups);
        out.writeLongs(high, groups);
        out.writeLongs(low, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                out.writeLongs(rings[group], 0, 2 * places);
            }
        }
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        nonNulls.restore(in, groups);
        reserve(groups.end());
        in.readLongs(top, groups);
        in.readLongs(high, groups);
        in.readLongs(low, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                in.readLongs(grow(group, places - 1), 0, 2 * places);
            }
        }
    }
}
