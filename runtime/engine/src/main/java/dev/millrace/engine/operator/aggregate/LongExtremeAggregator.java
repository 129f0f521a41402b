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

/** MIN and MAX of what is stored as 64-bit integers: integers, dates, times, timestamps, short decimals. */
final class LongExtremeAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final boolean greatest;

    /** What every value replaces. */
    private final long start;

    private long[] values = new long[0];

    LongExtremeAggregator(boolean greatest) {
        this.greatest = greatest;
        start = greatest ? Long.MIN_VALUE : Long.MAX_VALUE;
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
        final long[] operands = ((LongVector) argument).values();
        final long[] values = this.values;
        if (greatest) {
            for (int i = from; i < to; i++) {
                values[groups[i]] = Math.max(values[groups[i]], operands[rows[i]]);
            }
        } else {
            for (int i = from; i < to; i++) {
                values[groups[i]] = Math.min(values[groups[i]], operands[rows[i]]);
            }
        }
        presence.add(groups, from, to);
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final long[] operands = ((LongVector) argument).values();
        final long[] out = ((LongVector) results).values();
        final long[] values = this.values;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            long value = values[group];
            long operand = operands[row];
            value = greatest ? Math.max(value, operand) : Math.min(value, operand);
            values[group] = value;
            out[row] = value;
        }
        presence.add(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final long[] out = ((LongVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = values[groups[i]];
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
        out.writePackedLongs(values, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readPackedLongs(values, groups);
        presence.restore(in, groups);
    }
}
