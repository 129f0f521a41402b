// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

import dev.millrace.engine.error.ErrorCode;
import java.util.List;

/**
 * A job as an operator sees it.
 *
 * @param name the name
 * @param sql the statement
 * @param state where it stands
 * @param code kind of failure, or null
 * @param reason why it failed, or null
 * @param problem what holds it up for now (a broker that does not answer), or null; it goes on by itself
 * @param progress what it has done
 * @param node host and port of the node from which it is led
 * @param moves how many of its partitions and readers have moved; without the single moves
 * @param partitions its partitions, in order of stage and index
 * @param readers its readers, in order of their inputs; none while it rests
 */
public record JobStatus(
        String name,
        String sql,
        JobState state,
        ErrorCode code,
        String reason,
        String problem,
        JobProgress progress,
        String node,
        Moves moves,
        List<PartitionStatus> partitions,
        List<ReaderStatus> readers) {
    public JobStatus {
        partitions = List.copyOf(partitions);
        readers = List.copyOf(readers);
    }

    /** The same with those partitions alone that are on a node; of which that is not known are where the job is led. */
    public JobStatus on(String address) {
        List<PartitionStatus> there = partitions.stream()
                .filter(partition -> address.equals(partition.node() == null ? node : partition.node()))
                .toList();
        return new JobStatus(name, sql, state, code, reason, problem, progress, node, moves, there, readers);
    }
}
