// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Target;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.Planner;
import dev.millrace.planner.Session;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.parser.JobAction;
import dev.millrace.planner.parser.ParsedStatement;
import dev.millrace.planner.parser.Statement;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.ExitCode;
import dev.millrace.server.catalog.CatalogStatement;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.run.ClientResult;
import dev.millrace.server.run.JobStatements;
import dev.millrace.server.run.JobSummary;
import dev.millrace.server.run.KnownRows;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.RowEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Carries out statements in this process, on a node of its own. */
public final class EmbeddedBackend implements Backend {
    /** Planned, but never run. */
    private static final String WARM_UP = """
            CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE,
              order_time TIMESTAMP(3)) WITH ('connector' = 'workload', 'workload' = 'orders');
            SELECT UPPER(status), COUNT(*) FROM orders WHERE order_id > 1 GROUP BY UPPER(status);
            """;

    private static final long START_MILLIS_MAX = 1000;
    private static final long START_POLL_NANOS = 10_000_000;

    private final NodeStarter node;
    private final Connectors connectors;
    private final Console console;
    private final ErrorReport report;
    private final String format;
    private final Path deadLetters;
    private final boolean durable;
    private final Planner planner;
    private final int partitions;
    private final SessionNames names;
    private final Map<String, JobHandle> jobs = new ConcurrentSkipListMap<>();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private Catalog catalog = new Catalog();
    private SharedCatalog kept;
    private Session session;
    private volatile boolean closing;
    private volatile boolean cancelled;
    private volatile RunningQuery query;
    private volatile int worstJob = ExitCode.SUCCESS;

    /**
     * @param node may still be starting
     * @param format one of {@link OutputFormat#NAMES}
     * @param deadLetters where bad records go
     * @param durable whether jobs are there again the next time
     * @param partitions partitions of a job that does not say how many it wants
     */
    public EmbeddedBackend(
            NodeStarter node,
            Connectors connectors,
            Console console,
            ErrorReport report,
            String format,
            Path deadLetters,
            boolean durable,
            int partitions) {
        this.node = node;
        this.connectors = connectors;
        this.console = console;
        this.report = report;
        this.format = format;
        this.deadLetters = deadLetters;
        this.durable = durable;
        planner = new Planner(connectors);
        this.partitions = partitions;
        names = new SessionNames(() -> catalog, jobs.keySet());
        warmUp(connectors);
    }

    /** The first statement takes a good part of a second in a cold process; people type that long. */
    private static void warmUp(Connectors connectors) {
        Thread thread = new Thread(() -> {
            Planner planner = new Planner(connectors);
            Session session = new Session(1);
            planner.parse(WARM_UP).forEach(statement -> planner.plan(statement, session));
        }, "planner-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int execute(String text) {
        cancelled = false;
        try {
            List<MillraceException> errors = new ArrayList<>();
            List<ParsedStatement> statements = planner.parse(text, errors);
            int code = ExitCode.SUCCESS;
            for (MillraceException error : errors) {
                code = Math.max(code, report.show(error, text));
            }
            for (int i = 0; i < statements.size() && code == ExitCode.SUCCESS && !cancelled; i++) {
                code = execute(statements.get(i), text);
            }
            return code;
        } catch (RuntimeException | Error e) {
            return report.show(e, text);
        }
    }

    /** Made with the first statement, since what the state directory holds is known when the node is up. */
    private Session session() {
        if (session == null) {
            Map<String, String> known = new HashMap<>();
            if (durable) {
                kept = SharedCatalog.open(node.await(), connectors);
                catalog = kept.copy();
                node.await().jobs().forEach(job -> known.put(job.name(), job.sql()));
            }
            session = new Session(partitions, catalog, known);
        }
        if (!failed.isEmpty()) {
            forgetJobsThatNeverWere();
        }
        return session;
    }

    /** A job whose sources or target could not be reached at its start leaves nothing, and its name to the next try. */
    private void forgetJobsThatNeverWere() {
        Set<String> known = node.await().jobs().stream().map(JobStatus::name).collect(Collectors.toSet());
        for (String name = failed.poll(); name != null; name = failed.poll()) {
            if (!known.contains(name)) {
                session.jobGone(name);
            }
        }
    }

    private int execute(ParsedStatement statement, String text) {
        try {
            Map<String, String> options = Map.copyOf(session().options().values());
            PlannedStatement planned = planner.plan(statement, session);
            keep(statement, options);
            switch (planned) {
                case PlannedStatement.Done done -> {
                    warn(done);
                    console.err().println(done.message());
                }
                case PlannedStatement.JobControl control -> {
                    console.err().println(JobStatements.control(control, node.await()));
                    if (control.action() == JobAction.DROP) {
                        session.jobGone(control.job());
                    }
                }
                case PlannedStatement.ShowJobs show -> answer(JobStatements.show(show, node.await()));
                case PlannedStatement.ExplainUpgrade explain ->
                        answer(JobStatements.explain(explain, node.await()));
                case PlannedStatement.Text answer -> answer(answer.text());
                case PlannedStatement.Rows rows -> answer(rows);
                case PlannedStatement.Job job -> {
                    warn(job);
                    switch (job.plan().target()) {
                        case Target.Table table -> start(job.plan());
                        case Target.Client client -> select(job.plan(), client);
                        case Target.Stages _ -> throw new IllegalStateException("a job ends in no stage");
                    }
                }
            }
            return ExitCode.SUCCESS;
        } catch (MillraceException e) {
            return report.show(e.at(statement.position()), text);
        }
    }

    /** Lets a table or view be there the next time. */
    private void keep(ParsedStatement statement, Map<String, String> options) {
        boolean dropsTemporary = statement.statement() instanceof Statement.Drop drop
                && kept != null
                && !kept.has(drop.name());
        if (kept != null && statement.changesCatalog() && !dropsTemporary) {
            kept.change(new CatalogStatement(statement.text(), options));
        }
    }

    private void warn(PlannedStatement planned) {
        planned.warnings().forEach(warning -> console.err().println("warning: " + warning));
    }

    private void start(JobPlan plan) {
        long startNanos = System.nanoTime();
        JobHandle job = node.await().submit(plan, null);
        jobs.put(plan.name(), job);
        awaitStart(job);
        console.err().println("job \"" + plan.name() + "\" started");
        job.outcome().thenAccept(outcome -> jobEnded(plan, outcome, System.nanoTime() - startNanos));
    }

    /** Waits a moment until the job runs: the next statement may ask for it. What takes longer starts by itself. */
    private void awaitStart(JobHandle job) {
        long deadline = System.nanoTime() + START_MILLIS_MAX * 1_000_000;
        while (System.nanoTime() < deadline
                && !job.outcome().isDone()
                && node.await().jobs().stream().anyMatch(
                        known -> known.name().equals(job.name()) && known.state() == JobState.STARTING)) {
            LockSupport.parkNanos(START_POLL_NANOS);
        }
    }

    private void jobEnded(JobPlan plan, JobOutcome outcome, long nanos) {
        jobs.remove(plan.name());
        String name = "job \"" + plan.name() + "\"";
        if (outcome.state() == JobState.FAILED) {
            worstJob = ExitCode.FAILED;
            failed.add(plan.name());
            MillraceException error = ErrorReport.ofFailed(name, outcome);
            console.err().println(error.code().id() + "  " + error.getMessage());
        } else if (!closing) {
            console.err().println(JobSummary.line(name, plan, outcome, nanos, deadLetters));
        }
    }

    private void select(JobPlan plan, Target.Client client) {
        long startNanos = System.nanoTime();
        RowEncoder encoder = OutputFormat.encoder(format, client.schema(), plan.updating());
        ClientResult result = new ClientResult(client, encoder, console.out(), false);
        try {
            JobHandle job = node.await().submit(plan, result);
            result.attach(job);
            RunningQuery running = new RunningQuery(job, result);
            query = running;
            if (cancelled) {
                running.cancel();
            }
            JobOutcome outcome = running.await();
            long nanos = System.nanoTime() - startNanos;
            if (outcome.state() == JobState.FAILED) {
                throw ErrorReport.ofFailed("SELECT", outcome);
            }
            if (running.isCancelled() && console.terminal()) {
                // Behind the ^C that the terminal has shown.
                console.err().println();
            }
            console.err().println(JobSummary.footer(plan, outcome, running.rows(), nanos, deadLetters));
        } finally {
            query = null;
            result.close(false);
        }
    }

    private void answer(PlannedStatement.Rows rows) {
        KnownRows known = new KnownRows(rows);
        TextBuffer text = new TextBuffer();
        RowEncoder encoder = OutputFormat.encoder(format, known.schema(), false);
        encoder.write(known.batch(), text);
        encoder.flush(text);
        encoder.finish(text);
        answer(text.toString());
    }

    private void answer(String text) {
        try {
            console.out().write((text.stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8));
            console.out().flush();
        } catch (IOException e) {
            // Nobody reads any more; there is nobody to tell.
            cancelled = true;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        RunningQuery running = query;
        if (running != null) {
            running.cancel();
        }
    }

    @Override
    public Names names() {
        return names;
    }

    @Override
    public int awaitJobs() {
        for (JobHandle job : List.copyOf(jobs.values())) {
            job.outcome().join();
        }
        return worstJob;
    }

    @Override
    public void close() {
        closing = true;
        cancel();
        List<String> running = List.copyOf(jobs.keySet());
        if (!running.isEmpty()) {
            boolean one = running.size() == 1;
            String what = (one ? "job " : "jobs ") + String.join(", ", running);
            console.err()
                    .println(durable
                            ? what + (one ? " goes on" : " go on") + " with the next shell of this state directory"
                            : what + (one ? " ends" : " end") + " here; with --state DIR jobs go on the next time");
        }
        if (running.isEmpty() && !durable) {
            // Nobody needs to wait for a node that has nothing to keep.
            node.closeLater();
        } else {
            node.close();
        }
    }
}
