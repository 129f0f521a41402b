// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.connectors.workload.Gen;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * How long each row took from the moment at which it was due to the first result that counts it.
 *
 * <p>Due times follow from the rate and the row's number alone, so that a pause is charged to every row that should
 * have come in it, whether the source had got round to it or not. A result with count n of its group counts the group's
 * first n rows; which ones those are is found by generating rows again, as far as needed.
 */
final class RowLatency {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int WAITING_ROWS = 4;

    private final Gen gen;
    private final double nanosPerRow;
    private final long rows;
    private final long firstMeasured;
    private final Histogram nanos = new Histogram(SIGNIFICANT_DIGITS);

    /** By group the rows that no result counts yet: a ring, where it begins, and how many they are. */
    private final long[][] waiting;
    private final int[] first;
    private final int[] waitingRows;
    private final long[] counted;
    private long generated;
    private long countedRows;

    /**
     * @param gen the rows
     * @param rate rows a second
     * @param rows number of rows
     * @param firstMeasured the rows before this one are a warm-up
     */
    RowLatency(Gen gen, long rate, long rows, long firstMeasured) {
        this.gen = gen;
        this.rows = rows;
        this.firstMeasured = firstMeasured;
        nanosPerRow = NANOS_PER_SECOND / rate;
        waiting = new long[gen.keys()][];
        first = new int[gen.keys()];
        waitingRows = new int[gen.keys()];
        counted = new long[gen.keys()];
    }

    /**
     * A result has come.
     *
     * @param group the number of its group
     * @param count how many of the group's rows it counts
     * @param nanosSinceStart when it came, from when row 0 was due
     */
    synchronized void onResult(int group, long count, long nanosSinceStart) {
        while (counted[group] < count) {
            long row = take(group);
            counted[group]++;
            countedRows++;
            if (row >= firstMeasured) {
                nanos.recordValue(Math.max(0, nanosSinceStart - (long) (row * nanosPerRow)));
            }
        }
    }

    private long take(int group) {
        while (waitingRows[group] == 0) {
            if (generated == rows) {
                throw new IllegalStateException("group " + group + " counts more rows than it has");
            }
            add(gen.key(gen.hash(generated)), generated);
            generated++;
        }
        long[] ring = waiting[group];
        long row = ring[first[group]];
        first[group] = first[group] + 1 & ring.length - 1;
        waitingRows[group]--;
        return row;
    }

    private void add(int group, long row) {
        long[] ring = waiting[group];
        if (ring == null) {
            ring = new long[WAITING_ROWS];
            waiting[group] = ring;
        } else if (waitingRows[group] == ring.length) {
            long[] larger = Arrays.copyOfRange(ring, first[group], first[group] + ring.length * 2);
            System.arraycopy(ring, 0, larger, ring.length - first[group], first[group]);
            Arrays.fill(larger, ring.length, larger.length, 0);
            first[group] = 0;
            ring = larger;
            waiting[group] = ring;
        }
        ring[first[group] + waitingRows[group] & ring.length - 1] = row;
        waitingRows[group]++;
    }

    /** Rows that were due by then and that no result counts yet. */
    synchronized long lag(long nanosSinceStart) {
        return Math.min(rows, (long) (nanosSinceStart / nanosPerRow)) - countedRows;
    }

    /** Number of rows measured. */
    synchronized long measuredRows() {
        return nanos.getTotalCount();
    }

    /** Nanoseconds within which this part of the measured rows was counted. */
    synchronized long atPercentile(double percentile) {
        return nanos.getValueAtPercentile(percentile);
    }
}
