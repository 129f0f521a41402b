// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * When the epochs of a partition end: at moments that are an interval apart, and that differ from those of its neighbours.
 * The end of an epoch costs time; if all partitions of a node took theirs at once, rows would wait for the sum.
 */
public final class EpochTimes {
    /** Multiples of it, without their whole part, lie far from each other however many there are. */
    private static final double GOLDEN_RATIO = 0.618033988749895;

    private final long intervalNanos;
    private final long phaseNanos;

    /**
     * @param intervalNanos between two moments
     * @param owner what is the same for all partitions of a stage, and different for others
     * @param partition number of the partition
     */
    public EpochTimes(long intervalNanos, int owner, int partition) {
        this.intervalNanos = Math.max(1, intervalNanos);
        double phase = (owner & 0xffff) / 65536.0 + partition * GOLDEN_RATIO;
        phaseNanos = (long) (this.intervalNanos * (phase - Math.floor(phase)));
    }

    /**
     * The first moment at least half an interval after an epoch has ended, so that one that ended between two moments, for
     * whatever reason, is not followed by a very short one.
     *
     * @param endNanos when the epoch ended, on any clock that only goes forward
     * @param leastNanos how long the next one has to last
     */
    public long next(long endNanos, long leastNanos) {
        long earliest = endNanos + Math.max(leastNanos, intervalNanos / 2);
        return earliest + Math.floorMod(phaseNanos - earliest, intervalNanos);
    }
}
