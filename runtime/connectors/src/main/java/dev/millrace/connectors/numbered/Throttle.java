// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import java.util.function.LongSupplier;

/** Says how many rows are due by the clock. What a slow consumer leaves is made up for, but at most a second's rows. */
public final class Throttle {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoClock;
    private final double rowsPerSecond;
    private double due;
    private long lastNanos;

    /** @param nanoClock as {@link System#nanoTime} */
    public Throttle(double rowsPerSecond, LongSupplier nanoClock) {
        this.rowsPerSecond = rowsPerSecond;
        this.nanoClock = nanoClock;
        lastNanos = nanoClock.getAsLong();
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
}
