// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.access.AccessToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A server's HTTP API. Any thread. Every call throws a {@link MillraceException} of code
 * {@link ErrorCode#SERVER_UNREACHABLE} if no server answers.
 */
public final class MillraceClient implements AutoCloseable {
    /** Where a server listens unless it is told otherwise. */
    public static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A script may start many jobs, each of which looks at its sources first. */
    private static final Duration STATEMENTS_TIMEOUT = Duration.ofMinutes(5);

    /** A savepoint waits for all partitions, and a stop for all epochs; the server gives up before. */
    private static final Duration ORDER_TIMEOUT = Duration.ofMinutes(3);

    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(30);
    private static final String QUERY_PATH = "/api/v1/query";
    /** Methods of what does not only ask. */
    private static final Set<String> ORDERS = Set.of("POST", "DELETE");
    private static final int OK = 200;

    private final URI server;
    private final AccessToken token;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build();

    private MillraceClient(URI server, AccessToken token) {
        this.server = server;
        this.token = token;
    }

    /**
     * A client for a server that asks for nothing. Nothing is sent yet.
     *
     * @param server such as {@link #DEFAULT_SERVER}
     * @throws MillraceException if this is no such address
     */
    public static MillraceClient of(String server) {
        return of(server, null);
    }

    /**
     * A client for a server. Nothing is sent yet.
     *
     * @param server such as {@link #DEFAULT_SERVER}; {@code https} is for what stands before one
     * @param token what is sent with each request, or null
     * @throws MillraceException if this is no such address
     */
    public static MillraceClient of(String server, AccessToken token) {
        try {
            URI uri = new URI(server.endsWith("/") ? server.substring(0, server.length() - 1) : server);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getPath().isEmpty()) {
                return new MillraceClient(uri, token);
            }
        } catch (URISyntaxException e) {
            throw notAServer(server, e);
        }
        throw notAServer(server, null);
    }

    private static MillraceException notAServer(String server, Exception cause) {
        return new MillraceException(
                ErrorCode.USAGE,
                "\"" + server + "\" is not the address of a server",
                null,
                "write it as " + DEFAULT_SERVER,
                cause);
    }

    /** The address. */
    public URI server() {
        return server;
    }

    /**
     * Carries out a script. A SELECT in it is not run, but answered with {@link StatementResult.Kind#QUERY}.
     *
     * @param options options to set before it, such as those that {@link StatementsAnswer#options} gave before
     * @return what it came to; errors of the script are in there
     */
    public StatementsAnswer statements(String sql, Map<String, String> options) {
        JsonNode tree = Json.tree(send("POST", "/api/v1/statements", body(sql, options).toString(),
                STATEMENTS_TIMEOUT).body());
        if (!tree.has("results")) {
            throw Json.errors(tree).stream().findFirst().orElseGet(() -> Json.foreign(null));
        }
        return Json.answer(tree);
    }

    /**
     * Runs a SELECT. Returns when the server has taken it.
     *
     * @param options options to set before it
     * @throws MillraceException if it is not valid, with its place in the text
     */
    public RemoteQuery query(String sql, Map<String, String> options) {
        String body = body(sql, options).put("header", true).toString();
        HttpRequest request = request("POST", QUERY_PATH, body).build();
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        if (response.statusCode() == OK) {
            return new RemoteQuery(server, response.body());
        }
        try (InputStream in = response.body()) {
            throw refusal(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** All jobs, as a JSON tree: an array of objects. */
    public JsonNode jobs() {
        return ask("GET", "/api/v1/jobs").path("jobs");
    }

    /** One job, as a JSON object. */
    public JsonNode job(String name) {
        return ask("GET", jobPath(name));
    }

    /** The nodes of the cluster, as a JSON tree: an array of objects. */
    public JsonNode nodes() {
        return ask("GET", "/api/v1/nodes").path("nodes");
    }

    /** How the partitions and readers of a job have moved, as a JSON tree. */
    public JsonNode moves(String name) {
        return ask("GET", jobPath(name) + "/moves");
    }

    /** The partitions of a job, as a JSON tree: an array of objects. */
    public JsonNode partitions(String name) {
        return ask("GET", jobPath(name) + "/partitions").path("partitions");
    }

    /** Ends the job's epochs and lets it rest. */
    public void pause(String name) {
        ask("POST", jobPath(name) + "/pause");
    }

    /** Lets a job that rests go on where it stood. */
    public void resume(String name) {
        ask("POST", jobPath(name) + "/resume");
    }

    /** Ends the job's epochs and stops it. */
    public void stop(String name) {
        ask("POST", jobPath(name) + "/stop", ORDER_TIMEOUT);
    }

    /** Stops the job at one cut of its inputs, and keeps its state there under a name. */
    public void stop(String name, String savepoint) {
        ask("POST", jobPath(name) + "/stop?savepoint=" + encoded(savepoint), ORDER_TIMEOUT);
    }

    /** The savepoints of a job, as a JSON tree: an array of objects. */
    public JsonNode savepoints(String job) {
        return ask("GET", jobPath(job) + "/savepoints").path("savepoints");
    }

    /** Keeps the state of a running job under a name. */
    public JsonNode createSavepoint(String job, String name) {
        return ask("POST", savepointPath(job, name), ORDER_TIMEOUT);
    }

    /** Deletes a savepoint. */
    public void dropSavepoint(String job, String name) {
        ask("DELETE", savepointPath(job, name), ORDER_TIMEOUT);
    }

    /** Stops the job and forgets it with its state. */
    public void drop(String name) {
        ask("DELETE", jobPath(name));
    }

    /** The names of all tables and views, as a JSON tree: an array of objects. */
    public JsonNode tables() {
        return ask("GET", "/api/v1/tables").path("tables");
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private static String jobPath(String name) {
        return "/api/v1/jobs/" + encoded(name);
    }

    private static String savepointPath(String job, String name) {
        return jobPath(job) + "/savepoints/" + encoded(name);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode ask(String method, String path) {
        return ask(method, path, QUESTION_TIMEOUT);
    }

    private JsonNode ask(String method, String path, Duration timeout) {
        HttpResponse<String> response = send(method, path, null, timeout);
        if (response.statusCode() != OK) {
            throw refusal(response.body());
        }
        return Json.tree(response.body());
    }

    private HttpResponse<String> send(String method, String path, String body, Duration timeout) {
        return exchange(
                request(method, path, body).timeout(timeout).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
        if (token != null) {
            request.header("Authorization", token.authorization());
        }
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody());
        }
        return request.header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            boolean mayBeDone = ORDERS.contains(request.method()) && !request.uri().getPath().equals(QUERY_PATH)
                    && !(e instanceof ConnectException) && !(e instanceof HttpConnectTimeoutException);
            throw mayBeDone ? lost(e) : unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(
                    ErrorCode.SERVER_UNREACHABLE, "the request to " + server + " was given up", null, null, e);
        }
    }

    private MillraceException unreachable(IOException cause) {
        return new MillraceException(
                ErrorCode.SERVER_UNREACHABLE,
                "no server answers at " + server,
                null,
                "start one with millrace server, or name another with --server " + DEFAULT_SERVER,
                cause);
    }

    private MillraceException lost(IOException cause) {
        return new MillraceException(
                ErrorCode.SERVER_UNREACHABLE,
                "the server at " + server
                        + " has taken the request and gives no answer: whether it was carried out, or still "
                        + "will be, is not known",
                null,
                "look with millrace jobs, at another node of the cluster if there is one: --server; a script may be"
                        + " submitted again, jobs that are there go on",
                cause);
    }

    private static MillraceException refusal(String body) {
        List<MillraceException> errors = Json.errors(Json.tree(body));
        return errors.isEmpty() ? Json.foreign(null) : errors.getFirst();
    }

    private static ObjectNode body(String sql, Map<String, String> options) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("sql", sql);
        ObjectNode set = body.putObject("options");
        options.forEach(set::put);
        return body;
    }
}
