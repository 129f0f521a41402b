// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

/**
 * What one portion of state is to hold beside what has changed: a slice of the rest, or all of it. Those who write it one
 * behind the other share the slice.
 */
public final class Portion {
    private final boolean whole;
    private final boolean begins;
    private long left;

    private Portion(boolean whole, boolean begins, long slice) {
        this.whole = whole;
        this.begins = begins;
        left = slice;
    }

    /** All state, beside the row of portions: what the next of these holds does not change. */
    public static Portion whole() {
        return new Portion(true, true, Long.MAX_VALUE);
    }

    /**
     * The next of a row.
     *
     * @param begins whether an image begins with it
     * @param slice about how many bytes of what has not changed may be written
     */
    public static Portion next(boolean begins, long slice) {
        return new Portion(false, begins, slice);
    }

    /** Whether all is to be written, beside the row. */
    public boolean isWhole() {
        return whole;
    }

    /** Whether an image begins. */
    public boolean begins() {
        return begins;
    }

    /** Whether something of the slice is left. */
    public boolean hasSlice() {
        return left > 0;
    }

    /** So many bytes of what has not changed were written. */
    public void use(long bytes) {
        left -= bytes;
    }
}
