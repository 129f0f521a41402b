// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.batch.Batch;

/** Takes the result rows of one partition, in order. Used by one thread at a time. */
public interface Sink extends AutoCloseable {
    /**
     * Takes the selected rows; the batch is not kept after the call.
     *
     * @throws dev.millrace.engine.error.MillraceException if the target does not take them
     */
    void write(Batch batch);

    /** Makes everything written visible. Called at the end of every epoch. */
    void flush();

    /** Whether {@link #write} or {@link #flush} may wait for something outside, such as a disk or a terminal. */
    boolean isBlocking();

    /**
     * What keeps rows from being taken for now, such as a broker that does not answer; it goes on by itself when that is
     * over. Null when all is well. May be called from another thread.
     */
    default String problem() {
        return null;
    }

    /**
     * Lets a {@link #write} or {@link #flush} that waits throw instead: nobody wants the rows any more. Called from
     * another thread, before {@link #close}.
     */
    default void giveUp() {}

    @Override
    void close();
}
