// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/**
 * MIN and MAX of floating-point numbers. NaN is greater than every number, as in PostgreSQL and DuckDB; of the two
 * zeros -0.0 is the smaller one, so that the result doesn't depend on the order of the rows.
 */
final class DoubleExtremeAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final boolean greatest;

    /** What every value replaces. */
    private final double start;

    private double[] values = new double[0];

    DoubleExtremeAggregator(boolean greatest) {
        this.greatest = greatest;
        start = greatest ? Double.NEGATIVE_INFINITY : Double.NaN;
    }

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        int before = values.length;
        if (before < groups) {
            values = Arrays.copyOf(values, Math.max(groups, before * 2));
            Arrays.fill(values, before, values.length, start);
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final double[] operands = ((DoubleVector) argument).values();
        final double[] values = this.values;
        if (greatest) {
            for (int i = from; i < to; i++) {
                values[groups[i]] = Math.max(values[groups[i]], operands[rows[i]]);
            }
        } else {
            for (int i = from; i < to; i++) {
                values[groups[i]] = least(values[groups[i]], operands[rows[i]]);
            }
        }
        presence.add(groups, from, to);
    }

    /** The smaller one, NaN being the greatest; {@link Math#max} treats NaN that way by itself, min doesn't. */
    private static double least(double a, double b) {
        if (a != a) {
            return b;
        }
        return b != b ? a : Math.min(a, b);
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final double[] operands = ((DoubleVector) argument).values();
        final double[] out = ((DoubleVector) results).values();
        final double[] values = this.values;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            double operand = operands[row];
            double value = greatest ? Math.max(values[group], operand) : least(values[group], operand);
            values[group] = value;
            out[row] = value;
        }
        presence.add(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final double[] out = ((DoubleVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = values[groups[i]];
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.DOUBLE);
    }

    @Override
    public boolean trackPresence(int groupsBefore) {
        return presence.track(groupsBefore);
    }

    @Override
    public void reset(int group) {
        values[group] = start;
        presence.reset(group);
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(values, 0, groups, start);
        presence.clear();
    }

    @Override
    public long bytes() {
        return values.length * 8L + presence.bytes();
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writeDoubles(values, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readDoubles(values, groups);
        presence.restore(in, groups);
    }
}
