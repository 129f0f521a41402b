// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cluster.status.NodeReadiness;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.access.AccessToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * What every request comes through: who may not ask is sent away, probes are answered, and the rest is let in as long as
 * the node takes work. Any thread.
 */
final class Entrance {
    private static final int UNAVAILABLE = 503;
    private static final String CHALLENGE = "Bearer realm=\"millrace\"";
    private static final List<String> ALIVE = List.of("alive");
    private static final List<String> READY = List.of("ready");

    private final ActorSystem<Void> system;
    private final RequestGuard guard;
    private final Readiness readiness;
    private final Executor waiting;
    private volatile Router router;

    /** @param waiting runs what may wait */
    Entrance(ActorSystem<Void> system, RequestGuard guard, Readiness readiness, Executor waiting) {
        this.system = system;
        this.guard = guard;
        this.readiness = readiness;
        this.waiting = waiting;
    }

    /** From now on requests are let in. */
    void open(Router opened) {
        router = opened;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request) {
        String refusal = guard.refusal(request);
        if (refusal != null) {
            return refuse(request, new MillraceException(
                    ErrorCode.REQUEST_REFUSED, refusal,
                    "the server answers to programs, and to no page of the web"));
        }
        List<String> path = new ArrayList<>();
        request.getUri().pathSegments().forEach(path::add);
        if (guard.lacksToken(request, path)) {
            return refuse(request, new MillraceException(
                    ErrorCode.TOKEN_REFUSED, "the server asks for a token, and got none or another one",
                    "give it with --token-file FILE or in " + AccessToken.VARIABLE
                            + "; in HTTP the header is Authorization: Bearer TOKEN"))
                    .thenApply(answer -> answer.addHeader(RawHeader.create("WWW-Authenticate", CHALLENGE)));
        }
        if (path.equals(ALIVE) || path.equals(READY)) {
            request.discardEntityBytes(system);
            return path.equals(ALIVE)
                    ? done(Answers.ok(Answers.object().put("status", "alive")))
                    : CompletableFuture.supplyAsync(this::ready, waiting);
        }
        Router opened = router;
        if (opened == null || readiness.isLeaving() && !request.method().equals(HttpMethods.GET)) {
            return refuse(request, new MillraceException(
                    ErrorCode.NODE_NOT_READY,
                    opened == null ? "the node is starting" : "the node leaves the cluster, and takes nothing more",
                    "ask another node, or once more in a moment"));
        }
        return opened.route(request, path);
    }

    /** Says nothing but how the node is: anybody may ask. */
    private HttpResponse ready() {
        NodeReadiness node = readiness.now();
        NodeReadiness now = node == NodeReadiness.READY && router == null ? NodeReadiness.STARTING : node;
        String reason = switch (now) {
            case READY -> null;
            case STARTING -> "the node has not joined its cluster yet";
            case WITHOUT_REGISTRY -> "the registry of jobs does not answer";
            case LEAVING -> "the node leaves its cluster";
        };
        ObjectNode body = Answers.object().put("status", now.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        return reason == null ? Answers.ok(body) : Answers.of(UNAVAILABLE, body.put("reason", reason));
    }

    private CompletionStage<HttpResponse> refuse(HttpRequest request, MillraceException reason) {
        request.discardEntityBytes(system);
        return done(Answers.of(reason, null));
    }

    private static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
