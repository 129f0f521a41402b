// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.upgrade.StateMapping;

/**
 * Takes column batches, gives column batches. Owns no thread, never blocks, knows no clock.
 *
 * <p>The driver calls {@link #add}, {@link #addCombined} and {@link #advanceTo} only while {@link #needsInput} is true,
 * and {@link #poll} until it gives null. A batch that was added may be read until then; a batch that was polled may be
 * read until the next call of any method. State may be saved between any two calls, also while output is waiting.
 */
public interface Operator extends AutoCloseable {
    /**
     * True if {@link #add}, {@link #advanceTo} and {@link #showChanges} may be called now: all output of the call before
     * was polled.
     */
    boolean needsInput();

    /**
     * The rows added from now on are of this input. For operators to whom it matters: order by time is by input too.
     *
     * @param input its name, the same after a restore
     */
    default void from(String input) {}

    /**
     * Tells the time by which the state of keys gets old, if it has a time to live: before each {@link #add}, and from
     * time to time while no rows come. May be called whatever waits, and may free some of the state that has expired.
     *
     * @param millis milliseconds since 1970 by the machine's clock; one that is less than another before it counts as
     *     that one
     */
    default void clock(long millis) {}

    /** Takes rows. */
    void add(Batch batch);

    /**
     * Takes combined rows, which {@link Combiner} makes for the step of this operator: as {@link #add} with the rows that
     * they stand for.
     */
    default void addCombined(Batch batch) {
        throw new IllegalStateException("combined rows are for aggregations");
    }

    /**
     * The smallest watermark of the inputs has risen: no row with a time at or below it will come that is not late.
     *
     * @param watermark milliseconds; {@link Long#MAX_VALUE} when all inputs have ended
     */
    void advanceTo(long watermark);

    /**
     * Shows the changes that are held back because they are coalesced; as a call with input it may be followed by
     * results. Whoever drives the operators decides when, by a clock or at the end of a job.
     */
    default void showChanges() {}

    /** The next result, or null when nothing is ready. Returns within about a millisecond. */
    Batch poll();

    /** The watermark of the rows given: no row with a time at or below it will be polled any more. */
    long outputWatermark();

    /**
     * Writes a portion: what has changed since the portion before, or since the restore, and a slice of what has not. A
     * row of portions, from one with which an image begins to one that completes it and on to the last, holds all state;
     * so does the whole alone. An operator whose state is small may write all of it each time.
     *
     * @return whether the image that began last is complete with this portion
     */
    boolean save(StateWriter out, Portion portion);

    /**
     * Writes a portion, see {@link #save(StateWriter, Portion)}.
     *
     * @param begins whether an image begins with this portion; the first portion of a new operator begins one
     * @param slice about how many bytes of what has not changed may be written
     */
    default boolean savePortion(StateWriter out, boolean begins, long slice) {
        return save(out, Portion.next(begins, slice));
    }

    /** Writes all state, beside the portions; after {@link #restore} of it a new operator behaves identically. */
    default void save(StateWriter out) {
        save(out, Portion.whole());
    }

    /**
     * Takes over a portion: a row of portions from the beginning of an image on, in order, then {@link #restored}; before
     * anything else.
     */
    void restorePortion(StateReader in);

    /** The last portion was taken over. */
    default void restored() {}

    /** Takes over what {@link #save(StateWriter)} wrote; called once, before anything else. */
    default void restore(StateReader in) {
        restorePortion(in);
        restored();
    }

    /**
     * Takes over a share of the state of an operator of the plan before; called for each of its partitions, before anything
     * else. These have all taken the same rows, and given all results.
     *
     * @param before an operator of the same kind
     * @param mapping where its parts are
     */
    default void absorb(Operator before, StateMapping mapping, Share share) {
        throw new IllegalStateException("an operator without state takes none over");
    }

    /** Bytes of memory that the state holds. */
    long stateBytes();

    @Override
    default void close() {}
}
