// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** SUM and AVG of integers, and of decimals that are stored as such: exact, so what leaves the frame is subtracted. */
final class LongSums extends FrameFunction {
    private final Frame frame;
    private final SumResults form;
    private final NonNulls nonNulls;

    /** By group: the values of the frame; as long as it fills, the ring may be shorter. */
    private long[][] rings = new long[0][];

    private long[] high = new long[0];
    private long[] low = new long[0];
    private long ringBytes;

    // By row of those being taken.
    private long[] sumsHigh = new long[0];
    private long[] sumsLow = new long[0];

    LongSums(Frame frame, SumResults form) {
        this.frame = frame;
        this.form = form;
        nonNulls = new NonNulls(frame);
    }

    @Override
    void reserve(int groups) {
        nonNulls.reserve(groups);
        if (low.length < groups) {
            int grown = Math.max(groups, low.length * 2);
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
            sumsHigh = new long[count];
            sumsLow = new long[count];
        }
        boolean[] nulls = argument.nulls();
        final long[] values = ((LongVector) argument).values();
        final int[] at = frame.at();
        final int rows = frame.isUnbounded() ? Integer.MAX_VALUE : frame.rows();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            long value = nulls != null && nulls[i] ? 0 : values[i];
            long sum = low[group] + value;
            long upper = high[group] + (value >> 63) + Int128.carry(sum, value);
            if (rows != Integer.MAX_VALUE) {
                int position = at[i];
                long[] ring = rings[group];
                int place = position;
                if (position >= rows) {
                    place -= rows;
                    long left = ring[place];
                    upper -= (left >> 63) + (Long.compareUnsigned(sum, left) < 0 ? 1 : 0);
                    sum -= left;
                } else if (ring == null || place >= ring.length) {
                    ring = grow(group, place);
                }
                ring[place] = value;
            }
            low[group] = sum;
            high[group] = upper;
            sumsLow[i] = sum;
            sumsHigh[i] = upper;
        }
        boolean fails = form.write(null, sumsHigh, sumsLow, counts, count, results, failed);
        nonNulls.writeNulls(counts, count, results);
        return fails;
    }

    private long[] grow(int group, int place) {
        long[] ring = rings[group] == null ? new long[0] : rings[group];
        int places = grown(ring.length, place, frame.rows());
        ringBytes += (places - ring.length) * 8L;
        rings[group] = Arrays.copyOf(ring, places);
        return rings[group];
    }

    @Override
    void forget(int group) {
        nonNulls.forget(group);
        high[group] = 0;
        low[group] = 0;
        if (!frame.isUnbounded() && rings[group] != null) {
            ringBytes -= rings[group].length * 8L;
            rings[group] = null;
        }
    }

    @Override
    long bytes() {
        return low.length * 20L + ringBytes + nonNulls.bytes() + sumsLow.length * 16L;
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        nonNulls.save(out, groups);
        out.writeLongs(high, groups);
        out.writeLongs(low, groups);
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
        in.readLongs(high, groups);
        in.readLongs(low, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                in.readLongs(grow(group, places - 1), 0, places);
            }
        }
    }
}
