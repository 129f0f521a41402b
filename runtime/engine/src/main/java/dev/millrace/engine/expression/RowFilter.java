// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;

/** A compiled condition. Used by one thread at a time. */
public interface RowFilter {
    /**
     * Narrows the selection to the rows for which the condition is true. Rows that fail are added to the errors and
     * left out.
     *
     * @param arena where the new selection comes from
     */
    Batch apply(Batch batch, BatchArena arena, RowErrors errors);
}
