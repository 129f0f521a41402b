// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.RowFilter;

/** A filter that runs a generated loop. */
public final class CompiledFilter implements RowFilter {
    private final Loops loops;

    public CompiledFilter(Expression condition) {
        loops = new Loops(Normalizer.normalize(condition), true);
    }

    @Override
    public Batch apply(Batch batch, BatchArena arena, RowErrors errors) {
        int[] passed = arena.ints(batch.size());
        FailedRows failures = new FailedRows(batch, errors);
        int count = loops.forBatch(batch).run(
                batch.columns(),
                batch.rowCount(),
                batch.selection(),
                batch.size(),
                null,
                passed,
                failures);
        return count == batch.size() ? batch : batch.withSelection(passed, count);
    }
}
