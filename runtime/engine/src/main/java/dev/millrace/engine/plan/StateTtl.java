// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/**
 * How long state by key is kept that no row of its key comes for: longer than that after it was last refreshed it is
 * forgotten, and the next row of the key finds nothing. Counted by the machine's clock.
 *
 * @param millis how long, at least 1
 * @param refresh what it is counted from
 */
public record StateTtl(long millis, Refresh refresh) {
    /** What the age of a key's state is counted from. */
    public enum Refresh {
        /** The row that made it. */
        CREATE,
        /** The last row that found it or changed it: every row of the key does. */
        WRITE
    }

    public StateTtl {
        if (millis < 1) {
            throw new IllegalArgumentException("state that is kept for " + millis + " ms");
        }
    }
}
