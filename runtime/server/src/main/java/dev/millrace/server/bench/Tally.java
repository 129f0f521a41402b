// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one run comes to: rows, checksum, time and CPU from the first row read to the last result. Readers and sinks of
 * all partitions report to it.
 */
final class Tally {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final double NANOS_PER_SECOND = 1e9;

    private final AtomicBoolean begun = new AtomicBoolean();
    private final FinalTable finalTable;
    private long startNanos;
    private long startCpuNanos;
    private long endNanos;
    private long endCpuNanos;
    private long rows;
    private long sum;

    /** @param groups number of groups whose last row counts, 0 if every row counts */
    Tally(int groups) {
        finalTable = new FinalTable(groups);
    }

    /** A reader is about to read its first rows. */
    void begin() {
        if (!begun.get() && begun.compareAndSet(false, true)) {
            synchronized (this) {
                startCpuNanos = SYSTEM.getProcessCpuTime();
                startNanos = System.nanoTime();
            }
        }
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
        endNanos = System.nanoTime();
        endCpuNanos = SYSTEM.getProcessCpuTime();
    }

    /** The job has ended. */
    synchronized BenchResult result(Workload workload, long inputRows) {
        if (rows == 0) {
            add(0, 0);
        }
        long checksum = sum + finalTable.checksum();
        double seconds = (endNanos - startNanos) / NANOS_PER_SECOND;
        double cpuSeconds = (endCpuNanos - startCpuNanos) / NANOS_PER_SECOND;
        return new BenchResult(workload.id(), inputRows, seconds, cpuSeconds, rows, checksum);
    }
}
