// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import java.util.Locale;

/**
 * One measured run.
 *
 * @param workload its name
 * @param rows rows read
 * @param seconds from the opening of the first split to the last result
 * @param cpuSeconds CPU time of the process in that time
 * @param outputRows results that left
 * @param checksum the same whatever the order of results
 */
record BenchResult(
        String workload, long rows, double seconds, double cpuSeconds, long outputRows, long checksum) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-8s %12s %9s %11s %13s %18s %12s  %s",
            "workload",
            "rows",
            "seconds",
            "cpu seconds",
            "rows/s",
            "rows/cpu second",
            "output rows",
            "checksum");

    /** Rows per second. */
    double rate() {
        return rows / seconds;
    }

    /** Rows per second of CPU time. */
    double ratePerCpuSecond() {
        return rows / cpuSeconds;
    }

    String checksumText() {
        return String.format(Locale.ROOT, "%016x", checksum);
    }

    /** One line of a table under {@link #HEADER}. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-8s %,12d %9.3f %11.2f %,13.0f %,18.0f %,12d  %s",
                workload,
                rows,
                seconds,
                cpuSeconds,
                rate(),
                ratePerCpuSecond(),
                outputRows,
                checksumText());
    }

    /** One JSON object. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"workload\":\"%s\",\"rows\":%d,\"seconds\":%.3f,\"cpu_seconds\":%.2f,\"rate\":%.0f,"
                        + "\"rate_per_cpu_second\":%.0f,\"output_rows\":%d,\"checksum\":\"%s\"}",
                workload,
                rows,
                seconds,
                cpuSeconds,
                rate(),
                ratePerCpuSecond(),
                outputRows,
                checksumText());
    }
}
