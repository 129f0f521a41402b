// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;

/** COUNT. */
final class Counts extends FrameFunction {
    private final Frame frame;
    private final NonNulls nonNulls;

    Counts(Frame frame) {
        this.frame = frame;
        nonNulls = new NonNulls(frame);
    }

    @Override
    void reserve(int groups) {
        nonNulls.reserve(groups);
    }

    @Override
    void prepare(Vector argument, int groups) {
        if (argument != null) {
            nonNulls.prepare(argument, groups);
        }
    }

    @Override
    boolean update(Vector argument, int[] groups, int count, Vector results, boolean[] failed) {
        long[] counts = argument == null ? frame.counts() : nonNulls.update(argument, groups, count);
        System.arraycopy(counts, 0, ((LongVector) results).values(), 0, count);
        return false;
    }

    @Override
    void forget(int group) {
        nonNulls.forget(group);
    }

    @Override
    long bytes() {
        return nonNulls.bytes();
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        nonNulls.save(out, groups);
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        nonNulls.restore(in, groups);
    }
}
