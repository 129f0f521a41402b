// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/**
 * A window on event time.
 *
 * <p>The first columns of a windowed aggregation's result are always {@code window_start} and {@code window_end}
 * (TIMESTAMP(3)).
 */
public sealed interface Window {
    /** Index of the time column in the aggregation's input: a TIMESTAMP or TIMESTAMP_LTZ. */
    int timeColumn();

    /** How long after its end a window stays open, in milliseconds of event time (GRACE PERIOD). */
    long graceMillis();

    /**
     * Windows of one size, side by side.
     *
     * @param timeColumn index of the time column in the aggregation's input
     * @param sizeMillis length of a window, above 0
     * @param offsetMillis shift of the windows against 1970-01-01 00:00
     * @param graceMillis how long after its end a window stays open
     */
    record Tumbling(int timeColumn, long sizeMillis, long offsetMillis, long graceMillis) implements Window {}
}
