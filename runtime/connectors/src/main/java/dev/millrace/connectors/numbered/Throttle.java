// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import java.util.function.LongSupplier;

/**
 * Says how many rows of a split are due by the clock. What a slow consumer leaves is made up for, but at most a second's
 * rows.
 */
public final class Throttle implements Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Waking up for each row of a fast source would cost more than its rows. */
    private static final long PAUSE_NANOS_MIN = 400_000;

    private final LongSupplier nanoClock;
    private final double rowsPerSecond;
    private double due;
    private long lastNanos;
    private long reached = Long.MIN_VALUE;

    /**
     * @param nanoClock as {@link System#nanoTime}
     * @param startNanos from when rows are due, by that clock
     */
    public Throttle(double rowsPerSecond, LongSupplier nanoClock, long startNanos) {
        this.rowsPerSecond = rowsPerSecond;
        this.nanoClock = nanoClock;
        lastNanos = startNanos;
    }

    @Override
    public synchronized int take(long first, int rowsMax, int step) {
        if (first < reached) {
            return (int) Math.min(rowsMax, (reached - first - 1) / step + 1);
        }
        int rows = takeDue(rowsMax);
        reached = first + (long) rows * step;
        return rows;
    }

    private int takeDue(int rowsMax) {
        long now = nanoClock.getAsLong();
        due += (now - lastNanos) / NANOS_PER_SECOND * rowsPerSecond;
        lastNanos = now;
        due = Math.min(due, Math.max(rowsPerSecond, 1));
        int rows = (int) Math.min(due, rowsMax);
        due -= rows;
        return rows;
    }

    @Override
    public synchronized long pauseNanos() {
        return Math.max(PAUSE_NANOS_MIN, (long) ((1 - due) / rowsPerSecond * NANOS_PER_SECOND));
    }
}
