// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.kafka.KafkaConnector;
import dev.millrace.connectors.workload.Gen;
import dev.millrace.connectors.workload.Reference;
import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.ExitCode;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.server.run.Termination;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Runs a workload once or several times in one process and prints what each run came to. */
public final class Bench {
    private static final int WARM_UP_PART = 4;
    private static final int RATE_WARM_UP_PART = 3;
    /** Parts of a run at a rate: the end of its warm-up, the middle of the rest, and shortly before its end. */
    private static final double[] SAMPLED_AT = {1.0 / RATE_WARM_UP_PART, 2.0 / 3, 0.99};
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MILLIS_PER_MINUTE = 60_000;

    private final BenchSettings settings;
    private final Console console;
    private final Path workDirectory;
    private final CurrentRun current = new CurrentRun();
    private final KafkaConnector kafka;
    private final Connectors connectors;

    /** @param workDirectory where dead letters would go */
    public Bench(BenchSettings settings, Console console, Path workDirectory) {
        this.settings = settings;
        this.console = console;
        this.workDirectory = workDirectory;
        kafka = new KafkaConnector();
        connectors = new Connectors(
                List.of(new MeteredSource(new WorkloadConnector(System::nanoTime, () -> current.tally().startNanos()),
                        current), new MeteredSource(kafka, current)),
                List.of(new CheckConnector(current), kafka));
    }

    /**
     * Runs it.
     *
     * @return the exit code
     * @throws MillraceException if the workload can't run, or its checksum is wrong
     */
    public int run() {
        if (settings.kafka() != null) {
            return runOnKafka();
        }
        // Planned before the node is asked for, so that a workload that can't run says so at once.
        plan(settings.rows(), 1, BenchSettings.NO_CHECKPOINTS);
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        NodeStarter node = NodeStarter.begin(nodeSettings(), connectors);
        try (Termination termination = Termination.onSignal(node::close)) {
            if (settings.repeat() > 0 && settings.rate() == 0) {
                long rows = Math.max(1, settings.rows() / WARM_UP_PART);
                for (String interval : settings.checkpointIntervals()) {
                    measure(node, plan(rows, 0, interval), rows, interval);
                }
            }
            if (!settings.json()) {
                out.println(settings.rate() == 0 ? BenchResult.HEADER : LatencyResult.HEADER);
            }
            for (int run = 1; run <= Math.max(1, settings.repeat()); run++) {
                for (String interval : settings.checkpointIntervals()) {
                    if (termination.isRequested()) {
                        return ExitCode.SUCCESS;
                    }
                    measure(node, plan(settings.rows(), run, interval), interval, out);
                }
            }
        } finally {
            end(node);
        }
        return ExitCode.SUCCESS;
    }

    private void measure(NodeStarter node, JobPlan plan, String interval, PrintStream out) {
        BenchResult result;
        if (settings.rate() == 0) {
            result = measure(node, plan, settings.rows(), interval);
            out.println(settings.json() ? result.json() : result.line());
        } else {
            result = measureLatency(node, plan, interval, out);
        }
        if (settings.verify()) {
            verify(result);
        }
    }

    private NodeSettings nodeSettings() {
        StatePlace place = settings.hasCheckpoints() ? new StatePlace.Directory(state()) : new StatePlace.Memory();
        return new NodeSettings(
                NodeStarter.LOOPBACK, 0, place, workDirectory.resolve("dead-letters"), false, settings.cores(),
                settings.affinity());
    }

    private Path state() {
        return workDirectory.resolve("state");
    }

    /** Nobody waits for a node that leaves nothing behind. */
    private void end(NodeStarter node) {
        if (!settings.hasCheckpoints()) {
            node.closeLater();
            return;
        }
        node.close();
        try (Stream<Path> files = Files.walk(state())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            console.err().println("warning: checkpoints of the runs are left in " + state() + ": " + e.getMessage());
        }
    }

    private int runOnKafka() {
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        NodeStarter node = NodeStarter.begin(nodeSettings(), connectors);
        try (Termination termination = Termination.onSignal(node::close)) {
            if (settings.repeat() > 0) {
                measureOnKafka(node, 0);
            }
            if (!settings.json()) {
                out.println(BenchResult.HEADER);
            }
            for (int run = 1; run <= Math.max(1, settings.repeat()) && !termination.isRequested(); run++) {
                BenchResult result = measureOnKafka(node, run);
                out.println(settings.json() ? result.json() : result.line());
                if (settings.verify()) {
                    verify(result);
                }
            }
        } finally {
            end(node);
        }
        return ExitCode.SUCCESS;
    }

    /** The time ends when the job has: by then all results are committed. */
    private BenchResult measureOnKafka(NodeStarter node, int run) {
        try (KafkaWorkload workload = new KafkaWorkload(settings.kafka())) {
            String interval = settings.checkpointIntervals().getFirst();
            JobPlan plan = plan(workload.script(), "bench-" + settings.workload().id() + "-" + run, interval);
            Tally tally = new Tally(0, null);
            JobOutcome outcome = outcome(submit(node, plan, tally));
            tally.end();
            TableDefinition results = ((Target.Table) plan.target()).table();
            workload.read(
                    results, new Connectors(List.of(kafka), List.of()),
                    new CheckSink(settings.workload(), settings.keys(), tally));
            return tally.result(settings.workload(), outcome.progress().rowsRead(), interval);
        }
    }

    private BenchResult measure(NodeStarter node, JobPlan plan, long rows, String interval) {
        Tally tally = new Tally(groups(rows), null);
        outcome(submit(node, plan, tally));
        BenchResult result = tally.result(settings.workload(), rows, interval);
        if (!plan.name().isEmpty()) {
            // Its files would only fill the disk.
            node.await().drop(plan.name());
        }
        return result;
    }

    private BenchResult measureLatency(NodeStarter node, JobPlan plan, String interval, PrintStream out) {
        Workload workload = settings.workload();
        long rows = settings.rows();
        Gen gen = Gen.of(settings.keys(), workload.rowsPerMilli(), settings.skew() / 100.0);
        RowLatency latency = new RowLatency(gen, settings.rate(), rows, rows / RATE_WARM_UP_PART);
        Tally tally = new Tally(groups(rows), latency);
        CompletableFuture<JobOutcome> outcome = submit(node, plan, tally);
        List<Sample> samples = new ArrayList<>();
        for (double part : SAMPLED_AT) {
            waitUntil(outcome, tally, (long) (rows * NANOS_PER_SECOND / settings.rate() * part));
            samples.add(Sample.take(latency.lag(tally.nanosSinceStart())));
        }
        outcome(outcome);
        LatencyResult result =
                LatencyResult.of(tally.result(workload, rows, interval), settings.rate(), latency, samples);
        out.println(settings.json() ? result.json() : result.line());
        return result.run();
    }

    private CompletableFuture<JobOutcome> submit(NodeStarter node, JobPlan plan, Tally tally) {
        current.begin(settings.workload(), settings.keys(), tally);
        return node.await().submit(plan, null).outcome();
    }

    private static JobOutcome outcome(CompletableFuture<JobOutcome> job) {
        JobOutcome outcome = job.join();
        if (outcome.state() == JobState.FAILED) {
            throw ErrorReport.ofFailed("the run", outcome);
        }
        return outcome;
    }

    /** Waits until so many nanoseconds after the first read, or until the job has ended. */
    private static void waitUntil(CompletableFuture<JobOutcome> job, Tally tally, long nanosSinceStart) {
        long left = nanosSinceStart - tally.nanosSinceStart();
        while (left > 0 && !job.isDone()) {
            try {
                job.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Time is up, unless the source has begun late; how the job ended is looked at later.
                left = nanosSinceStart - tally.nanosSinceStart();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * @param run number of the run, for the name of a job with checkpoints
     * @param interval that of its checkpoints
     */
    private JobPlan plan(long rows, int run, String interval) {
        Workload workload = settings.workload();
        return plan(
                workload.script(rows, settings.rate(), settings.keys(), settings.skew(), settings.cores()),
                interval.equals(BenchSettings.NO_CHECKPOINTS) ? "" : "bench-" + workload.id() + "-" + run, interval);
    }

    private JobPlan plan(String statements, String name, String interval) {
        String script = "SET 'partitions' = '" + settings.partitions() + "';\n"
                + "SET 'pre-aggregation' = '" + settings.preAggregation() + "';\n"
                + (interval.equals(BenchSettings.NO_CHECKPOINTS)
                        ? ""
                        : "SET 'checkpoint.interval' = '" + interval + "';\n")
                + statements;
        ScriptPlan planned = ScriptPlan.of(script, List.of(), connectors, settings.cores());
        if (!planned.errors().isEmpty()) {
            MillraceException first = planned.errors().getFirst();
            throw new MillraceException(
                    first.code(),
                    "workload " + settings.workload().id() + " can't run here yet: " + first.getMessage(),
                    null,
                    first.hint(),
                    first);
        }
        PlannedStatement last = planned.statements().getLast().planned();
        JobPlan plan = ((PlannedStatement.Job) last).plan();
        return new JobPlan(
                name, plan.sql(), plan.stages(), plan.target(), plan.updating(), plan.options());
    }

    private int groups(long rows) {
        Workload workload = settings.workload();
        if (!workload.isUpserting()) {
            return 0;
        }
        long windows = workload == Workload.S3B ? rows / (workload.rowsPerMilli() * MILLIS_PER_MINUTE) + 1 : 1;
        return Math.toIntExact(windows * settings.keys());
    }

    private void verify(BenchResult result) {
        Workload workload = settings.workload();
        Gen gen = Gen.of(settings.keys(), workload.rowsPerMilli(), settings.skew() / 100.0);
        long expected = Reference.of(workload.reference(), result.rows(), gen).checksum();
        if (expected != result.checksum()) {
            throw new MillraceException(
                    ErrorCode.INTERNAL,
                    "the checksum of " + workload.id() + " is wrong: " + result.checksumText() + ", not "
                            + String.format(Locale.ROOT, "%016x", expected),
                    "results are not to be trusted; please report it with the command line");
        }
        console.err().println("checksum verified");
    }
}
