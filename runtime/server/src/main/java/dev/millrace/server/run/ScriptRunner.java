// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Target;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Runs the statements of a planned script, one after the other. Used by one thread. */
public final class ScriptRunner {
    private static final long LOOK_MILLIS = 500;

    private final Node node;
    private final Console console;
    private final ErrorReport report;
    private final String script;
    private final String format;
    private final Path deadLetters;
    private final Termination termination;
    private final List<Running> running = new ArrayList<>();
    private boolean readerGone;
    private int exitCode = ExitCode.SUCCESS;

    /**
     * A job that was started here.
     *
     * @param told the problem that was told last, or null
     */
    private record Running(
            JobPlan plan, SourceSpan place, JobHandle handle, long startNanos, AtomicReference<String> told) {
        /** How the job is called when something is said of it. */
        String name() {
            return plan.target() instanceof Target.Client ? "SELECT" : "job \"" + plan.name() + "\"";
        }
    }

    /**
     * @param script the script's text, for the places of errors
     * @param format one of {@link OutputFormat#NAMES}
     * @param deadLetters where bad records go
     */
    public ScriptRunner(
            Node node,
            Console console,
            ErrorReport report,
            String script,
            String format,
            Path deadLetters,
            Termination termination) {
        this.node = node;
        this.console = console;
        this.report = report;
        this.script = script;
        this.format = format;
        this.deadLetters = deadLetters;
        this.termination = termination;
    }

    /**
     * Runs all statements and waits for their jobs. A job that fails does not disturb the others.
     *
     * @return the exit code
     */
    public int run(List<PlacedStatement> statements) {
        for (PlacedStatement statement : statements) {
            if (termination.isRequested()) {
                break;
            }
            try {
                run(statement);
            } catch (MillraceException e) {
                note(report.show(e.at(statement.place()), script));
            }
        }
        while (!running.isEmpty()) {
            awaitAny(running.stream().map(job -> job.handle().outcome()).toArray(CompletableFuture<?>[]::new));
            tellNews();
        }
        return exitCode;
    }

    /** Waits for the end of a query, and tells meanwhile of jobs that were started before. */
    private JobOutcome await(Running query) {
        CompletableFuture<JobOutcome> outcome = query.handle().outcome();
        while (!outcome.isDone()) {
            awaitAny(outcome);
            if (!outcome.isDone()) {
                tellProblem(query);
            }
            tellNews();
        }
        return outcome.join();
    }

    /** Waits a moment, and no longer than until one of these is there. */
    private static void awaitAny(CompletableFuture<?>... outcomes) {
        try {
            CompletableFuture.anyOf(outcomes).get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Time to look.
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome never fails", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a script", e);
        }
    }

    /** Tells which jobs have ended, and what holds the others up. */
    private void tellNews() {
        for (Running job : List.copyOf(running)) {
            if (job.handle().outcome().isDone()) {
                running.remove(job);
                tell(job, job.handle().outcome().join());
            } else {
                tellProblem(job);
            }
        }
    }

    private void tellProblem(Running job) {
        String problem = job.handle().problem();
        if (!Objects.equals(problem, job.told().getAndSet(problem))) {
            console.err().println(problem == null
                    ? job.name() + " goes on"
                    : job.name() + " is held up and goes on by itself: " + problem);
        }
    }

    private void run(PlacedStatement statement) {
        switch (statement.planned()) {
            case PlannedStatement.Done done -> {
                // Took effect when the script was planned.
            }
            case PlannedStatement.Text text -> answer(text.text());
            case PlannedStatement.Rows rows -> answer(new KnownRows(rows));
            case PlannedStatement.JobControl control ->
                    console.err().println(JobStatements.control(control, node));
            case PlannedStatement.ExplainUpgrade explain -> answer(JobStatements.explain(explain, node));
            case PlannedStatement.ShowJobs show -> answer(new KnownRows(JobStatements.show(show, node)));
            case PlannedStatement.Job job -> {
                switch (job.plan().target()) {
                    case Target.Table table -> running.add(start(job.plan(), statement.place(), null));
                    case Target.Client client -> select(job.plan(), client, statement.place());
                    case Target.Stages _ -> throw new IllegalStateException("a job ends in no stage");
                }
            }
        }
    }

    private Running start(JobPlan plan, SourceSpan place, ClientResult result) {
        long now = System.nanoTime();
        return new Running(plan, place, node.submit(plan, result), now, new AtomicReference<>());
    }

    private void select(JobPlan plan, Target.Client client, SourceSpan place) {
        if (readerGone) {
            return;
        }
        RowEncoder encoder = OutputFormat.encoder(format, client.schema(), plan.updating());
        ClientResult result = new ClientResult(client, encoder, console.out());
        try {
            Running job = start(plan, place, result);
            result.attach(job.handle());
            JobOutcome outcome = await(job);
            boolean complete = outcome.state() == JobState.FINISHED;
            result.close(complete);
            readerGone = result.isReaderGone();
            boolean enough = result.hasStoppedJob() && outcome.state() == JobState.STOPPED;
            if (!enough) {
                tell(job, outcome);
            } else if (!readerGone) {
                tell(job, new JobOutcome(JobState.FINISHED, null, null, outcome.progress()));
            }
        } finally {
            result.close(false);
        }
    }

    private void tell(Running job, JobOutcome outcome) {
        if (outcome.state() == JobState.FAILED) {
            report.show(ErrorReport.ofFailed(job.name(), outcome).at(job.place()), script);
            note(ExitCode.FAILED);
        }
        long nanos = System.nanoTime() - job.startNanos();
        console.err().println(JobSummary.line(job.name(), job.plan(), outcome, nanos, deadLetters));
    }

    private void answer(KnownRows rows) {
        TextBuffer text = new TextBuffer();
        RowEncoder encoder = OutputFormat.encoder(format, rows.schema(), false);
        encoder.write(rows.batch(), text);
        encoder.flush(text);
        encoder.finish(text);
        answer(text.toString());
    }

    private void answer(String text) {
        try {
            console.out().write((text.stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8));
            console.out().flush();
        } catch (IOException e) {
            readerGone = true;
        }
    }

    private void note(int code) {
        exitCode = Math.max(exitCode, code);
    }
}
