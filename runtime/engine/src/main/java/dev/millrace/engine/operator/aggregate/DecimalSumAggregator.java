// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.List;

/** SUM of decimals as DECIMAL(38, scale of the operand): exact, also of a sum that leaves 38 digits and comes back. */
final class DecimalSumAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final DecimalSums sums = new DecimalSums();

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        sums.reserve(groups);
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        sums.add(argument, rows, groups, from, to);
        presence.add(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        DecimalVector out = (DecimalVector) results;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            out.set(rows[i], sums.high[group], sums.low[group]);
            if (!sums.isDecimal(group)) {
                misfits.add(rows[i]);
            }
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
        sums.reset(group);
        presence.reset(group);
    }

    @Override
    public void clear(int groups) {
        sums.clear(groups);
        presence.clear();
    }

    @Override
    public long bytes() {
        return sums.bytes() + presence.bytes();
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        sums.save(out, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        sums.restore(in, groups);
        presence.restore(in, groups);
    }
}
