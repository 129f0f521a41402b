// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/** Which epochs of a partition have ended, and how far they are durable: a few may be on their way. */
public class EpochNumbers {
    private final int inFlightMax;
    private long ended;
    private long durable;

    /**
     * @param restored the last epoch of the log, 0 if there is none
     * @param inFlightMax epochs that may have ended and not be durable
     */
    public EpochNumbers(long restored, int inFlightMax) {
        ended = restored;
        durable = restored;
        this.inFlightMax = inFlightMax;
    }

    /** Whether an epoch may end: not too many are on their way. */
    public boolean mayEnd() {
        return ended - durable < inFlightMax;
    }

    /** Ends an epoch and gives its number. */
    public final long end() {
        ended++;
        return ended;
    }

    /** An epoch is durable, and all before it. */
    public final void kept(long epoch) {
        durable = epoch;
    }

    /** The last epoch that has ended, 0 if there is none. */
    public final long ended() {
        return ended;
    }

    /** The last epoch that is durable, 0 if there is none. */
    public final long durable() {
        return durable;
    }

    /** Whether all that has ended is durable. */
    public final boolean isDurable() {
        return durable == ended;
    }
}
