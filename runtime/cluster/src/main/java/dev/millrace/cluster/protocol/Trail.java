// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;

/** Remembers for a while when a cursor was where. */
final class Trail {
    private static final int MARKS_A_SPAN = 32;

    private final long spanMillis;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    private record Mark(long position, long at) {}

    /** @param spanMillis how far back it has to remember */
    Trail(long spanMillis) {
        this.spanMillis = spanMillis;
    }

    /** The cursor stands at a position now. */
    void passed(long position, long now) {
        if (!marks.isEmpty() && marks.getLast().position() > position) {
            marks.clear();
        }
        if (marks.isEmpty() || now - marks.getLast().at() >= spanMillis / MARKS_A_SPAN) {
            marks.add(new Mark(position, now));
        }
        if (marks.size() > MARKS_A_SPAN + 1) {
            marks.remove();
        }
    }

    /**
     * How long ago the cursor left a position behind it.
     *
     * @return milliseconds, 0 if it is still there, at least the span if that is too long ago to be known
     */
    long millisBehind(long position, long now) {
        if (!marks.isEmpty() && marks.getFirst().position() > position) {
            return Math.max(spanMillis + 1, now - marks.getFirst().at());
        }
        for (Mark mark : marks) {
            if (mark.position() > position) {
                return now - mark.at();
            }
        }
        return 0;
    }
}
