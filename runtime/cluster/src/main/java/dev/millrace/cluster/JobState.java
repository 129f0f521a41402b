// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

/** Where a job stands. */
public enum JobState {
    CREATED,
    STARTING,
    RUNNING,
    PAUSED,
    REBALANCING,
    STOPPING,
    STOPPED,
    FINISHED,
    /** Suspended with its state and its reason. */
    FAILED,
    RECOVERING;

    /** Whether the job does nothing any more unless somebody asks it to. */
    public boolean isTerminal() {
        return this == STOPPED || this == FINISHED || this == FAILED;
    }
}
