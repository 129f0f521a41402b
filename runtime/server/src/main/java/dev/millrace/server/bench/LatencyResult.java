// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One run at a fixed rate.
 *
 * @param run what it came to as a whole
 * @param rate rows a second that were due
 * @param measuredRows rows after the warm-up, whose latency follows
 * @param p50Nanos by which half of them was counted
 * @param samples at the end of the warm-up, in the middle, at the end
 */
record LatencyResult(
        BenchResult run, long rate, long measuredRows, long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos,
        List<Sample> samples) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-8s %10s %8s %5s  %8s %8s %8s %8s   %-17s   %s",
            "workload",
            "rows/s",
            "seconds",
            "cores",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "heap MB",
            "lag rows");

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    static LatencyResult of(BenchResult run, long rate, RowLatency latency, List<Sample> samples) {
        return new LatencyResult(
                run,
                rate,
                latency.measuredRows(),
                latency.atPercentile(50),
                latency.atPercentile(99),
                latency.atPercentile(99.9),
                latency.atPercentile(100),
                List.copyOf(samples));
    }

    /** One line of a table under {@link #HEADER}. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-8s %,10d %8.1f %5.2f  %8.2f %8.2f %8.2f %8.2f   %-17s   %s",
                run.workload(),
                rate,
                run.seconds(),
                run.cpuSeconds() / run.seconds(),
                p50Nanos / NANOS_PER_MILLI,
                p99Nanos / NANOS_PER_MILLI,
                p999Nanos / NANOS_PER_MILLI,
                maxNanos / NANOS_PER_MILLI,
                heap(" → "),
                lag(" → "));
    }

    /** One JSON object. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"workload\":\"%s\",\"rate\":%d,\"rows\":%d,\"measured_rows\":%d,\"seconds\":%.3f,"
                        + "\"cpu_seconds\":%.2f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f,"
                        + "\"heap_mb\":[%s],\"lag_rows\":[%s],\"checksum\":\"%s\"}",
                run.workload(),
                rate,
                run.rows(),
                measuredRows,
                run.seconds(),
                run.cpuSeconds(),
                p50Nanos / NANOS_PER_MILLI,
                p99Nanos / NANOS_PER_MILLI,
                p999Nanos / NANOS_PER_MILLI,
                maxNanos / NANOS_PER_MILLI,
                heap(","),
                lag(","),
                run.checksumText());
    }

    private String heap(String separator) {
        return samples.stream()
                .map(sample -> String.format(Locale.ROOT, "%.0f", sample.heapBytes() / BYTES_PER_MEGABYTE))
                .collect(Collectors.joining(separator));
    }

    private String lag(String separator) {
        return samples.stream().map(sample -> Long.toString(sample.lagRows())).collect(Collectors.joining(separator));
    }
}
