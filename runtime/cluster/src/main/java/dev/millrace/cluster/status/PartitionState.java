// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/** Where a partition stands. */
public enum PartitionState {
    /** It reads its last checkpoint. */
    RECOVERING,
    RUNNING,
    /** It has failed and waits to be started again. */
    RESTARTING,
    /** It has failed too often, and waits for somebody to resume the job. */
    SUSPENDED,
    /** All its inputs have ended. */
    FINISHED,
    /** The job does not run. */
    STOPPED
}
