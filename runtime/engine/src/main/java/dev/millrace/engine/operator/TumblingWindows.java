// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.SqlType;

/** Windows of one size, side by side: which one a time belongs to, and when one closes. */
final class TumblingWindows {
    private final long unitsPerMilli;
    private final long sizeMillis;
    private final long sizeUnits;
    private final long offsetMillis;
    private final Lateness lateness;

    /** @param timeType type of the times: a TIMESTAMP or TIMESTAMP_LTZ */
    TumblingWindows(Window.Tumbling window, SqlType timeType) {
        unitsPerMilli = timeType.unitsPerSecond() / 1_000;
        sizeMillis = window.sizeMillis();
        sizeUnits = Math.multiplyExact(sizeMillis, unitsPerMilli);
        offsetMillis = window.offsetMillis();
        lateness = new Lateness(window.graceMillis());
    }

    long sizeMillis() {
        return sizeMillis;
    }

    Lateness lateness() {
        return lateness;
    }

    /** Start of the window of a time, in milliseconds. */
    long start(long time) {
        long millis = Math.floorDiv(time, unitsPerMilli) - offsetMillis;
        return millis - Math.floorMod(millis, sizeMillis) + offsetMillis;
    }

    /** Whether a time lies in the window with this start. */
    boolean contains(long startMillis, long time) {
        // One unsigned comparison for both ends of the window.
        return Long.compareUnsigned(time - startMillis * unitsPerMilli, sizeUnits) < 0;
    }

    /** Whether a watermark closes the window with this start. */
    boolean isClosed(long startMillis, long watermark) {
        return lateness.closes(startMillis + sizeMillis, watermark);
    }

    /** Whether all these rows are in the window with this start. */
    boolean contains(long startMillis, long[] times, int[] rows, int count) {
        final long start = startMillis * unitsPerMilli;
        final long size = sizeUnits;
        for (int i = 0; i < count; i++) {
            if (Long.compareUnsigned(times[rows[i]] - start, size) >= 0) {
                return false;
            }
        }
        return true;
    }
}
