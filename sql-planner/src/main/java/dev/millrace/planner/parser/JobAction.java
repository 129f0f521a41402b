// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

/** What is to be done with a job. */
public enum JobAction {
    /** Lets it rest at the end of an epoch. */
    PAUSE,
    /** Lets a paused, stopped or failed one go on where it stood. */
    RESUME,
    /** Ends it with a checkpoint; its state is kept. With a savepoint, it ends at the cut of that. */
    STOP,
    /** Ends it at once and forgets its state; its name is free. */
    DROP,
    /** Changes its options; it goes on from a savepoint where it must. */
    ALTER,
    /** Brings it to a cut, keeps its state there under a name, and lets it go on. */
    CREATE_SAVEPOINT,
    /** Forgets a savepoint. */
    DROP_SAVEPOINT
}
