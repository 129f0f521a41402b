// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.status.NodeReadiness;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Whether requests should come here, for who asks often and without a token. Any thread. */
final class Readiness {
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(2);

    /** However many ask, the registry is asked no more often. */
    private static final Duration KEPT = Duration.ofMillis(200);

    private final Node node;
    private CompletionStage<NodeReadiness> known;
    private long askedNanos;
    private volatile boolean leaving;

    Readiness(Node node) {
        this.node = node;
    }

    /** The node is about to leave: from now on it is not ready. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** How the node is. Waits for the registry of jobs, for a bounded time. */
    NodeReadiness now() {
        return leaving ? NodeReadiness.LEAVING : known().toCompletableFuture().join();
    }

    private synchronized CompletionStage<NodeReadiness> known() {
        long nanos = System.nanoTime();
        if (known == null || nanos - askedNanos > KEPT.toNanos() && known.toCompletableFuture().isDone()) {
            known = node.readiness(REGISTRY_TIMEOUT);
            askedNanos = nanos;
        }
        return known;
    }
}
