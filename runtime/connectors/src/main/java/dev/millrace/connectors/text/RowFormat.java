// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import dev.millrace.engine.batch.Batch;

/**
 * Writes rows of one schema as text. Holds no state between rows, so several threads may share it.
 *
 * <p>Values are written alike in all forms: integers and decimals exact, doubles in the shortest digits that read back
 * the same, timestamps as {@code yyyy-MM-dd HH:mm:ss.SSS} in UTC (six or nine digits of the fraction where the precision
 * is above three or six), binary strings in Base64.
 */
public interface RowFormat {
    /**
     * Appends a row and the line feed that ends it.
     *
     * @param batch a batch of the schema
     * @param row the row's number in the batch's arrays, as {@link Batch#row} gives it
     */
    void append(Batch batch, int row, TextBuffer out);

    /** Appends the line that stands before all rows. Nothing in most forms. */
    default void appendHeader(TextBuffer out) {}

    /**
     * Whether a file needs a header whose first row is this one.
     *
     * @param batch a batch of the schema
     * @param row the row's number in the batch's arrays
     */
    default boolean needsHeader(Batch batch, int row) {
        return false;
    }

    /** Appends all selected rows of a batch. */
    default void appendAll(Batch batch, TextBuffer out) {
        for (int i = 0; i < batch.size(); i++) {
            append(batch, batch.row(i), out);
        }
    }
}
