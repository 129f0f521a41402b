// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import java.util.function.LongSupplier;

/** Says how many rows are due by the clock. What a slow consumer leaves is made up for, but at most a second's rows. */
public final class Throttle {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Waking up for each row of a fast source would cost more than its rows. */
    private static final long PAUSE_NANOS_MIN = 400_000;

    private final LongSupplier nanoClock;
    private final double rowsPerSecond;
    private double due;
    private long lastNanos;

    /**
     * @param nanoClock as {@link System#nanoTime}
     * @param startNanos from when rows are due, by that clock
     */
    public Throttle(double rowsPerSecond, LongSupplier nanoClock, long startNanos) {
        this.rowsPerSecond = rowsPerSecond;
        this.nanoClock = nanoClock;
        lastNanos = startNanos;
    }

    /** How many rows may go out now, at most {@code rowsMax}; they count as gone. */
    int take(int rowsMax) {
        long now = nanoClock.getAsLong();
        due += (now - lastNanos) / NANOS_PER_SECOND * rowsPerSecond;
        lastNanos = now;
        due = Math.min(due, Math.max(rowsPerSecond, 1));
        int rows = (int) Math.min(due, rowsMax);
        due -= rows;
        return rows;
    }

    /** How long until a row is due, in nanoseconds. */
    long pauseNanos() {
        return Math.max(PAUSE_NANOS_MIN, (long) ((1 - due) / rowsPerSecond * NANOS_PER_SECOND));
    }
}
