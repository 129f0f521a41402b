// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/** Where a job stands. */
public enum JobState {
    /** Known by its name, and not told yet to run; nobody sees it so. */
    CREATED,
    /** It looks up its splits, or its partitions start for the first time. */
    STARTING,
    /** Its partitions are at work; those that have failed since may wait, or be suspended. */
    RUNNING,
    PAUSED,
    /** Some of its partitions or readers are on their way to another node; the others are at work. */
    REBALANCING,
    STOPPING,
    STOPPED,
    FINISHED,
    /** Suspended with its state and its reason. */
    FAILED,
    /** Its partitions read their last checkpoints. */
    RECOVERING;

    /** Whether the job does nothing any more unless somebody asks it to. */
    public boolean isTerminal() {
        return this == STOPPED || this == FINISHED || this == FAILED;
    }
}
