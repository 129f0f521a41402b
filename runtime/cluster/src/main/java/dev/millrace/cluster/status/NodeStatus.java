// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/**
 * A node of the cluster as another one sees it.
 *
 * @param address host and port
 * @param state where it stands
 * @param sinceMillis since when, as far as the node that tells knows
 * @param self whether it is the node that tells
 * @param oldest whether it is the oldest node: the registry of jobs and the decisions on placement are there
 * @param partitions partitions of named jobs on it
 * @param readers their readers on it
 */
public record NodeStatus(
        String address, NodeState state, long sinceMillis, boolean self, boolean oldest, int partitions, int readers) {}
