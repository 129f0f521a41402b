// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/** MIN and MAX of decimals of more than 18 digits. */
final class DecimalExtremeAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final boolean greatest;

    /** Upper half of what every value replaces. */
    private final long startHigh;

    private long[] high = new long[0];
    private long[] low = new long[0];

    DecimalExtremeAggregator(boolean greatest) {
        this.greatest = greatest;
        startHigh = greatest ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        int before = low.length;
        if (before < groups) {
            int grown = Math.max(groups, before * 2);
            high = Arrays.copyOf(high, grown);
            low = Arrays.copyOf(low, grown);
            Arrays.fill(high, before, grown, startHigh);
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] operandsHigh = ((DecimalVector) argument).high();
        final long[] operandsLow = ((DecimalVector) argument).low();
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            int order = Int128.compare(operandsHigh[row], operandsLow[row], high[group], low[group]);
            if (greatest ? order > 0 : order < 0) {
                high[group] = operandsHigh[row];
                low[group] = operandsLow[row];
            }
        }
        presence.add(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        DecimalVector out = (DecimalVector) results;
        for (int i = from; i < to; i++) {
            out.set(rows[i], high[groups[i]], low[groups[i]]);
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.DECIMAL128);
    }

    @Override
    public boolean trackPresence(int groupsBefore) {
        return presence.track(groupsBefore);
    }

    @Override
    public void reset(int group) {
        high[group] = startHigh;
        low[group] = 0;
        presence.reset(group);
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(high, 0, groups, startHigh);
        Arrays.fill(low, 0, groups, 0);
        presence.clear();
    }

    @Override
    public long bytes() {
        return low.length * 16L + presence.bytes();
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writePackedLongs(high, groups);
        out.writePackedLongs(low, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readPackedLongs(high, groups);
        in.readPackedLongs(low, groups);
        presence.restore(in, groups);
    }
}
