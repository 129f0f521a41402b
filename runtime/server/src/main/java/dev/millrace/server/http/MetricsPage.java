// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.cluster.protocol.Occupancy;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.PartitionState;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.cluster.status.ReaderStatus;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What Prometheus reads. The names are documented in docs/reference/metrics.md. */
final class MetricsPage {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();
    private static final double MILLIS_PER_SECOND = 1000;

    private MetricsPage() {}

    /**
     * @param all all jobs of the cluster; shown are those led from the node, and the partitions on it, so that the pages of
     *     all nodes together show each once
     * @param node host and port of the node
     * @param queries how many SELECTs run
     * @param nowMillis the time against which watermarks lag
     */
    static byte[] of(List<JobStatus> all, String node, int queries, long nowMillis) {
        List<JobStatus> led = all.stream().filter(job -> node.equals(job.node())).toList();
        List<JobStatus> jobs = all.stream().map(job -> job.on(node)).toList();
        MetricSnapshots snapshots = MetricSnapshots.builder()
                .metricSnapshot(GaugeSnapshot.builder()
                        .name("millrace_queries")
                        .help("SELECTs whose rows go to a client now")
                        .dataPoint(new GaugeDataPointSnapshot(queries, Labels.EMPTY, null))
                        .build())
                .metricSnapshot(states(led))
                .metricSnapshot(pauses(led))
                .metricSnapshot(longestPauses(led))
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
                .metricSnapshot(backpressure(jobs))
                .metricSnapshot(backpressureChanges(jobs))
                .metricSnapshot(gauge(jobs, "millrace_partition_detached_lanes",
                        "Lanes of a partition that readers have detached", status -> status.backpressure().detached()))
                .metricSnapshot(counter(jobs, "millrace_partition_detachments",
                        "How often a reader has detached a partition", status -> status.backpressure().detachments()))
                .metricSnapshot(gauge(jobs, "millrace_partition_detached_lag_seconds",
                        "How far readers are ahead of a partition that they have detached",
                        status -> status.backpressure().lagMillis() / MILLIS_PER_SECOND))
                .metricSnapshot(gauge(jobs, "millrace_partition_in_flight_bytes",
                        "Rows that a partition was sent and has not applied",
                        status -> status.backpressure().inFlightBytes()))
                .metricSnapshot(readerPaces(jobs))
                .metricSnapshot(readersHeldUp(jobs))
                .metricSnapshot(gauge(jobs, "millrace_partition_hottest_key_share",
                        "Share of the recent rows of a partition that have its hottest key; 0 if it is less than 0.1",
                        status -> status.hotKeys().isEmpty() ? 0 : status.hotKeys().getFirst().share()))
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
            addChoice(gauge, Labels.of("job", job.name()), "state", job.state());
        }
        return gauge.build();
    }

    private static SummarySnapshot pauses(List<JobStatus> jobs) {
        SummarySnapshot.Builder summary = SummarySnapshot.builder()
                .name("millrace_job_move_pause_seconds")
                .help("Moves of partitions and readers between nodes, and how long they paused");
        for (JobStatus job : jobs) {
            summary.dataPoint(SummaryDataPointSnapshot.builder()
                    .count(job.moves().count())
                    .sum(job.moves().pauseMillisSum() / MILLIS_PER_SECOND)
                    .labels(Labels.of("job", job.name()))
                    .build());
        }
        return summary.build();
    }

    private static GaugeSnapshot longestPauses(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_job_move_pause_max_seconds")
                .help("The longest pause of a partition or reader that has moved");
        for (JobStatus job : jobs) {
            gauge.dataPoint(new GaugeDataPointSnapshot(
                    job.moves().pauseMillisMax() / MILLIS_PER_SECOND, Labels.of("job", job.name()), null));
        }
        return gauge.build();
    }

    private static GaugeSnapshot partitionStates(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_partition_state")
                .help("1 for the state that a partition is in, 0 for all others");
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                addChoice(gauge, labels(job, partition), "state", partition.state());
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
        return gauge(jobs, "millrace_partition_state_bytes", "Memory that the state of a partition holds",
                status -> status.progress().stateBytes());
    }

    private static GaugeSnapshot gauge(
            List<JobStatus> jobs, String name, String help, ToDoubleFunction<PartitionStatus> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                gauge.dataPoint(
                        new GaugeDataPointSnapshot(value.applyAsDouble(partition), labels(job, partition), null));
            }
        }
        return gauge.build();
    }

    private static GaugeSnapshot backpressure(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_partition_backpressure")
                .help("1 for the state of the fullest lane of a partition, 0 for all others");
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                addChoice(gauge, labels(job, partition), "state", partition.backpressure().state());
            }
        }
        return gauge.build();
    }

    private static CounterSnapshot backpressureChanges(List<JobStatus> jobs) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("millrace_partition_backpressure_changes")
                .help("How often a lane of a partition came to a state");
        for (JobStatus job : jobs) {
            for (PartitionStatus partition : job.partitions()) {
                for (Occupancy state : Occupancy.values()) {
                    counter.dataPoint(new CounterDataPointSnapshot(
                            partition.backpressure().changes(state), with(labels(job, partition), "state", state), null,
                            0));
                }
            }
        }
        return counter.build();
    }

    private static GaugeSnapshot readerPaces(List<JobStatus> jobs) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("millrace_reader_pace")
                .help("1 for how partitions let a reader read, 0 for all others");
        for (JobStatus job : jobs) {
            for (ReaderStatus reader : job.readers()) {
                addChoice(gauge, labels(job, reader), "pace", reader.pace());
            }
        }
        return gauge.build();
    }

    private static CounterSnapshot readersHeldUp(List<JobStatus> jobs) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("millrace_reader_held_up_seconds")
                .help("For how long partitions have kept a reader from reading");
        for (JobStatus job : jobs) {
            for (ReaderStatus reader : job.readers()) {
                counter.dataPoint(new CounterDataPointSnapshot(
                        reader.heldUpMillis() / MILLIS_PER_SECOND, labels(job, reader), null, 0));
            }
        }
        return counter.build();
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

    /** A point for each of the constants: 1 for this one, 0 for all others. */
    private static <E extends Enum<E>> void addChoice(GaugeSnapshot.Builder gauge, Labels labels, String name,
            E chosen) {
        for (E each : chosen.getDeclaringClass().getEnumConstants()) {
            gauge.dataPoint(new GaugeDataPointSnapshot(each == chosen ? 1 : 0, with(labels, name, each), null));
        }
    }

    private static Labels with(Labels labels, String name, Enum<?> value) {
        return labels.merge(Labels.of(name, value.name().toLowerCase(Locale.ROOT)));
    }

    private static Labels labels(JobStatus job, ReaderStatus reader) {
        return Labels.of(
                "job", job.name(), "input", reader.input(), "table", reader.table(),
                "split", String.valueOf(reader.split()));
    }

    private static Labels labels(JobStatus job, PartitionStatus partition) {
        return Labels.of(
                "job", job.name(),
                "stage", String.valueOf(partition.stage()),
                "partition", String.valueOf(partition.index()));
    }
}
