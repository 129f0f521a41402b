// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import java.util.Locale;

/**
 * One measured run.
 *
 * @param workload its name
 * @param checkpoints the interval of its checkpoints, or "none"
 * @param rows rows read
 * @param seconds from the opening of the first split to the last result
 * @param cpuSeconds CPU time of the process in that time
 * @param outputRows results that left
 * @param allocatedBytes what all threads allocated in that time
 * @param checksum the same whatever the order of results
 */
record BenchResult(
        String workload, String checkpoints, long rows, double seconds, double cpuSeconds, long outputRows,
        long allocatedBytes,
        long checksum) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-8s %11s %12s %9s %11s %13s %18s %12s %11s  %s",
            "workload",
            "checkpoints",
            "rows",
            "seconds",
            "cpu seconds",
            "rows/s",
            "rows/cpu second",
            "output rows",
            "bytes/row",
            "checksum");

    /** Rows per second. */
    double rate() {
        return rows / seconds;
    }

    /** Rows per second of CPU time. */
    double ratePerCpuSecond() {
        return rows / cpuSeconds;
    }

    private double allocatedBytesPerRow() {
        return (double) allocatedBytes / rows;
    }

    String checksumText() {
        return String.format(Locale.ROOT, "%016x", checksum);
    }

    /** One line of a table under {@link #HEADER}. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-8s %11s %,12d %9.3f %11.2f %,13.0f %,18.0f %,12d %11.2f  %s",
                workload,
                checkpoints,
                rows,
                seconds,
                cpuSeconds,
                rate(),
                ratePerCpuSecond(),
                outputRows,
                allocatedBytesPerRow(),
                checksumText());
    }

    /** One JSON object. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"workload\":\"%s\",\"checkpoints\":\"%s\",\"rows\":%d,\"seconds\":%.3f,\"cpu_seconds\":%.2f,\"rate\":%.0f,"
                        + "\"rate_per_cpu_second\":%.0f,\"output_rows\":%d,\"allocated_bytes_per_row\":%.2f,"
                        + "\"checksum\":\"%s\"}",
                workload,
                checkpoints,
                rows,
                seconds,
                cpuSeconds,
                rate(),
                ratePerCpuSecond(),
                outputRows,
                allocatedBytesPerRow(),
                checksumText());
    }
}
