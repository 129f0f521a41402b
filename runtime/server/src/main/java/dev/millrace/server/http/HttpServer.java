// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.cluster.Node;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.catalog.SharedCatalog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** Answers HTTP for a node, over the node's own actor system. */
public final class HttpServer implements AutoCloseable {
    /** As long as starting the jobs of a script may take. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(6);

    /** A client that looks at the first page of a result holds the rest back, and nothing moves meanwhile. */
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

    private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

    private final Node node;
    private final ServerBinding binding;
    private final ExecutorService waiting;
    private final Readiness readiness;
    private final Entrance entrance;
    /** Null until the server is open. */
    private volatile Queries queries;

    private HttpServer(
            Node node, ServerBinding binding, ExecutorService waiting, Readiness readiness, Entrance entrance) {
        this.node = node;
        this.binding = binding;
        this.waiting = waiting;
        this.readiness = readiness;
        this.entrance = entrance;
    }

    /**
     * Starts to listen. Probes are answered; everything else is asked to come later, until {@link #open}.
     *
     * @throws MillraceException if the port is in use
     */
    public static HttpServer listen(Node node, HttpSettings http) {
        ActorSystem<Void> system = node.system();
        ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();
        Readiness readiness = new Readiness(node);
        Entrance entrance = new Entrance(system, new RequestGuard(http), readiness, waiting);
        ServerSettings settings = ServerSettings.create(system.settings().config());
        settings = settings.withTimeouts(settings.getTimeouts()
                .withRequestTimeout(scala(REQUEST_TIMEOUT))
                .withIdleTimeout(scala(IDLE_TIMEOUT)))
                // They go to the log with their values, and a token that is sent in a wrong way is a secret still.
                .withParserSettings(settings.getParserSettings().withIllegalHeaderWarnings(false));
        try {
            ServerBinding binding = Http.get(system)
                    .newServerAt(http.host(), http.port())
                    .withSettings(settings)
                    .bind(entrance::handle)
                    .toCompletableFuture()
                    .join();
            return new HttpServer(node, binding, waiting, readiness, entrance);
        } catch (CompletionException e) {
            waiting.shutdown();
            throw new MillraceException(
                    ErrorCode.ADDRESS_UNUSABLE,
                    "HTTP can't listen at " + http.host() + ":" + http.port(),
                    null,
                    "another process may have the port; see millrace jobs for a server that runs already, "
                            + "or choose another port with --http",
                    e);
        }
    }

    /**
     * From now on everything is answered.
     *
     * @param catalog the tables that clients share
     * @param defaults options of jobs that say nothing else
     * @param version what {@code /health} says
     */
    public void open(Connectors connectors, SharedCatalog catalog, Map<String, String> defaults, String version) {
        queries = new Queries(node, connectors, catalog, defaults, waiting);
        Scripts scripts = new Scripts(node, connectors, catalog, defaults);
        entrance.open(new Router(node, scripts, queries, catalog, version, waiting));
    }

    private static scala.concurrent.duration.Duration scala(Duration duration) {
        return scala.concurrent.duration.Duration.create(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The port that it listens on. */
    public int port() {
        return binding.localAddress().getPort();
    }

    /** The SELECTs of its clients. */
    Queries queries() {
        return queries;
    }

    /**
     * Lets the probe say that the node is leaving, takes no more work, and ends the queries that run. Questions are
     * answered until {@link #close}, so that the leaving can be watched.
     */
    public void leave() {
        readiness.leave();
        Queries running = queries;
        if (running != null) {
            running.close();
        }
    }

    /** Takes no more requests, ends the queries that run, and waits a moment for answers that are under way. */
    @Override
    public void close() {
        leave();
        if (node.system().whenTerminated().isCompleted()) {
            // With the node's actors all connections are closed.
            waiting.shutdown();
            return;
        }
        try {
            binding.terminate(END_TIMEOUT).toCompletableFuture()
                    .get(2 * END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Whoever still reads finds its connection closed with the process.
            binding.unbind();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.shutdown();
    }
}
