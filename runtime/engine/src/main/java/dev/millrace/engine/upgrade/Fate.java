// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

/** What becomes of a part of a job's state under another plan. */
public enum Fate {
    /** It is taken over. */
    KEPT,
    /** It did not exist before: it starts empty, and knows of rows from the savepoint on only. */
    ADDED,
    /** The query does not ask for it any more. */
    DROPPED,
    /** It can't be taken over, though what was read to make it will not be read again. */
    LOST
}
