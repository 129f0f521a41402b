// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;

/** One function over the frames of all groups. */
abstract class FrameFunction {
    /** Places that a ring begins with. */
    private static final int PLACES_MIN = 8;

    /**
     * @param frame the frame of the call
     * @throws IllegalArgumentException if the function doesn't take or give these types
     */
    static FrameFunction of(OverCall call, Frame frame) {
        return switch (call.function()) {
            case COUNT -> new Counts(frame);
            case SUM, AVG -> switch (call.argumentType().storage()) {
                case DOUBLE -> new DoubleSums(frame, call.function() == OverFunction.AVG);
                case LONG -> new LongSums(frame, new SumResults(call));
                case DECIMAL128 -> new DecimalSums(frame, new SumResults(call));
                default -> throw unknown(call);
            };
            case MIN, MAX -> switch (call.argumentType().storage()) {
                case LONG, DOUBLE, BOOLEAN -> new Extremes(frame, call.function() == OverFunction.MAX);
                case DECIMAL128, BYTES -> new BoxedExtremes(frame, call);
            };
            case LAG -> isPlain(call.argumentType().storage()) ? new Lags(frame) : new BoxedLags(frame, call);
        };
    }

    private static boolean isPlain(Storage storage) {
        return storage != Storage.DECIMAL128 && storage != Storage.BYTES;
    }

    static IllegalArgumentException unknown(OverCall call) {
        return new IllegalArgumentException(
                call.function() + " OVER of " + call.argumentType() + " as " + call.type() + " does not exist");
    }

    /** How long a ring becomes that is to have this place. */
    static int grown(int places, int place, int placesMax) {
        return place < places ? places
                : (int) Math.min(placesMax, Math.max(Math.max(PLACES_MIN, place + 1L), places * 2L));
    }

    /** Makes room for so many groups. */
    abstract void reserve(int groups);

    /**
     * Called before {@link Frame#advance} takes rows.
     *
     * @param argument the operands of these rows, or null
     * @param groups number of groups that had rows before
     */
    void prepare(Vector argument, int groups) {}

    /**
     * Takes the rows that the frame has taken, in order, and writes the result for each.
     *
     * @param argument the operands, at the rows from 0 on; null for COUNT(*)
     * @param groups the group of each row
     * @param results where the results go, without NULLs so far
     * @param failed where true is set for the rows whose result is out of range
     * @return whether there are such rows
     */
    abstract boolean update(Vector argument, int[] groups, int count, Vector results, boolean[] failed);

    /** Makes one group as new, for which there is room. */
    abstract void forget(int group);

    abstract long bytes();

    /** Writes what is kept of some groups. */
    abstract void save(StateWriter out, GroupSet groups);

    /**
     * Reads what {@link #save} wrote, in place of what is kept of these groups; what the frame has of them was restored
     * before.
     */
    abstract void restore(StateReader in, GroupSet groups);
}
