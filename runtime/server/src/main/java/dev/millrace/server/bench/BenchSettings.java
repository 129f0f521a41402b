// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import java.util.List;

/**
 * What is measured.
 *
 * @param workload the workload
 * @param rows rows of input
 * @param rate rows a second by the clock, for latency; 0 for as many as possible, for throughput
 * @param keys groups of the input
 * @param skew percent of the rows that have the first key
 * @param preAggregation whether readers combine rows, as the option of a job says it
 * @param partitions partitions of the job
 * @param cores threads for partitions, and splits of the source
 * @param affinity whether each of these threads is pinned to a CPU
 * @param repeat measured runs after a warm-up, or 0 for one run without a warm-up; at a rate each run has its own
 * @param checkpointIntervals intervals as in SQL options, or {@link #NO_CHECKPOINTS}: runs take them in turns; at least one
 * @param verify whether the checksum is compared with that of the reference
 * @param json whether results are JSON objects
 * @param kafka the brokers; null but for the workload that needs some
 */
public record BenchSettings(
        Workload workload,
        long rows,
        long rate,
        int keys,
        int skew,
        String preAggregation,
        int partitions,
        int cores,
        boolean affinity,
        int repeat,
        List<String> checkpointIntervals,
        boolean verify,
        boolean json,
        KafkaSettings kafka) {
    /** In place of an interval: nothing is kept. */
    public static final String NO_CHECKPOINTS = "none";

    public BenchSettings {
        checkpointIntervals = List.copyOf(checkpointIntervals);
    }

    /** Whether any of the runs has checkpoints. */
    boolean hasCheckpoints() {
        return checkpointIntervals.stream().anyMatch(interval -> !interval.equals(NO_CHECKPOINTS));
    }
}
