// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;

/** SUM of decimals as DECIMAL(38, scale of the operand). A row that would take the sum out of range is refused. */
final class DecimalSumAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final DecimalSums sums = new DecimalSums();
    private final boolean mayFail;

    DecimalSumAggregator(SqlType argument) {
        mayFail = argument.storage() == Storage.DECIMAL128;
    }

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        sums.reserve(groups);
    }

    @Override
    public boolean update(Vector argument, int[] rows, int[] groups, int from, int to) {
        presence.add(groups, from, to);
        return sums.add(argument, rows, groups, from, to);
    }

    @Override
    public boolean mayFail() {
        return mayFail;
    }

    @Override
    public void undo(Vector argument, int[] rows, int[] groups, int from, int to) {
        sums.subtract(argument, rows, groups, from, to);
        presence.undo(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results) {
        DecimalVector out = (DecimalVector) results;
        for (int i = from; i < to; i++) {
            out.set(rows[i], sums.high[groups[i]], sums.low[groups[i]]);
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public void trackPresence(int groupsBefore) {
        presence.track(groupsBefore);
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
    public void save(StateWriter out, int groups) {
        sums.save(out, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, int groups) {
        reserve(groups);
        sums.restore(in, groups);
        presence.restore(in, groups);
    }
}
