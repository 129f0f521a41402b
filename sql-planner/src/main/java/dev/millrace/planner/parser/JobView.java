// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

/** What SHOW can tell of jobs. */
public enum JobView {
    /** All jobs. */
    JOBS,
    /** The partitions of one job. */
    PARTITIONS,
    /** The watermarks of one job's partitions. */
    WATERMARKS,
    /** The savepoints of one job. */
    SAVEPOINTS
}
