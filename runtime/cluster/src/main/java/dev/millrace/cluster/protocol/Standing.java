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
 */
public record Standing(long position, long watermark, boolean finished) {

    /** The standing of an input of which nothing has been heard. */
    public static Standing atStart(long position) {
        return new Standing(position, Long.MIN_VALUE, false);
    }

    /** True if everything before {@code to}, and the end of the input where {@code end} says so, has been had. */
    public boolean covers(long to, boolean end) {
        return position >= to && (!end || finished);
    }
}
