// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Vector;

/** A generated loop over the rows of a batch. Generated classes implement it; nobody else does. */
public interface Loop {
    /**
     * Runs over the selected rows.
     *
     * @param columns the batch's columns
     * @param rowCount number of rows in the arrays
     * @param selection the selected row numbers, or null for all
     * @param size number of selected rows
     * @param result a projection's new vector, else null
     * @param passed room for the rows that pass a filter, else null
     * @param failures takes the rows that fail
     * @return the number of rows in {@code passed}
     */
    int run(
            Vector[] columns,
            int rowCount,
            int[] selection,
            int size,
            Vector result,
            int[] passed,
            FailedRows failures);
}
