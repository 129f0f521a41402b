// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Expression;

/**
 * The windows that a table function puts rows into.
 *
 * @param time the event time, over the table's columns
 */
record Windowing(Expression time, long sizeMillis, long offsetMillis, long graceMillis) {
    /** Columns that a window adds behind the table's own: start, end, and the last moment in it. */
    static final int START = 0;
    static final int END = 1;
    static final int TIME = 2;
}
