// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/** Whether a node can take what is asked of it. */
public enum NodeReadiness {
    /** It is a member of its cluster, and the registry of jobs answers. */
    READY,
    /** It is not yet a member. */
    STARTING,
    /** It is a member, but the registry of jobs doesn't answer it: it moves, or the cluster is cut. */
    WITHOUT_REGISTRY,
    /** It leaves its cluster, or was left out of it. */
    LEAVING
}
