// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

/** Who else may use a place of state at the same time. */
public enum StateUse {
    /** Nobody: a process that no other one joins. */
    ALONE,
    /** The nodes that join this one, which begins a cluster. */
    FOUNDING,
    /** The nodes of the cluster that this one is about to join, or to begin if it finds none. */
    JOINING
}
