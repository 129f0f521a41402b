// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Target;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.Session;
import dev.millrace.planner.parser.Statement;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.catalog.CatalogStatement;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.run.JobStatements;
import dev.millrace.server.run.KnownRows;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Carries out scripts: one at a time, each planned as a whole before anything of it happens. Any thread. */
final class Scripts {
    /** Partitions of a job that says nothing of them: enough to spread over more nodes later. */
    private static final int PARTITIONS = 64;

    /** How long an answer waits for a job to run or to fail; a job that takes longer goes on by itself. */
    private static final long START_MILLIS_MAX = 10_000;

    private static final long START_LOOK_MILLIS = 50;

    private final Node node;
    private final Connectors connectors;
    private final SharedCatalog catalog;
    private final Map<String, String> defaults;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /**
     * What came of a script.
     *
     * @param body the answer
     * @param failed whether there are errors in it
     */
    record Outcome(ObjectNode body, boolean failed) {}

    /** A job that was submitted, and where the answer tells of it. */
    private record Submitted(JobHandle handle, PlacedStatement statement, ObjectNode result) {}

    Scripts(Node node, Connectors connectors, SharedCatalog catalog, Map<String, String> defaults) {
        this.node = node;
        this.connectors = connectors;
        this.catalog = catalog;
        this.defaults = defaults;
    }

    Outcome run(Request request) {
        List<Submitted> submitted = new ArrayList<>();
        List<ObjectNode> results = new ArrayList<>();
        List<MillraceException> errors = new ArrayList<>();
        Map<String, String> options;
        oneAtATime.lock();
        try {
            Map<String, String> jobs =
                    node.jobs().stream().collect(Collectors.toMap(JobStatus::name, JobStatus::sql));
            Session session = new Session(PARTITIONS, catalog.copy(), jobs);
            request.setOptions(session, defaults);
            ScriptPlan plan = ScriptPlan.of(request.sql(), session, connectors);
            options = new TreeMap<>(session.options().values());
            errors.addAll(plan.errors());
            if (errors.isEmpty()) {
                carryOut(plan.statements(), results, submitted, errors);
            }
        } catch (MillraceException e) {
            errors.add(e);
            options = request.options();
        } finally {
            oneAtATime.unlock();
        }
        awaitStart(submitted, errors);
        return new Outcome(body(results, errors, options, request.sql()), !errors.isEmpty());
    }

    private void carryOut(
            List<PlacedStatement> statements,
            List<ObjectNode> results,
            List<Submitted> submitted,
            List<MillraceException> errors) {
        for (PlacedStatement statement : statements) {
            try {
                if (statement.parsed().changesCatalog() && !dropsTemporary(statement)) {
                    catalog.change(new CatalogStatement(statement.parsed().text(), statement.options()));
                }
                results.add(result(statement, submitted));
            } catch (MillraceException e) {
                // What follows may build upon it.
                errors.add(e.at(statement.place()));
                return;
            }
        }
    }

    private boolean dropsTemporary(PlacedStatement statement) {
        return statement.parsed().statement() instanceof Statement.Drop drop && !catalog.has(drop.name());
    }

    private ObjectNode result(PlacedStatement statement, List<Submitted> submitted) {
        ObjectNode result = Answers.object();
        switch (statement.planned()) {
            case PlannedStatement.Done done -> result.put("kind", "done").put("message", done.message());
            case PlannedStatement.Text text -> result.put("kind", "text").put("text", text.text());
            case PlannedStatement.ExplainUpgrade explain ->
                    result.put("kind", "text").put("text", JobStatements.explain(explain, node));
            case PlannedStatement.Rows rows -> putRows(result, rows);
            case PlannedStatement.ShowJobs show -> putRows(result, JobStatements.show(show, node));
            case PlannedStatement.JobControl control ->
                    result.put("kind", "done").put("message", JobStatements.control(control, node));
            case PlannedStatement.Job job -> {
                if (job.plan().target() instanceof Target.Client) {
                    result.put("kind", "query").put("message", "a SELECT gives its rows at /api/v1/query");
                } else {
                    submitted.add(submit(job.plan(), statement, result));
                }
            }
        }
        ArrayNode warnings = result.putArray("warnings");
        statement.planned().warnings().forEach(warnings::add);
        result.put("line", statement.place().line());
        return result;
    }

    private Submitted submit(JobPlan plan, PlacedStatement statement, ObjectNode result) {
        result.put("kind", "job").put("job", plan.name());
        return new Submitted(node.submit(plan, null), statement, result);
    }

    private static void putRows(ObjectNode result, PlannedStatement.Rows rows) {
        KnownRows known = new KnownRows(rows);
        result.put("kind", "rows").set("columns", Queries.columns(known.schema()));
        ArrayNode array = result.putArray("rows");
        TextBuffer text = new TextBuffer();
        OutputFormat.encoder("json", known.schema(), false).write(known.batch(), text);
        text.toString().lines().forEach(line -> array.addRawValue(new RawValue(line)));
    }

    /** Tells of each job whether it runs. Not under the lock, as sources may take their time. */
    private void awaitStart(List<Submitted> submitted, List<MillraceException> errors) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX);
        for (Submitted job : submitted) {
            String name = "job \"" + job.handle().name() + "\"";
            JobOutcome outcome = null;
            JobState state = null;
            while (outcome == null && state == null && System.nanoTime() < deadline) {
                outcome = ended(job.handle());
                state = outcome == null ? stateOf(job.handle().name()) : outcome.state();
            }
            if (outcome != null && outcome.state() == JobState.FAILED) {
                errors.add(ErrorReport.ofFailed(name, outcome).at(job.statement().place()));
            }
            job.result().put("message", name + " " + words(state));
        }
    }

    private static String words(JobState state) {
        return switch (state) {
            case null -> "is starting";
            case RUNNING -> "runs";
            case FINISHED, STOPPED, FAILED -> "has " + state.name().toLowerCase(Locale.ROOT);
            default -> "is " + state.name().toLowerCase(Locale.ROOT);
        };
    }

    private static JobOutcome ended(JobHandle handle) {
        try {
            return handle.outcome().get(START_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the outcome of a job never fails", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The state of a job, or null if it has not begun. */
    private JobState stateOf(String name) {
        try {
            JobState state = node.job(name).state();
            return state == JobState.STARTING || state == JobState.RECOVERING ? null : state;
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.JOB_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static ObjectNode body(
            List<ObjectNode> results, List<MillraceException> errors, Map<String, String> options, String sql) {
        ObjectNode body = Answers.object();
        body.putArray("results").addAll(results);
        body.set("errors", Answers.errors(errors, sql));
        ObjectNode set = body.putObject("options");
        options.forEach(set::put);
        return body;
    }
}
