// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/**
 * An event time among the columns of rows, and how it goes with the watermark: every row that is still to come has a time
 * greater than the watermark less {@code behindMillis}.
 *
 * @param column index of the column: a TIMESTAMP or TIMESTAMP_LTZ
 * @param behindMillis 0 for the event time of a source; -1 for the end of a window, since the window closes with the
 *     watermark 1 ms before it; for its start the window's size less 1 ms
 */
public record TimeColumn(int column, long behindMillis) {}
