// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;

/** LAG of texts and wide decimals, as in {@link Lags}. */
final class BoxedLags extends FrameFunction {
    private final Frame frame;
    private final BoxedRings rings;

    BoxedLags(Frame frame, OverCall call) {
        this.frame = frame;
        rings = new BoxedRings(frame, call.argumentType().storage(), frame.rows());
    }

    @Override
    void reserve(int groups) {
        rings.reserve(groups);
    }

    @Override
    boolean update(Vector argument, int[] groups, int count, Vector results, boolean[] failed) {
        int rows = frame.rows();
        for (int i = 0; i < count; i++) {
            int position = frame.at()[i];
            int place = position < rows ? position : position - rows;
            Object[] ring = rings.ring(groups[i], place);
            rings.write(position < rows ? null : ring[place], results, i);
            ring[place] = rings.read(argument, i);
        }
        return false;
    }

    @Override
    void forget(int group) {
        rings.forget(group);
    }

    @Override
    long bytes() {
        return rings.bytes();
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        rings.save(out, groups);
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        rings.restore(in, groups);
    }
}
