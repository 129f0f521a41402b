// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

/** Which of the changes of a group leave an updating aggregation. */
public enum Coalesce {
    /** Every one. */
    NONE,
    /** The last one within each input batch. */
    BATCH,
    /**
     * The last one before each {@link Operator#showChanges}; with HAVING, and over rows that are taken back, as
     * {@link #BATCH}.
     */
    INTERVAL
}
