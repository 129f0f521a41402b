// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.engine.connector.Connectors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A node that starts in the background while the script is parsed and planned: each of the two takes a good part of a
 * second in a cold process.
 */
public final class NodeStarter implements AutoCloseable {
    /** The address of a node that nobody else talks to. */
    public static final String LOOPBACK = "127.0.0.1";

    private static final long CLOSE_SECONDS_MAX = 30;

    private final CompletableFuture<Node> node = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    private NodeStarter() {}

    /** Begins to start a node and returns at once. */
    public static NodeStarter begin(NodeSettings settings, Connectors connectors) {
        NodeStarter starter = new NodeStarter();
        Thread thread = new Thread(() -> starter.start(settings, connectors), "node-starter");
        thread.setDaemon(true);
        thread.start();
        return starter;
    }

    private void start(NodeSettings settings, Connectors connectors) {
        try {
            node.complete(Node.start(settings, connectors));
        } catch (RuntimeException | Error e) {
            node.completeExceptionally(e);
        }
    }

    /**
     * Waits until the node can take jobs.
     *
     * @throws dev.millrace.engine.error.MillraceException if the node could not start
     */
    public Node await() {
        try {
            return node.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw e;
            }
        }
    }

    /**
     * Lets the node close by itself, which nobody waits for: all its jobs have ended. A node that is not needed after
     * all is left alone instead, since the process ends before it is up, and one that closes while it starts complains.
     */
    public void closeLater() {
        if (closing.compareAndSet(false, true)) {
            node.thenAcceptAsync(Node::close);
        }
    }

    /** Stops all jobs in order, each with a checkpoint, and then the node. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            node.get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS).close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // A node that has not started has nothing to stop; the reason was told by await.
            node.cancel(false);
        }
    }
}
