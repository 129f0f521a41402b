// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

/** What is to be done with a job. */
public enum JobAction {
    /** Lets it rest at the end of an epoch. */
    PAUSE,
    /** Lets a paused, stopped or failed one go on where it stood. */
    RESUME,
    /** Ends it with a checkpoint; its state is kept. */
    STOP,
    /** Ends it at once and forgets its state; its name is free. */
    DROP
}
