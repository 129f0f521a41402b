// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

/** Says how many rows of a split are due by the clock. */
public sealed interface Pace permits Throttle, GrowingLog {
    /**
     * How many rows may go out now. Those that a reader has been given before may go again at once.
     *
     * @param first number of the first one
     * @param rowsMax how many are wanted
     * @param step from one number to the next
     */
    int take(long first, int rowsMax, int step);

    /** How long until a row may be due, in nanoseconds. */
    long pauseNanos();
}
