// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;

/** Compiled expressions, one per column of the result. Used by one thread at a time. */
public interface Projection {
    /**
     * Computes the result's columns for the selected rows, at the same row numbers. A bare column reference passes its
     * vector on. Rows that fail are added to the errors and taken out of the selection.
     *
     * @param arena where new vectors and the new selection come from
     */
    Batch apply(Batch batch, BatchArena arena, RowErrors errors);
}
