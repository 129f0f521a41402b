// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.batch.BadRecord;

/** Takes bad records. Used by one thread at a time; every method may wait. */
public interface DeadLetterWriter extends AutoCloseable {
    /**
     * @param table the source table
     * @param split number of the split that the record stands in
     * @throws dev.millrace.engine.error.MillraceException if the target does not take it
     */
    void append(String table, int split, BadRecord record);

    /** Makes everything appended durable where the target can. */
    void flush();

    @Override
    void close();
}
