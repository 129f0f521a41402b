// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.checkpointing.StatePlace;
import java.nio.file.Path;
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
 */
public record NodeSettings(String host, int port, StatePlace state, Path deadLetterDirectory, boolean resumesJobs,
        int threads, boolean affinity) {
    public NodeSettings {
        Objects.requireNonNull(host);
        Objects.requireNonNull(state);
        Objects.requireNonNull(deadLetterDirectory);
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
}
