// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import dev.millrace.engine.batch.BatchBuilder;

/** Rows by number. Belongs to one reader. */
public interface NumberedRows {
    /**
     * Fills all columns of some rows.
     *
     * @param firstRow the batch's row that gets the first generated row
     * @param count number of rows
     * @param first row number of the first generated row
     * @param step from one generated row number to the next
     */
    void fill(BatchBuilder into, int firstRow, int count, long first, int step);
}
