// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * When a reader that finds nothing declares its split idle. Only the time counts in which it looked, and could have had
 * all there is: while it is paused, or its source keeps something back, it knows nothing.
 */
public final class IdleTimer {
    private final long timeoutMillis;
    private boolean quiet;
    private long quietSince;

    /** @param timeoutMillis how long nothing must have been found; 0 never declares the split idle */
    public IdleTimer(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * The reader has read everything and found nothing more.
     *
     * @param now milliseconds of a clock that never goes back
     * @return true if that has been so for as long as it takes
     */
    public boolean nothingFound(long now) {
        if (!quiet) {
            quiet = true;
            quietSince = now;
        }
        return timeoutMillis > 0 && now - quietSince >= timeoutMillis;
    }

    /** Something was found, or the reader does not look. */
    public void restart() {
        quiet = false;
    }
}
