// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/** MIN and MAX of texts and wide decimals, by turns as in {@link DoubleSums}; NULL is what makes no difference. */
final class BoxedExtremes extends FrameFunction {
    private final Frame frame;
    private final BoxedRings rings;
    private final boolean greatest;

    /** By group: the extreme of the current turn so far. */
    private Object[] turns = new Object[0];

    BoxedExtremes(Frame frame, OverCall call) {
        this.frame = frame;
        rings = new BoxedRings(frame, call.argumentType().storage(), frame.rows() + 1);
        greatest = call.function() == OverFunction.MAX;
    }

    @Override
    void reserve(int groups) {
        rings.reserve(groups);
        if (turns.length < groups) {
            turns = Arrays.copyOf(turns, Math.max(groups, turns.length * 2));
        }
    }

    @Override
    boolean update(Vector argument, int[] groups, int count, Vector results, boolean[] failed) {
        int rows = frame.rows();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            Object value = rings.read(argument, i);
            turns[group] = better(turns[group], value);
            Object result = turns[group];
            if (!frame.isUnbounded()) {
                int position = frame.at()[i];
                int place = position < rows ? position : position - rows;
                Object[] ring = rings.ring(group, place + 1);
                result = position < rows ? result : better(ring[place + 1], result);
                ring[place] = value;
                if (place + 1 == rows) {
                    for (int before = rows - 2; before >= 0; before--) {
                        ring[before] = better(ring[before], ring[before + 1]);
                    }
                    turns[group] = null;
                }
            }
            rings.write(result, results, i);
        }
        return false;
    }

    private Object better(Object left, Object right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return rings.compare(left, right) >= 0 == greatest ? left : right;
    }

    @Override
    void forget(int group) {
        turns[group] = null;
        rings.forget(group);
    }

    @Override
    long bytes() {
        return rings.bytes() + turns.length * 8L;
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        for (int i = 0; i < groups.count(); i++) {
            rings.save(turns[groups.id(i)], out);
        }
        rings.save(out, groups);
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        for (int i = 0; i < groups.count(); i++) {
            turns[groups.id(i)] = rings.restoreValue(in);
        }
        rings.restore(in, groups);
    }
}
