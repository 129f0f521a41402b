// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * Where a partition stands in one input.
 *
 * @param position the next position that is wanted; everything before it has been had
 * @param watermark the split's watermark at that position in milliseconds, {@link Long#MIN_VALUE} if there is none yet.
 *     It is a function of the position, which is why the two are always kept and sent together.
 * @param finished true once the end of the input has been had, in order
 * @param idle true if the reader has declared the input idle at this position; it ends with the next position
 */
public record Standing(long position, long watermark, boolean finished, boolean idle) {

    /** The standing of an input that isn't idle. */
    public Standing(long position, long watermark, boolean finished) {
        this(position, watermark, finished, false);
    }

    /** The standing of an input of which nothing has been heard. */
    public static Standing atStart(long position) {
        return new Standing(position, Long.MIN_VALUE, false);
    }

    /** The same standing of an input that has been declared idle, or is so no more. */
    public Standing withIdle(boolean nowIdle) {
        return new Standing(position, watermark, finished, nowIdle);
    }

    /**
     * True if there is nothing in the other standing that this one lacks. At one position an input may go from awake to
     * idle and from either to finished, and never back.
     */
    public boolean covers(Standing other) {
        if (position != other.position) {
            return position > other.position;
        }
        return finished || !other.finished && (idle || !other.idle);
    }
}
