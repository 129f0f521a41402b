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

/** COUNT. */
final class CountAggregator extends Aggregator {
    private long[] counts = new long[0];

    @Override
    public void reserve(int groups) {
        if (counts.length < groups) {
            counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            counts[groups[i]]++;
        }
    }

    @Override
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        final long[] counts = this.counts;
        final long[] out = ((LongVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = ++counts[groups[i]];
        }
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        final long[] out = ((LongVector) results).values();
        for (int i = from; i < to; i++) {
            out[rows[i]] = counts[groups[i]];
        }
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.LONG);
    }

    @Override
    public void merge(Vector[] partials, int[] rows, int[] groups, int from, int to) {
        final long[] more = ((LongVector) partials[0]).values();
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            counts[groups[i]] += more[rows[i]];
        }
    }

    @Override
    public void reset(int group) {
        counts[group] = 0;
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(counts, 0, groups, 0);
    }

    @Override
    public long bytes() {
        return counts.length * 8L;
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writePackedLongs(counts, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readPackedLongs(counts, groups);
    }
}
