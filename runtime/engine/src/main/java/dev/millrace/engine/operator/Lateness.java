// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

/**
 * Judges rows by {@code before(r)}, the watermark of the row's own split just before it, so that the verdict doesn't
 * depend on how inputs interleave.
 *
 * @param allowedMillis allowed lateness, 0 or more
 */
public record Lateness(long allowedMillis) {

    public Lateness {
        if (allowedMillis < 0) {
            throw new IllegalArgumentException("negative lateness: " + allowedMillis);
        }
    }

    /**
     * True if a fixed window is closed at a watermark: a row of it is late if before(r) closes it.
     *
     * @param end exclusive end of the window in milliseconds
     * @param watermark milliseconds, {@link Long#MIN_VALUE} if there is none
     */
    public boolean closes(long end, long watermark) {
        long after = plus(end, allowedMillis);
        // Lateness without end keeps windows open until all inputs have ended.
        return watermark != Long.MIN_VALUE && (after == Long.MAX_VALUE ? after : after - 1) <= watermark;
    }

    /**
     * True if a row is late for sessions, OVER by time, interval and temporal joins and time-ordered Top-N.
     *
     * @param time the row's time in milliseconds
     * @param before before(r), {@link Long#MIN_VALUE} if there is none
     */
    public boolean isLate(long time, long before) {
        return before != Long.MIN_VALUE && plus(time, allowedMillis) <= before;
    }

    /** The sum, held at the ends of the range; the low end is one short so that 1 can be taken away. */
    private static long plus(long time, long millis) {
        long sum = time + millis;
        return time > 0 && sum < 0 ? Long.MAX_VALUE : Math.max(sum, Long.MIN_VALUE + 1);
    }
}
