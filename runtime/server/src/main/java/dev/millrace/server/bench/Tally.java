// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What one run comes to: rows, checksum, time and CPU from the opening of the first split to the last result. Readers and
 * sinks of all partitions report to it.
 */
final class Tally {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double NANOS_PER_SECOND = 1e9;

    private final FinalTable finalTable;
    private final RowLatency latency;
    private long startNanos;
    private long startCpuNanos;
    private long startAllocatedBytes;
    private long endNanos;
    private long endCpuNanos;
    private boolean ended;
    private long rows;
    private long sum;

    /**
     * @param groups number of groups whose last row counts, 0 if every row counts
     * @param latency told of every result, or null if there is nobody to tell
     */
    Tally(int groups, RowLatency latency) {
        finalTable = new FinalTable(groups);
        this.latency = latency;
    }

    /** A split is about to be opened. */
    synchronized void begin() {
        if (startNanos == 0) {
            startAllocatedBytes = THREADS.getTotalThreadAllocatedBytes();
            startCpuNanos = SYSTEM.getProcessCpuTime();
            startNanos = System.nanoTime();
        }
    }

    /** When the first split was opened. */
    synchronized long startNanos() {
        return startNanos;
    }

    /** Nanoseconds since the first split was opened, or 0 before. */
    synchronized long nanosSinceStart() {
        return startNanos == 0 ? 0 : System.nanoTime() - startNanos;
    }

    /** Who wants to know of every result, or null. */
    RowLatency latency() {
        return latency;
    }

    /** The last row of each group. */
    FinalTable finalTable() {
        return finalTable;
    }

    /**
     * A sink has taken rows.
     *
     * @param checksum sum of the rows' hashes, where every row counts
     */
    synchronized void add(long count, long checksum) {
        rows += count;
        sum += checksum;
        if (!ended) {
            endNanos = System.nanoTime();
            endCpuNanos = SYSTEM.getProcessCpuTime();
        }
    }

    /** All results have left; what is added from now on is only counted. */
    synchronized void end() {
        add(0, 0);
        ended = true;
    }

    /** The job has ended. */
    synchronized BenchResult result(Workload workload, long inputRows, String checkpoints) {
        if (rows == 0) {
            add(0, 0);
        }
        long checksum = sum + finalTable.checksum();
        // A little is allocated between the last result and now, too.
        long allocatedBytes = THREADS.getTotalThreadAllocatedBytes() - startAllocatedBytes;
        double seconds = (endNanos - startNanos) / NANOS_PER_SECOND;
        double cpuSeconds = (endCpuNanos - startCpuNanos) / NANOS_PER_SECOND;
        return new BenchResult(
                workload.id(), checkpoints, inputRows, seconds, cpuSeconds, rows, allocatedBytes, checksum);
    }
}
