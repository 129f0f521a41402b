// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.catalog.CatalogColumn;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.catalog.CatalogView;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.run.JobStatements;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.util.ByteString;

/** Finds out what a request wants, and sees to it on a thread that may wait. */
final class Router {
    /** What has come of a request's body; of one that is too large the bytes are not kept. */
    private record Body(ByteString bytes, long size) {
        private static final Body EMPTY = new Body(ByteString.emptyByteString(), 0);

        private Body and(ByteString more) {
            long together = size + more.size();
            return new Body(together > BODY_BYTES_MAX ? ByteString.emptyByteString() : bytes.concat(more), together);
        }

        private boolean isTooLarge() {
            return size > BODY_BYTES_MAX;
        }

        private String text() {
            return bytes.utf8String();
        }
    }

    static final long BODY_BYTES_MAX = 8 << 20;

    /** Bytes that are read of a body that is too large: a client that is still sending would not see the answer. */
    private static final long DRAINED_BYTES_MAX = 8 * BODY_BYTES_MAX;

    private static final Duration BODY_TIME_MAX = Duration.ofSeconds(30);
    private static final int PAYLOAD_TOO_LARGE = 413;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int BAD_REQUEST = 400;

    private static final String GET = HttpMethods.GET.value();
    private static final String POST = HttpMethods.POST.value();
    private static final String DELETE = HttpMethods.DELETE.value();

    private final Node node;
    private final Scripts scripts;
    private final Queries queries;
    private final SharedCatalog catalog;
    private final String version;
    private final ExecutorService waiting;

    Router(
            Node node, Scripts scripts, Queries queries, SharedCatalog catalog, String version,
            ExecutorService waiting) {
        this.node = node;
        this.scripts = scripts;
        this.queries = queries;
        this.catalog = catalog;
        this.version = version;
        this.waiting = waiting;
    }

    /** @param path the segments of the request's path */
    CompletionStage<HttpResponse> route(HttpRequest request, List<String> path) {
        return switch (path.size()) {
            case 1 -> switch (path.getFirst()) {
                case "health" -> only(request, GET, this::health);
                case "metrics" -> only(request, GET, this::metrics);
                default -> unknown(request);
            };
            case 3, 4, 5, 6 -> path.subList(0, 2).equals(List.of("api", "v1"))
                    ? api(request, path.subList(2, path.size()))
                    : unknown(request);
            default -> unknown(request);
        };
    }

    private CompletionStage<HttpResponse> api(HttpRequest request, List<String> path) {
        String job = path.size() > 1 ? path.get(1) : null;
        return switch (path.getFirst() + "/" + path.size()) {
            case "statements/1" -> withBody(request, this::statements);
            case "query/1" -> withBody(request, this::query);
            case "tables/1" -> only(request, GET, this::tables);
            case "nodes/1" -> only(request, GET, () -> Answers.ok(JobJson.nodes(node.nodes())));
            case "jobs/1" -> only(request, GET, () -> Answers.ok(JobJson.jobs(node.jobs())));
            case "jobs/2" -> request.method().value().equals(DELETE)
                    ? answer(request, () -> drop(job))
                    : only(request, GET, () -> Answers.ok(JobJson.job(node.job(job))));
            case "jobs/3" -> switch (path.get(2)) {
                case "partitions" -> only(request, GET, () -> Answers.ok(JobJson.partitions(node.job(job))));
                case "moves" -> only(request, GET, () -> Answers.ok(JobJson.moves(job, node.moves(job))));
                case "pause" -> order(request, () -> node.pause(job));
                case "resume" -> order(request, () -> node.resume(job));
                case "stop" -> order(request, () -> stop(request, job));
                case "savepoints" -> only(
                        request, GET, () -> Answers.ok(JobJson.savepoints(JobStatements.savepointsOf(node, job))));
                default -> unknown(request);
            };
            case "jobs/4" -> path.get(2).equals("savepoints")
                    ? savepoint(request, job, path.get(3))
                    : unknown(request);
            default -> unknown(request);
        };
    }

    // ---- What there is

    private HttpResponse health() {
        return Answers.ok(Answers.object().put("status", "up").put("version", version));
    }

    private HttpResponse metrics() {
        byte[] page = MetricsPage.of(node.jobs(), node.address(), queries.running().size(), System.currentTimeMillis());
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.parse(MetricsPage.CONTENT_TYPE), page));
    }

    private HttpResponse tables() {
        ObjectNode body = Answers.object();
        ArrayNode tables = body.putArray("tables");
        for (CatalogEntry entry : catalog.copy().entries()) {
            ObjectNode node = tables.addObject().put("name", entry.name());
            ArrayNode columns = node.arrayNode();
            switch (entry) {
                case CatalogTable table -> {
                    node.put("kind", table.stream() ? "stream" : "table");
                    for (CatalogColumn column : table.columns()) {
                        columns.addObject().put("name", column.name()).put("type", column.type().toString());
                    }
                }
                case CatalogView view -> {
                    node.put("kind", "view");
                    view.columns().forEach(column -> columns.addObject().put("name", column));
                }
            }
            node.set("columns", columns);
        }
        return Answers.ok(body);
    }

    private HttpResponse drop(String job) {
        node.drop(job);
        return Answers.ok(Answers.object().put("dropped", job));
    }

    private JobStatus stop(HttpRequest request, String job) {
        Optional<String> savepoint = request.getUri().query().get("savepoint");
        if (savepoint.isEmpty()) {
            return node.stop(job);
        }
        node.stopWithSavepoint(named(job, savepoint.get()));
        return node.job(job);
    }

    private CompletionStage<HttpResponse> savepoint(HttpRequest request, String job, String name) {
        return switch (request.method().value()) {
            case "POST" -> answer(
                    request, () -> Answers.ok(JobJson.savepoint(node.createSavepoint(named(job, name)))));
            case "DELETE" -> answer(request, () -> {
                node.dropSavepoint(named(job, name));
                return Answers.ok(Answers.object().put("dropped", name));
            });
            default ->
                    only(request, GET, () -> Answers.ok(JobJson.savepoint(node.savepoint(named(job, name)))));
        };
    }

    /** The name of a savepoint, under the same conditions as in SQL. */
    private static SavepointName named(String job, String name) {
        if (name.isBlank() || name.contains("/")) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "\"" + name + "\" can't be the name of a savepoint",
                    "names are text without slashes");
        }
        return new SavepointName(job, name);
    }

    private HttpResponse statements(Request request) {
        Scripts.Outcome outcome = scripts.run(request);
        return outcome.failed() ? Answers.of(BAD_REQUEST, outcome.body()) : Answers.ok(outcome.body());
    }

    private HttpResponse query(Request request) {
        try {
            QueryStream stream = queries.start(request);
            return HttpResponse.create()
                    .withEntity(HttpEntities.createChunked(ContentTypes.parse("application/x-ndjson"),
                            stream.source()));
        } catch (MillraceException e) {
            return Answers.of(e, request.sql());
        }
    }

    // ---- How it is asked for

    private CompletionStage<HttpResponse> order(HttpRequest request, Supplier<JobStatus> order) {
        return only(request, POST, () -> Answers.ok(JobJson.job(order.get())));
    }

    private CompletionStage<HttpResponse> only(HttpRequest request, String method, Supplier<HttpResponse> work) {
        return request.method().value().equals(method) ? answer(request, work) : wrongMethod(request, method);
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Supplier<HttpResponse> work) {
        request.discardEntityBytes(node.system());
        return guarded(CompletableFuture.supplyAsync(work, waiting));
    }

    private CompletionStage<HttpResponse> withBody(HttpRequest request, Function<Request, HttpResponse> work) {
        if (!request.method().value().equals(POST)) {
            return wrongMethod(request, POST);
        }
        return guarded(request.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .completionTimeout(BODY_TIME_MAX)
                .limitWeighted(DRAINED_BYTES_MAX, bytes -> (long) bytes.size())
                .runFold(Body.EMPTY, Body::and, node.system())
                .thenApplyAsync(
                        body -> body.isTooLarge() ? tooLarge() : work.apply(Request.parse(body.text())), waiting));
    }

    private static CompletionStage<HttpResponse> guarded(CompletionStage<HttpResponse> answer) {
        return answer.exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof StreamLimitReachedException ? tooLarge() : Answers.of(Answers.error(cause), null);
        });
    }

    private static HttpResponse tooLarge() {
        return withStatus(
                PAYLOAD_TOO_LARGE,
                "the body is larger than " + (BODY_BYTES_MAX >> 20) + " MiB",
                "send the statements in several requests");
    }

    private CompletionStage<HttpResponse> wrongMethod(HttpRequest request, String method) {
        request.discardEntityBytes(node.system());
        String path = request.getUri().getPathString();
        return done(withStatus(
                METHOD_NOT_ALLOWED,
                request.method().value() + " has no meaning for " + path,
                "use " + method).addHeader(RawHeader.create("Allow", method)));
    }

    private CompletionStage<HttpResponse> unknown(HttpRequest request) {
        request.discardEntityBytes(node.system());
        return done(withStatus(
                NOT_FOUND,
                "there is nothing at " + request.getUri().getPathString(),
                "there are /alive, /ready, /health, /metrics, /api/v1/statements, /api/v1/query, /api/v1/jobs, /api/v1/tables"));
    }

    private static HttpResponse withStatus(int status, String reason, String hint) {
        ObjectNode body = Answers.object();
        body.set("errors", Answers.errors(
                List.of(new MillraceException(ErrorCode.REQUEST_INVALID, reason, hint)), null));
        return Answers.of(status, body);
    }

    private static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
