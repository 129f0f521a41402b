// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.SqlType;

/**
 * One function of OVER. Its frame ends with the current row.
 *
 * @param function the function
 * @param argument index of the operand column in the input, or -1 for COUNT(*)
 * @param rows rows of the frame, the current one included, or {@link #UNBOUNDED}; for LAG how many rows back
 * @param otherwise of LAG: index of the column whose value of the current row is given where there is no row so far
 *     back, or -1 for NULL
 * @param argumentType type of the operand, or null for COUNT(*)
 * @param type type of the result
 */
public record OverCall(
        OverFunction function, int argument, int rows, int otherwise, SqlType argumentType, SqlType type) {
    /** The argument of COUNT(*). */
    public static final int NO_ARGUMENT = -1;

    /** The frame of all rows of the key so far. */
    public static final int UNBOUNDED = 0;

    /** LAG without a default. */
    public static final int NO_DEFAULT = -1;

    /** Most rows of a frame. */
    public static final int ROWS_MAX = 1_000_000;

    public OverCall {
        if (rows < 0 || rows > ROWS_MAX || function == OverFunction.LAG && rows == 0) {
            throw new IllegalArgumentException("a frame of " + rows + " rows for " + function);
        }
    }
}
