// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.cluster.JobState;
import dev.millrace.cluster.JobStatus;
import dev.millrace.cluster.PartitionState;
import dev.millrace.cluster.PartitionStatus;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What Prometheus reads. The names are documented in docs/reference/metrics.md. */
final class MetricsPage {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();
    private static final double MILLIS_PER_SECOND = 1000;

    private MetricsPage() {}

    /**
     * @param queries how many SELECTs run
     * @param nowMillis the time against which watermarks lag
     */
    static byte[] of(List<JobStatus> jobs, int queries, long nowMillis) {
        MetricSnapshots snapshots = MetricSnapshots.builder()
                .metricSnapshot(GaugeSnapshot.builder()
                        .name("millrace_queries")
                        .help("SELECTs whose rows go to a client now")
                        .dataPoint(new GaugeDataPointSnapshot(queries, Labels.EMPTY, null))
                        .build())
                .metricSnapshot(states(jobs))
                .metricSnapshot(counter(jobs, "millrace_partition_rows_read",
                        "Rows that a partition has taken from its sources", status -> status.progress().rowsRead()))
                .metricSnapshot(counter(jobs, "millrace_partition_rows_written",
                        "Rows that have left a partition to the target", status -> status.progress().rowsWritten()))
                .metricSnapshot(counter(jobs, "millrace_partition_bad_records",
                        "Records and rows that went to the dead letters", status -> status.progress().badRecords()))
                .metricSnapshot(counter(jobs, "millrace_partition_late_rows",
                        "Rows that were late and left out", status -> status.progress().lateRows()))
                .metricSnapshot(counter(jobs, "millrace_partition_rows_of_closed_windows",
                        "Rows left out that were not late, whose window was closed because their input was idle or new",
                        status -> status.progress().rowsOfClosedWindows()))
                .metricSnapshot(counter(jobs, "millrace_partition_forgotten_rows",
                        "Rows that were to be taken back from groups that had expired",
                        status -> status.progress().forgottenRows()))
                .metricSnapshot(counter(jobs, "millrace_partition_epochs",
                        "Epochs of a partition that are durable", PartitionStatus::epoch))
                .metricSnapshot(counter(jobs, "millrace_partition_restarts",
                        "How often a partition was started again after a failure", PartitionStatus::restarts))
                .metricSnapshot(partitionStates(jobs))
                .metricSnapshot(stateBytes(jobs))
                .metricSnapshot(lag(jobs, nowMillis))
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            WRITER.write(out, snapshots);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static GaugeSnapshot states(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_job_state")
                .help("1 for the state that a job is in, 0 for all others");
        for (JobStatus job : jobs) {
            for (JobState state : JobState.values()) {
                Labels labels = Labels.of("job", job.name(), "state", state.name().toLowerCase(Locale.ROOT));
                gauge.dataPoint(new GaugeDataPointSnapshot(job.state() == state ? 1 : 0, labels, null));
            }
        }
        return gauge.build();
    }

    private static GaugeSnapshot partitionStates(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_partition_state")
                .help("1 for the state that a partition is in, 0 for all others");
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                for (PartitionState state : PartitionState.values()) {
                    Labels labels = labels(job, partition)
                            .merge(Labels.of("state", state.name().toLowerCase(Locale.ROOT)));
                    gauge.dataPoint(new GaugeDataPointSnapshot(partition.state() == state ? 1 : 0, labels, null));
                }
            }
        }
        return gauge.build();
    }

    private static CounterSnapshot counter(
            List<JobStatus> jobs, String name, String help, ToLongFunction<PartitionStatus> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                // One that reads its checkpoint doesn't know yet; zero would look as if it began anew.
                if (partition.state() != PartitionState.RECOVERING) {
                    counter.dataPoint(new CounterDataPointSnapshot(
                            value.applyAsLong(partition), labels(job, partition), null, 0));
                }
            }
        }
        return counter.build();
    }

    private static GaugeSnapshot stateBytes(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_partition_state_bytes")
                .help("Memory that the state of a partition holds");
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                gauge.dataPoint(new GaugeDataPointSnapshot(
                        partition.progress().stateBytes(), labels(job, partition), null));
            }
        }
        return gauge.build();
    }

    private static GaugeSnapshot lag(List<JobStatus> jobs, long nowMillis) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_partition_watermark_lag_seconds")
                .help("How far the watermark of a partition is behind the clock; none before its first row and after "
                        + "its last");
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                long watermark = partition.watermark();
                if (watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE) {
                    gauge.dataPoint(new GaugeDataPointSnapshot(
                            (nowMillis - watermark) / MILLIS_PER_SECOND, labels(job, partition), null));
                }
            }
        }
        return gauge.build();
    }

    private static Labels labels(JobStatus job, PartitionStatus partition) {
        return Labels.of(
                "job", job.name(),
                "stage", String.valueOf(partition.stage()),
                "partition", String.valueOf(partition.index()));
    }
}
