// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.typesafe.config.Config;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.member.NodeAddress;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.http.HttpServer;
import dev.millrace.server.http.RequestGuard;
import dev.millrace.server.run.Termination;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.remote.RemoteTransportException;
import org.slf4j.LoggerFactory;

/** {@code millrace server}: a node that takes jobs over HTTP, until it is told to end. */
final class ServerCommand implements Command {
    /** Longer than a node takes to end its epochs, and shorter than a container is given before it is killed. */
    private static final Duration LEAVING_TIME_MAX = Duration.ofSeconds(75);

    private static final String CERTIFICATE = "millrace.tls.certificate";

    /** A node that waits for its seeds says so after this, and then again and again. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(6);
    private static final Duration FURTHER_PATIENCE = Duration.ofSeconds(30);

    @Override
    public Syntax syntax() {
        return new Syntax("server", "A node that takes jobs and queries over HTTP. Jobs go on after a restart.")
                .option("--host", "HOST", "the address for other nodes: 127.0.0.1")
                .option("--port", "PORT", "the port for other nodes: 25520; 0 for a free one")
                .option("--http-host", "HOST", "the address for HTTP: 127.0.0.1; others need a token")
                .option("--http", "PORT", "the port for HTTP: 8080; 0 for a free one")
                .option("--token-file", "FILE", "a file with the token that clients have to send")
                .option("--state", "PLACE", "where jobs, tables and checkpoints are kept: ./millrace-state")
                .option("--config", "FILE", "settings, in the form of HOCON")
                .repeatedOption("--seed", "HOST:PORT", "nodes of the cluster, the same list for each: see below")
                .footer(
                        "",
                        "Ctrl-C and SIGTERM stop the jobs in order; they go on when the server starts again.",
                        "One of several nodes hands its work over to the others, and the jobs go on there.",
                        "",
                        "--seed takes several with commas, and may be repeated. Give every node the same list, with",
                        "itself in it: the first of the list begins the cluster, the others join. All nodes need the",
                        "same --state: a directory on a shared volume, or a database. Further nodes join by the list, too.",
                        "",
                        "examples:",
                        "  millrace server",
                        "  millrace server --host 127.0.0.1 --seed 127.0.0.1:25520,127.0.0.2:25520",
                        "  millrace submit pages.sql",
                        "  millrace jobs",
                        "",
                        "exit codes: 0 stopped, 1 it could not start, 2 the command line is not valid");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        ServerSettings settings = ServerSettings.of(arguments);
        if (!RequestGuard.isLoopback(settings.host()) && !encrypts(settings)) {
            console.err().println("warning: other nodes are talked to at " + settings.host() + ":" + settings.port()
                    + " without TLS: whoever reaches the port is part of the cluster");
        }
        Logging.useStateDirectory(settings.state().directory(), settings.logName());
        // Now, as the first words of several threads at once would be lost.
        LoggerFactory.getILoggerFactory();
        Connectors connectors = BuiltInConnectors.create(console.err());
        NodeSettings node = new NodeSettings(
                settings.host(),
                settings.port(),
                settings.state(),
                settings.deadLetterDirectory(),
                true,
                settings.threads(),
                settings.affinity(),
                settings.seeds());
        return serve(start(node, connectors, settings), connectors, settings, console);
    }

    private static boolean encrypts(ServerSettings settings) {
        Config config = settings.overrides();
        return config.hasPath(CERTIFICATE) && !config.getString(CERTIFICATE).isEmpty();
    }

    private static Node start(NodeSettings node, Connectors connectors, ServerSettings settings) {
        try {
            return Node.start(node, connectors, settings.overrides());
        } catch (RemoteTransportException e) {
            throw new MillraceException(
                    ErrorCode.ADDRESS_UNUSABLE,
                    "the node can't listen at " + settings.host() + ":" + settings.port(),
                    null,
                    "another server may have the port; choose another one with --port, 0 for a free one",
                    e);
        }
    }

    private static int serve(Node node, Connectors connectors, ServerSettings settings, Console console) {
        HttpServer http;
        try {
            http = HttpServer.listen(node, settings.http());
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
        CountDownLatch ended = new CountDownLatch(1);
        // Pekko cuts the node off from the others as soon as the process is asked to end, unless somebody says that the
        // node is still needed: then it could hand nothing over.
        CoordinatedShutdown.get(node.system()).addJvmShutdownHook(() -> awaitEnd(ended));
        try (Termination termination = Termination.onSignal(() -> {
            http.leave();
            node.close();
            http.close();
            ended.countDown();
        }, LEAVING_TIME_MAX)) {
            try {
                awaitMembership(node, settings, console);
                http.open(connectors, SharedCatalog.open(node, connectors), settings.options(), Version.current());
                console.err().println("millrace server is ready at http://" + settings.http().host() + ":" + http.port()
                        + ", state in " + settings.state() + cluster(node, settings));
            } catch (RuntimeException | Error e) {
                // A node that is told to end while it starts ends without complaint.
                if (!termination.isRequested()) {
                    http.close();
                    node.close();
                    throw e;
                }
            }
            node.ended().thenRun(ended::countDown);
            ended.await();
            if (!termination.isRequested()) {
                http.close();
                node.close();
                throw new MillraceException(
                        ErrorCode.CLUSTER_REFUSED,
                        "this node is no longer one of its cluster: it and other nodes could not reach each other",
                        "start it again; jobs go on on the nodes that were left, if there are any");
            }
            console.err().println("millrace server has stopped; its jobs go on "
                    + (node.wasLast() ? "when it starts again" : "on the other nodes"));
        } catch (InterruptedException e) {
            http.close();
            node.close();
        } finally {
            ended.countDown();
        }
        return ExitCode.SUCCESS;
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            ended.await(LEAVING_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String cluster(Node node, ServerSettings settings) {
        return settings.seeds().isEmpty() ? "" : ", node " + node.address();
    }

    /** Without seeds a matter of a moment; else as long as it takes until one of them answers. */
    private static void awaitMembership(Node node, ServerSettings settings, Console console)
            throws InterruptedException {
        if (settings.seeds().isEmpty()) {
            return;
        }
        Duration patience = FIRST_PATIENCE;
        while (true) {
            try {
                node.joined().get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                console.err().println("millrace server " + node.address() + " waits for the cluster of "
                        + String.join(", ", settings.seeds().stream().map(NodeAddress::toString).toList())
                        + ": none of them lets it in yet; it goes on trying");
                patience = FURTHER_PATIENCE;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof MillraceException known ? known : new IllegalStateException(e);
            }
        }
    }
}
