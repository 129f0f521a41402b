// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.batch.BatchBuilder;

/** Reads one split in order, from a position on. Used by one thread at a time. */
public interface SplitReader extends AutoCloseable {
    /** How long to wait for a source that cannot say when it will have something. */
    long IDLE_NANOS = 5_000_000;

    /**
     * Decodes records into the builder until it is full, nothing is at hand, or the split ends. Records that can't be
     * decoded go to {@link BatchBuilder#reject}. All rows of one record stand in one batch.
     */
    ReadStatus read(BatchBuilder into);

    /**
     * How long it makes sense to wait before the next {@link #read} when the last one came to {@link ReadStatus#IDLE}, in
     * nanoseconds.
     */
    default long idleNanos() {
        return IDLE_NANOS;
    }

    /**
     * What keeps the reader from reading for now, such as a broker that does not answer; it goes on by itself when that
     * is over. Null when all is well.
     */
    default String problem() {
        return null;
    }

    /**
     * Asked after a {@link #read} that found nothing: true if everything that the split holds has been read, as far as
     * the reader can know. False while it is only waiting for what is there.
     */
    default boolean isCaughtUp() {
        return problem() == null;
    }

    /** The position behind the last record read: where a new reader would go on. Lies on a border of records. */
    long position();

    @Override
    void close();
}
