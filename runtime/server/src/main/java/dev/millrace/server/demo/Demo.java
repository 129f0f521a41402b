// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.demo;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Target;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.ExitCode;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.Script;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.server.run.Termination;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the SELECT of a script and shows its rows with rates below, until it ends or somebody ends it. */
public final class Demo {
    /** No time after which the demo ends by itself. */
    public static final long NO_END = 0;

    private static final long REFRESH_MILLIS = 250;

    private final Path file;
    private final long seconds;
    private final Console console;
    private final ErrorReport report;
    private final Path workDirectory;

    /**
     * @param file the script; its last query is shown
     * @param seconds when it ends by itself, or {@link #NO_END}
     * @param workDirectory where dead letters would go
     */
    public Demo(Path file, long seconds, Console console, ErrorReport report, Path workDirectory) {
        this.file = file;
        this.seconds = seconds;
        this.console = console;
        this.report = report;
        this.workDirectory = workDirectory;
    }

    /**
     * Runs the demo.
     *
     * @return the exit code
     */
    public int run() {
        Connectors connectors = BuiltInConnectors.create(console.err());
        int threads = Runtime.getRuntime().availableProcessors();
        NodeSettings settings =
                new NodeSettings(NodeStarter.LOOPBACK, 0, null, workDirectory.resolve("dead-letters"), threads);
        NodeStarter node = NodeStarter.begin(settings, connectors);
        String script = Script.read(file.toString(), console.in());
        ScriptPlan planned = ScriptPlan.of(script, List.of(), connectors, threads);
        if (!planned.errors().isEmpty()) {
            return planned.showErrors(report);
        }
        // Ctrl-C is how a demo ends: that is no failure.
        try (Termination termination = Termination.onSignal(node::close, ExitCode.SUCCESS)) {
            return show(node, script, query(planned), termination);
        } finally {
            node.closeLater();
        }
    }

    private JobPlan query(ScriptPlan planned) {
        if (!planned.statements().isEmpty()
                && planned.statements().getLast().planned() instanceof PlannedStatement.Job job
                && job.plan().target() instanceof Target.Client) {
            return job.plan();
        }
        throw new MillraceException(
                ErrorCode.INVALID_QUERY, "the demo's script does not end with a SELECT", "look at " + file);
    }

    private int show(NodeStarter node, String script, JobPlan plan, Termination termination) {
        console.err().println(script.strip() + "\n");
        Node started = node.await();
        DemoScreen screen = new DemoScreen(plan, console);
        JobHandle job = started.submit(plan, screen);
        long start = System.nanoTime();
        boolean stopping = false;
        while (true) {
            try {
                JobOutcome outcome = job.outcome().get(REFRESH_MILLIS, TimeUnit.MILLISECONDS);
                screen.end(outcome.progress());
                return end(outcome);
            } catch (TimeoutException e) {
                screen.refresh(job.progress());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.FAILED;
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            }
            boolean timeIsUp = seconds != NO_END && System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(seconds);
            if (!stopping && !termination.isRequested() && (timeIsUp || screen.isReaderGone())) {
                stopping = true;
                job.stop();
            }
        }
    }

    private static int end(JobOutcome outcome) {
        if (outcome.state() == JobState.FAILED) {
            throw ErrorReport.ofFailed("the demo's query", outcome);
        }
        return ExitCode.SUCCESS;
    }
}
