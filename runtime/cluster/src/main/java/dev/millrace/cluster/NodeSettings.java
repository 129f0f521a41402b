// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.checkpointing.StateUse;
import dev.millrace.cluster.member.NodeAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a node is told at its start.
 *
 * @param host the address to bind to; loopback unless the user says otherwise
 * @param port the port of the cluster's messages, 0 for a free one
 * @param state where jobs and checkpoints are kept
 * @param deadLetterDirectory where bad records go unless their table says otherwise
 * @param resumesJobs whether all jobs that ran when their state was left go on, and not only those that are submitted again
 * @param threads threads for partitions and readers, at least 1
 * @param affinity whether each of these threads is pinned to a CPU, where the system lets it
 * @param seeds nodes by any of which the node finds its cluster; the first of them may begin it. All nodes are given the
 *     same, themselves included. None: the node begins a cluster of its own
 */
public record NodeSettings(String host, int port, StatePlace state, Path deadLetterDirectory, boolean resumesJobs,
        int threads, boolean affinity, List<NodeAddress> seeds) {
    public NodeSettings {
        seeds = List.copyOf(seeds);
        Objects.requireNonNull(host);
        Objects.requireNonNull(state);
        Objects.requireNonNull(deadLetterDirectory);
    }

    /** A node without seeds. */
    public NodeSettings(String host, int port, StatePlace state, Path deadLetterDirectory, boolean resumesJobs,
            int threads, boolean affinity) {
        this(host, port, state, deadLetterDirectory, resumesJobs, threads, affinity, List.of());
    }

    /**
     * A node whose threads run wherever the system lets them.
     *
     * @param stateDirectory the directory of its state, or null to keep it in memory
     */
    public NodeSettings(
            String host, int port, Path stateDirectory, Path deadLetterDirectory, boolean resumesJobs, int threads) {
        this(host, port, StatePlace.directory(stateDirectory), deadLetterDirectory, resumesJobs, threads, false);
    }

    /**
     * A node that runs what is submitted to it.
     *
     * @param stateDirectory the directory of its state, or null to keep it in memory
     */
    public NodeSettings(String host, int port, Path stateDirectory, Path deadLetterDirectory, int threads) {
        this(host, port, stateDirectory, deadLetterDirectory, false, threads);
    }

    /** Who else may use the place of the state. */
    StateUse use() {
        if (!seeds.isEmpty()) {
            return StateUse.JOINING;
        }
        return resumesJobs ? StateUse.FOUNDING : StateUse.ALONE;
    }
}
