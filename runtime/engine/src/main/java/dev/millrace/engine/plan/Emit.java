// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/** When an aggregation gives its results. */
public enum Emit {
    /** For every input row the new row of its group (unless coalesced). */
    CHANGES,
    /** Once a group: when its window closes, or at the end of bounded input. */
    FINAL
}
