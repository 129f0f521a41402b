// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * The watermark of one split: the running maximum of the watermark expression over all rows that could be decoded,
 * before any filter, less 1 ms. It is a function of the position, so a reader that starts in the middle takes it from
 * the partition that it starts for.
 *
 * <p>The 1 ms keeps a row of the same time as the latest one from being late.
 */
public final class SplitWatermark {
    /** A row without time: it doesn't move the watermark and is never late. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** In place of before(r) for a row that is later than it. */
    public static final long NOT_BEFORE = Long.MIN_VALUE;

    private long watermark;

    /**
     * @param watermark where it stands at the position at which reading begins, in milliseconds;
     *     {@link Long#MIN_VALUE} at the start of a split
     */
    public SplitWatermark(long watermark) {
        this.watermark = watermark;
    }

    /** The watermark after the rows so far, in milliseconds. */
    public long watermark() {
        return watermark;
    }

    /**
     * Takes the next rows of the split, in order.
     *
     * @param watermarkTimes the watermark expression of each row in milliseconds, or {@link #NO_TIME}
     * @param rowTimes the time of each row in milliseconds, or {@link #NO_TIME}; may be the same array
     * @param before receives before(r) of each row that isn't later than it and {@link #NOT_BEFORE} for the others;
     *     left alone if there is no such row
     * @param count number of rows
     * @return true if a row isn't later than its before(r), so that {@code before} has to travel with the rows
     */
    public boolean advance(long[] watermarkTimes, long[] rowTimes, long[] before, int count) {
        long current = watermark;
        int row = 0;
        while (row < count && (rowTimes[row] > current || rowTimes[row] == NO_TIME)) {
            // NO_TIME is the smallest long, and one less would not be.
            current = Math.max(current, Math.max(watermarkTimes[row], NO_TIME + 1) - 1);
            row++;
        }
        if (row == count) {
            watermark = current;
            return false;
        }
        for (int earlier = 0; earlier < row; earlier++) {
            before[earlier] = NOT_BEFORE;
        }
        for (; row < count; row++) {
            long time = rowTimes[row];
            before[row] = time <= current && time != NO_TIME ? current : NOT_BEFORE;
            current = Math.max(current, Math.max(watermarkTimes[row], NO_TIME + 1) - 1);
        }
        watermark = current;
        return true;
    }
}
