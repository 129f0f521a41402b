// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.batch.Batch;
import java.util.List;

/**
 * Takes the result rows of one partition epoch by epoch, each exactly once: the rows of an epoch and its number, the
 * marker, become visible in the target together or not at all.
 *
 * <p>The order of calls is the protocol: {@link #open} first, which makes every sink that was opened before it for the
 * same owner unable to release anything more, and only then tells the marker; so an epoch that an older sink released
 * at the last moment is known. Epochs are released in order; each is durable in the partition's log before that.
 *
 * <p>Used by one thread at a time, which may wait.
 */
public interface EpochSink extends AutoCloseable {
    /** The marker where nothing was ever released. */
    long NONE = -1;

    /**
     * Fences older sinks of the same owner, and then reads the marker.
     *
     * @return the last epoch released, {@link #NONE} if the target knows of none
     * @throws dev.millrace.engine.error.MillraceException if the target refuses, or a newer owner has opened it
     */
    long open();

    /**
     * Makes the rows of epochs visible, with the number of the last of them as the new marker.
     *
     * @param epoch the last epoch; the first is the one behind the marker
     * @param rows the rows in order, maybe none
     * @throws dev.millrace.engine.error.MillraceException if a newer owner has opened the target, or it refuses the
     *     rows; what became of them is known only after {@link #open} of a new sink
     */
    void release(long epoch, List<Batch> rows);

    /**
     * Whether some of the rows released are not shown yet, and are by a later release, maybe of an epoch without rows, or
     * by {@link #close}.
     */
    default boolean hasHidden() {
        return false;
    }

    /** As {@link Sink#problem}. */
    default String problem() {
        return null;
    }

    /** As {@link Sink#giveUp}. */
    default void giveUp() {}

    @Override
    void close();

    /**
     * Removes from the target what is there only for further epochs, because the job is over for ever; the rows stay. After
     * {@link #close}. A sink that is opened afterwards all the same finds no marker.
     */
    default void retire() {}
}
