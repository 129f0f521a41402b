// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import java.util.function.LongSupplier;

/**
 * Rows that are there from a moment of their own on, as in a log that somebody else fills: row {@code i} of all splits
 * {@code i / rowsPerSecond} seconds after the first. It does not matter who reads them, where, and how late.
 */
public final class GrowingLog implements Pace {
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final LongSupplier millisClock;
    private final long startMillis;
    private final double rowsPerMilli;

    /**
     * @param rowsPerSecond of all splits together
     * @param startMillis when row 0 is there, since 1970
     * @param millisClock as {@link System#currentTimeMillis}
     */
    public GrowingLog(double rowsPerSecond, long startMillis, LongSupplier millisClock) {
        this.millisClock = millisClock;
        this.startMillis = startMillis;
        rowsPerMilli = rowsPerSecond / MILLIS_PER_SECOND;
    }

    @Override
    public int take(long first, int rowsMax, int step) {
        long there = (long) ((millisClock.getAsLong() - startMillis) * rowsPerMilli);
        return first >= there ? 0 : (int) Math.min(rowsMax, (there - first - 1) / step + 1);
    }

    @Override
    public long pauseNanos() {
        return PAUSE_NANOS;
    }
}
