// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.PartitionState;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.engine.upgrade.Upgrade;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.explain.UpgradeText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Carries out the statements about jobs on a node: PAUSE, RESUME, STOP, DROP JOB, and SHOW JOBS and the like. */
public final class JobStatements {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final Column STAGE = new Column("stage", SqlType.BIGINT);
    private static final Column PARTITION = new Column("partition", SqlType.BIGINT);

    private JobStatements() {}

    /**
     * Gives the job its order.
     *
     * @return what was done, for a shell
     * @throws MillraceException at the job's name, if there is no such job
     */
    public static String control(PlannedStatement.JobControl control, Node node) {
        String job = control.job();
        try {
            return "job \"" + job + "\" " + switch (control.action()) {
                case PAUSE -> {
                    node.pause(job);
                    yield "paused";
                }
                case RESUME -> {
                    node.resume(job);
                    yield "resumed";
                }
                case STOP -> {
                    if (control.savepoint() == null) {
                        node.stop(job);
                        yield "stopped";
                    }
                    node.stopWithSavepoint(new SavepointName(job, control.savepoint()));
                    yield "stopped with savepoint \"" + control.savepoint() + "\"";
                }
                case DROP -> {
                    node.drop(job);
                    yield "dropped";
                }
                case ALTER -> {
                    node.alter(job, control.options());
                    yield "altered";
                }
                case CREATE_SAVEPOINT -> {
                    node.createSavepoint(new SavepointName(job, control.savepoint()));
                    yield "has savepoint \"" + control.savepoint() + "\"";
                }
                case DROP_SAVEPOINT -> {
                    node.dropSavepoint(new SavepointName(job, control.savepoint()));
                    yield "has no savepoint \"" + control.savepoint() + "\" any more";
                }
            };
        } catch (MillraceException e) {
            if (control.ifExists() && e.code() == ErrorCode.JOB_NOT_FOUND) {
                return "there is no job \"" + job + "\"";
            }
            throw e.at(control.span());
        }
    }

    /**
     * What is known of the jobs.
     *
     * @throws MillraceException at the job's name, if there is no such job
     */
    public static PlannedStatement.Rows show(PlannedStatement.ShowJobs show, Node node) {
        try {
            return switch (show.view()) {
                case JOBS -> jobs(node.jobs());
                case PARTITIONS -> partitions(node.job(show.job()));
                case WATERMARKS -> watermarks(node.job(show.job()));
                case SAVEPOINTS -> savepoints(node, show.job());
            };
        } catch (MillraceException e) {
            throw e.at(show.span());
        }
    }

    /**
     * What a query keeps of a job's state, as text for people.
     *
     * @throws MillraceException if there is no such job or savepoint
     */
    public static String explain(PlannedStatement.ExplainUpgrade explain, Node node) {
        try {
            SavepointName savepoint = explain.savepoint();
            JobPlan before = savepoint == null ? node.plan(explain.job()) : node.savepoint(savepoint).plan();
            JobPlan after = explain.query() == null ? before : explain.query().plan();
            return UpgradeText.of(
                    Upgrade.of(before, after),
                    savepoint == null ? "job " + explain.job() : "savepoint " + savepoint);
        } catch (MillraceException e) {
            throw e.at(explain.span());
        }
    }

    private static PlannedStatement.Rows jobs(List<JobStatus> jobs) {
        List<List<Object>> rows = new ArrayList<>();
        for (JobStatus job : jobs) {
            rows.add(Arrays.asList(
                    job.name(), job.state().name().toLowerCase(Locale.ROOT), job.progress().rowsRead(),
                    job.progress().rowsWritten(), job.progress().badRecords(), job.progress().lateRows(),
                    job.reason() == null ? job.problem() : job.reason()));
        }
        return new PlannedStatement.Rows(
                Schema.of(
                        new Column("name", SqlType.STRING), new Column("state", SqlType.STRING),
                        new Column("rows_read", SqlType.BIGINT), new Column("rows_written", SqlType.BIGINT),
                        new Column("bad_records", SqlType.BIGINT), new Column("late_rows", SqlType.BIGINT),
                        new Column("problem", SqlType.STRING)),
                rows);
    }

    private static PlannedStatement.Rows partitions(JobStatus job) {
        List<List<Object>> rows = new ArrayList<>();
        for (PartitionStatus partition : job.partitions()) {
            rows.add(Arrays.asList(
                    (long) partition.stage(), (long) partition.index(), state(partition), partition.node(),
                    partition.progress().rowsRead(), partition.progress().rowsWritten(),
                    partition.progress().lateRows(), partition.progress().rowsOfClosedWindows(),
                    partition.progress().stateBytes(), partition.epoch(), backpressure(partition.backpressure()),
                    (long) partition.restarts(), partition.error(), hotKeys(partition)));
        }
        return new PlannedStatement.Rows(
                Schema.of(
                        STAGE, PARTITION, new Column("state", SqlType.STRING),
                        new Column("node", SqlType.STRING), new Column("rows_read", SqlType.BIGINT),
                        new Column("rows_written", SqlType.BIGINT), new Column("late_rows", SqlType.BIGINT),
                        new Column("rows_of_closed_windows", SqlType.BIGINT), new Column("state_bytes", SqlType.BIGINT),
                        new Column("epoch", SqlType.BIGINT), new Column("backpressure", SqlType.STRING),
                        new Column("restarts", SqlType.BIGINT), new Column("error", SqlType.STRING),
                        new Column("hot_keys", SqlType.STRING)),
                rows);
    }

    /** The hottest first, with their shares; null if there are none. */
    private static String hotKeys(PartitionStatus partition) {
        return partition.hotKeys().isEmpty() ? null
                : partition.hotKeys().stream()
                        .map(hot -> Math.round(hot.share() * 100) + " % " + hot.key())
                        .collect(Collectors.joining(", "));
    }

    private static String state(PartitionStatus partition) {
        String state = partition.state().name().toLowerCase(Locale.ROOT);
        return partition.state() == PartitionState.RESTARTING
                ? state + " in " + partition.restartMillis() + " ms"
                : state;
    }

    private static String backpressure(Backpressure backpressure) {
        String state = backpressure.state().name().toLowerCase(Locale.ROOT);
        return backpressure.detached() == 0 ? state
                : state + ", detached, " + backpressure.lagMillis() + " ms behind";
    }

    private static PlannedStatement.Rows watermarks(JobStatus job) {
        List<List<Object>> rows = new ArrayList<>();
        for (PartitionStatus partition : job.partitions()) {
            rows.add(Arrays.asList(
                    (long) partition.stage(), (long) partition.index(), watermark(partition.watermark()),
                    partition.slowestInput()));
        }
        return new PlannedStatement.Rows(
                Schema.of(
                        STAGE, PARTITION, new Column("watermark", SqlType.STRING),
                        new Column("slowest_input", SqlType.STRING)),
                rows);
    }

    /**
     * The savepoints of a job, the newest first.
     *
     * @throws MillraceException if there are none and no such job
     */
    public static List<Savepoint> savepointsOf(Node node, String job) {
        List<Savepoint> all = node.savepoints().stream()
                .filter(savepoint -> savepoint.job().name().equals(job))
                .toList();
        if (all.isEmpty()) {
            // Savepoints outlive their job; a name that nobody knows is an error.
            node.plan(job);
        }
        return all.reversed();
    }

    /** How many partitions the job had, over all stages. */
    public static long partitions(Savepoint savepoint) {
        return savepoint.plan().stages().stream().mapToLong(Stage::partitions).sum();
    }

    private static PlannedStatement.Rows savepoints(Node node, String job) {
        List<List<Object>> rows = new ArrayList<>();
        for (Savepoint savepoint : savepointsOf(node, job)) {
            rows.add(List.of(
                    savepoint.name(), time(savepoint.millis()), partitions(savepoint), savepoint.bytes(),
                    savepoint.plan().sql()));
        }
        return new PlannedStatement.Rows(
                Schema.of(
                        new Column("name", SqlType.STRING), new Column("taken_at", SqlType.STRING),
                        new Column("partitions", SqlType.BIGINT), new Column("bytes", SqlType.BIGINT),
                        new Column("sql", SqlType.STRING)),
                rows);
    }

    private static String watermark(long millis) {
        if (millis == Long.MIN_VALUE) {
            return null;
        }
        return millis == Long.MAX_VALUE ? "end of the input"
                : time(millis);
    }

    private static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }
}
