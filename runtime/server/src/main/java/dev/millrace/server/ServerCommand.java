// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.typesafe.config.Config;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
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
import org.apache.pekko.remote.RemoteTransportException;
import org.slf4j.LoggerFactory;

/** {@code millrace server}: a node that takes jobs over HTTP, until it is told to end. */
final class ServerCommand implements Command {
    /** Longer than a node takes to end its epochs, and shorter than a container is given before it is killed. */
    private static final Duration LEAVING_TIME_MAX = Duration.ofSeconds(75);

    private static final String CERTIFICATE = "millrace.tls.certificate";

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
                .option("--seed", "HOST:PORT", "a node of the cluster to join (not supported yet)")
                .footer(
                        "",
                        "Ctrl-C and SIGTERM stop the jobs in order; they go on when the server starts again.",
                        "",
                        "examples:",
                        "  millrace server",
                        "  millrace submit pages.sql",
                        "  millrace jobs",
                        "",
                        "exit codes: 0 stopped, 1 it could not start, 2 the command line is not valid");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        if (arguments.text("--seed") != null) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "--seed is not supported yet", "leave it out: the server is a node alone");
        }
        ServerSettings settings = ServerSettings.of(arguments);
        if (!RequestGuard.isLoopback(settings.host()) && !encrypts(settings)) {
            console.err().println("warning: other nodes are talked to at " + settings.host() + ":" + settings.port()
                    + " without TLS: whoever reaches the port is part of the cluster");
        }
        Logging.useStateDirectory(settings.state().directory());
        // Now, as the first words of several threads at once would be lost.
        LoggerFactory.getILoggerFactory();
        Connectors connectors = BuiltInConnectors.create(console.err());
        NodeSettings node = new NodeSettings(
                settings.host(),
                settings.port(),
                settings.state(),
                WorkDirectory.of(settings.state().directory()).resolve("dead-letters"),
                true,
                settings.threads(),
                settings.affinity());
        serve(start(node, connectors, settings), connectors, settings, console);
        return ExitCode.SUCCESS;
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

    private static void serve(Node node, Connectors connectors, ServerSettings settings, Console console) {
        HttpServer http;
        try {
            http = HttpServer.listen(node, settings.http());
            http.open(connectors, SharedCatalog.open(node, connectors), settings.options(), Version.current());
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
        CountDownLatch ended = new CountDownLatch(1);
        try (Termination _ = Termination.onSignal(() -> {
            http.leave();
            node.close();
            http.close();
            ended.countDown();
        }, LEAVING_TIME_MAX)) {
            console.err().println("millrace server is ready at http://" + settings.http().host() + ":" + http.port()
                    + ", state in " + settings.state());
            ended.await();
            console.err().println("millrace server has stopped; its jobs go on when it starts again");
        } catch (InterruptedException e) {
            http.close();
            node.close();
        }
    }
}
