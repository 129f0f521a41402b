// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * SUM and AVG of doubles, which are never subtracted: one Infinity would make NaN for ever, and rounding would add up.
 *
 * <p>The ring is gone through in turns of n rows. What a frame still has of the turn before are the values behind the
 * current place, so at the end of a turn every place gets the sum of the values from it to the end, and a frame is one of
 * these sums and the sum of the current turn so far. This makes two additions a row, whatever n.
 *
 * <pre>
 *   place          0    1    2  |  3    4   (5)          the row at place 2 comes, n = 5
 *   ring           v0'  v1'  v2'|  s3   s4   0           s3 = v3 + v4 of the turn before
 *   frame                         s3  +  (v0' + v1' + v2')
 * </pre>
 */
final class DoubleSums extends FrameFunction {
    private final Frame frame;
    private final boolean average;
    private final NonNulls nonNulls;

    /** By group: the ring, with a place for 0 behind the last; as long as it fills, it may be shorter. */
    private double[][] rings = new double[0][];

    /** By group: sum of the current turn so far. */
    private double[] turns = new double[0];

    private long ringBytes;
    private double[] zeroed = new double[0];

    DoubleSums(Frame frame, boolean average) {
        this.frame = frame;
        this.average = average;
        nonNulls = new NonNulls(frame);
    }

    @Override
    void reserve(int groups) {
        nonNulls.reserve(groups);
        if (turns.length < groups) {
            int grown = Math.max(groups, turns.length * 2);
            turns = Arrays.copyOf(turns, grown);
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
        double[] values = values((DoubleVector) argument, count);
        double[] out = ((DoubleVector) results).values();
        if (frame.isUnbounded()) {
            for (int i = 0; i < count; i++) {
                double sum = turns[groups[i]] + values[i];
                turns[groups[i]] = sum;
                out[i] = sum;
            }
        } else {
            slide(values, groups, count, out);
        }
        if (average) {
            for (int i = 0; i < count; i++) {
                out[i] /= counts[i];
            }
        }
        nonNulls.writeNulls(counts, count, results);
        return false;
    }

    /** The operands, with 0 for NULL. */
    private double[] values(DoubleVector argument, int count) {
        boolean[] nulls = argument.nulls();
        if (nulls == null) {
            return argument.values();
        }
        if (zeroed.length < count) {
            zeroed = new double[count];
        }
        for (int i = 0; i < count; i++) {
            zeroed[i] = nulls[i] ? 0 : argument.values()[i];
        }
        return zeroed;
    }

    private void slide(double[] values, int[] groups, int count, double[] out) {
        final double[][] rings = this.rings;
        final double[] turns = this.turns;
        final int[] at = frame.at();
        final int rows = frame.rows();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            int position = at[i];
            double value = values[i];
            double turn = turns[group] + value;
            double[] ring = rings[group];
            int place = position;
            if (position < rows) {
                if (ring == null || place + 1 >= ring.length) {
                    ring = grow(group, place + 1);
                }
                out[i] = turn;
            } else {
                place -= rows;
                out[i] = ring[place + 1] + turn;
            }
            ring[place] = value;
            if (place + 1 == rows) {
                endTurn(ring, rows);
                turn = 0;
            }
            turns[group] = turn;
        }
    }

    private double[] grow(int group, int place) {
        double[] ring = rings[group] == null ? new double[0] : rings[group];
        int places = grown(ring.length, place, frame.rows() + 1);
        ringBytes += (places - ring.length) * 8L;
        rings[group] = Arrays.copyOf(ring, places);
        return rings[group];
    }

    private static void endTurn(double[] ring, int rows) {
        double sum = 0;
        for (int place = rows - 1; place >= 0; place--) {
            sum += ring[place];
            ring[place] = sum;
        }
    }

    @Override
    void forget(int group) {
        nonNulls.forget(group);
        turns[group] = 0;
        if (!frame.isUnbounded() && rings[group] != null) {
            ringBytes -= rings[group].length * 8L;
            rings[group] = null;
        }
    }

    @Override
    long bytes() {
        return turns.length * 12L + ringBytes + nonNulls.bytes() + zeroed.length * 8L;
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        nonNulls.save(out, groups);
        out.writeDoubles(turns, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                out.writeDoubles(rings[group], 0, places);
            }
        }
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        nonNulls.restore(in, groups);
        reserve(groups.end());
        in.readDoubles(turns, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                in.readDoubles(grow(group, places), 0, places);
            }
        }
    }
}
