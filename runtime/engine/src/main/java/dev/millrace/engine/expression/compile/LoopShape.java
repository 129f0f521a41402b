// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

/**
 * What a loop is made for.
 *
 * @param selected whether rows are taken from a selection
 * @param columnNulls whether columns of nullable types have NULLs in them
 */
record LoopShape(boolean selected, boolean columnNulls) {
    /** All rows, no NULLs. */
    static final LoopShape DENSE = new LoopShape(false, false);

    /** Any batch; its loop is the largest. */
    static final LoopShape ANY = new LoopShape(true, true);
}
