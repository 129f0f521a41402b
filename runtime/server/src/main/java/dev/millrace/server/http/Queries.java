// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.Session;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.run.ClientResult;
import dev.millrace.server.run.JobStatements;
import dev.millrace.server.run.KnownRows;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.RowEncoder;
import dev.millrace.server.run.ScriptPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/** Runs SELECTs, each as a nameless job that ends with its client. Any thread. */
final class Queries {
    /** Each may hold one of the threads for waiting while its client is slow, and sinks need some too. */
    static final int QUERIES_MAX = 16;

    private static final String FORMAT = "json";

    private final Node node;
    private final Connectors connectors;
    private final SharedCatalog catalog;
    private final Map<String, String> defaults;
    private final ExecutorService waiting;
    private final Semaphore free = new Semaphore(QUERIES_MAX);
    private final Set<JobHandle> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Queries(
            Node node,
            Connectors connectors,
            SharedCatalog catalog,
            Map<String, String> defaults,
            ExecutorService waiting) {
        this.node = node;
        this.connectors = connectors;
        this.catalog = catalog;
        this.defaults = defaults;
        this.waiting = waiting;
    }

    /**
     * Begins a query. Returns at once; rows, and an error if there is one, go into the stream, which ends with them.
     *
     * @throws MillraceException if the query is not valid, or too many run
     */
    QueryStream start(Request request) {
        PlacedStatement statement = plan(request);
        if (!free.tryAcquire()) {
            throw new MillraceException(
                    ErrorCode.SERVER_BUSY,
                    QUERIES_MAX + " queries run already",
                    "end one of them, or let a job write the rows with INSERT INTO");
        }
        QueryStream stream = QueryStream.open(node.system());
        switch (statement.planned()) {
            case PlannedStatement.Job job -> run(job.plan(), (Target.Client) job.plan().target(), statement.place(),
                    request, stream);
            case PlannedStatement.ShowJobs show -> answer(JobStatements.show(show, node), request, stream);
            case PlannedStatement.Rows rows -> answer(rows, request, stream);
            default -> throw new IllegalStateException("planned as a query: " + statement);
        }
        return stream;
    }

    /** The queries that run now. */
    Collection<JobHandle> running() {
        return Collections.unmodifiableCollection(running);
    }

    /** Ends all queries. */
    void close() {
        closed = true;
        running.forEach(JobHandle::stop);
    }

    private PlacedStatement plan(Request request) {
        Session session = new Session(
                ScriptPlan.defaultPartitions(Runtime.getRuntime().availableProcessors()), catalog.copy(), Map.of());
        request.setOptions(session, defaults);
        ScriptPlan plan = ScriptPlan.of(request.sql(), session, connectors);
        if (!plan.errors().isEmpty()) {
            throw plan.errors().getFirst();
        }
        if (plan.statements().size() != 1) {
            throw notAQuery(plan.statements().isEmpty() ? null : plan.statements().get(1).place());
        }
        PlacedStatement statement = plan.statements().getFirst();
        boolean query = switch (statement.planned()) {
            case PlannedStatement.Job job -> job.plan().target() instanceof Target.Client;
            case PlannedStatement.Rows _ -> true;
            case PlannedStatement.ShowJobs _ -> true;
            case PlannedStatement.Done _ -> false;
            case PlannedStatement.Text _ -> false;
            case PlannedStatement.ExplainUpgrade _ -> false;
            case PlannedStatement.JobControl _ -> false;
        };
        if (!query) {
            throw notAQuery(statement.place());
        }
        return statement;
    }

    private static MillraceException notAQuery(SourceSpan place) {
        return new MillraceException(
                ErrorCode.INVALID_QUERY, "here stands one SELECT, and nothing else", place,
                "other statements go to /api/v1/statements");
    }

    private void run(JobPlan plan, Target.Client client, SourceSpan place, Request request, QueryStream stream) {
        RowEncoder encoder = OutputFormat.encoder(FORMAT, client.schema(), plan.updating());
        ClientResult result = new ClientResult(client, encoder, stream, true);
        JobHandle job;
        try {
            // Before the job runs, so that no row comes first. The stream takes it without waiting.
            header(client.schema(), plan.updating(), request, stream);
            job = node.submit(plan, result);
        } catch (RuntimeException | Error e) {
            result.close(false);
            stream.close();
            free.release();
            throw e;
        }
        running.add(job);
        if (closed) {
            job.stop();
        }
        stream.gone().whenComplete((done, failure) -> job.stop());
        // Not here: while the first rows wait for the client, so does this.
        waiting.execute(() -> result.attach(job));
        job.outcome().thenAcceptAsync(outcome -> {
            try {
                finish(outcome, result, place, request.sql(), stream);
            } finally {
                running.remove(job);
                stream.close();
                free.release();
            }
        }, waiting);
    }

    private void finish(
            JobOutcome outcome, ClientResult result, SourceSpan place, String sql, QueryStream stream) {
        MillraceException error = null;
        try {
            result.close(outcome.state() == JobState.FINISHED);
            if (outcome.state() == JobState.FAILED) {
                error = ErrorReport.ofFailed("SELECT", outcome).at(place);
            } else if (outcome.state() == JobState.STOPPED && !result.hasStoppedJob()) {
                error = new MillraceException(
                        ErrorCode.JOB_FAILED, "the query was stopped before its end", place, "run it again");
            }
        } catch (MillraceException e) {
            error = e.at(place);
        } catch (RuntimeException | Error e) {
            error = Answers.error(e);
        }
        if (error != null) {
            ObjectNode line = Answers.object();
            line.set("error", Answers.error(error, sql));
            writeQuietly(line + "\n", stream);
        }
    }

    private void answer(PlannedStatement.Rows rows, Request request, QueryStream stream) {
        KnownRows known = new KnownRows(rows);
        TextBuffer text = new TextBuffer();
        OutputFormat.encoder(FORMAT, known.schema(), false).write(known.batch(), text);
        waiting.execute(() -> {
            header(known.schema(), false, request, stream);
            try {
                text.writeTo(stream);
            } catch (IOException e) {
                stream.close();
            }
            stream.close();
            free.release();
        });
    }

    private static void header(Schema schema, boolean updating, Request request, QueryStream stream) {
        if (request.header()) {
            ObjectNode line = Answers.object();
            line.set("columns", columns(schema));
            writeQuietly(line.put("updating", updating) + "\n", stream);
        }
    }

    static ArrayNode columns(Schema schema) {
        ArrayNode columns = Answers.MAPPER.createArrayNode();
        for (Column column : schema.columns()) {
            columns.addObject().put("name", column.name()).put("type", column.type().toString());
        }
        return columns;
    }

    private static void writeQuietly(String line, OutputStream stream) {
        try {
            stream.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The client has gone; its query is stopped for it.
            return;
        }
    }
}
