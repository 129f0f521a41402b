// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.SqlType;

/**
 * One aggregate of an aggregation.
 *
 * @param function the function
 * @param argument index of the operand column in the input, or -1 for COUNT(*)
 * @param distinct whether equal operands count once
 * @param filter index of a BOOLEAN input column that must be true for a row to count, or -1
 * @param argumentType type of the operand, or null for COUNT(*)
 * @param type type of the result
 */
public record AggregateCall(
        AggregateFunction function, int argument, boolean distinct, int filter, SqlType argumentType, SqlType type) {
    /** The argument of COUNT(*). */
    public static final int NO_ARGUMENT = -1;

    /** No FILTER clause. */
    public static final int NO_FILTER = -1;

    @Override
    public String toString() {
        String operand = argument == NO_ARGUMENT ? "*" : (distinct ? "DISTINCT $" : "$") + argument;
        return function + "(" + operand + ")" + (filter == NO_FILTER ? "" : " FILTER $" + filter);
    }
}
