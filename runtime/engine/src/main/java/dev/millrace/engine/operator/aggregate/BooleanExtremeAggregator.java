// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/** MIN and MAX of truth values; false is the smaller one. */
final class BooleanExtremeAggregator extends Aggregator {
    private final Presence presence = new Presence();
    private final boolean greatest;
    private boolean[] values = new boolean[0];

    BooleanExtremeAggregator(boolean greatest) {
        this.greatest = greatest;
    }

    @Override
    public void reserve(int groups) {
        presence.reserve(groups);
        int before = values.length;
        if (before < groups) {
            values = Arrays.copyOf(values, Math.max(groups, before * 2));
            Arrays.fill(values, before, values.length, !greatest);
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final boolean[] operands = ((BooleanVector) argument).values();
        for (int i = from; i < to; i++) {
            if (operands[rows[i]] == greatest) {
                values[groups[i]] = greatest;
            }
        }
        presence.add(groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        BooleanVector out = (BooleanVector) results;
        for (int i = from; i < to; i++) {
            out.set(rows[i], values[groups[i]]);
        }
        presence.writeNulls(groups, rows, from, to, results);
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.BOOLEAN);
    }

    @Override
    public boolean trackPresence(int groupsBefore) {
        return presence.track(groupsBefore);
    }

    @Override
    public void reset(int group) {
        values[group] = !greatest;
        presence.reset(group);
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(values, 0, groups, !greatest);
        presence.clear();
    }

    @Override
    public long bytes() {
        return values.length + presence.bytes();
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writeBooleans(values, groups);
        presence.save(out, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readBooleans(values, groups);
        presence.restore(in, groups);
    }
}
