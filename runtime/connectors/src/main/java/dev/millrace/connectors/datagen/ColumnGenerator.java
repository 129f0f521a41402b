// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.Vector;

/** The values of a column by row number. Has no state, so readers share it. */
interface ColumnGenerator {
    /**
     * Sets some rows of a vector.
     *
     * @param vector of the column's storage
     * @param firstRow the vector's row that gets the first value
     * @param count number of values
     * @param first row number of the first value
     * @param step from one row number to the next
     */
    void fill(Vector vector, int firstRow, int count, long first, int step);
}
