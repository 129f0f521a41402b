// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Projection;
import dev.millrace.engine.type.Storage;
import java.util.List;

/** A projection that runs a generated loop for each column that is not taken over as it is. */
public final class CompiledProjection implements Projection {
    /** One column: taken over if it has no loops. */
    private record Column(int source, Storage storage, Loops loops) {}

    private final Column[] columns;

    public CompiledProjection(List<Expression> expressions) {
        columns = expressions.stream().map(CompiledProjection::column).toArray(Column[]::new);
    }

    private static Column column(Expression expression) {
        if (expression instanceof ColumnReference reference) {
            return new Column(reference.index(), null, null);
        }
        return new Column(-1, expression.type().storage(), new Loops(Normalizer.normalize(expression), false));
    }

    @Override
    public Batch apply(Batch batch, BatchArena arena, RowErrors errors) {
        Vector[] results = new Vector[columns.length];
        // A row that fails in one column is not computed for the next ones, so that it has one error.
        Batch remaining = batch;
        FailedRows failures = new FailedRows(batch, errors);
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            if (column.loops == null) {
                results[i] = batch.column(column.source);
                continue;
            }
            results[i] = arena.vector(column.storage, batch.rowCount());
            column.loops.forBatch(remaining).run(
                    batch.columns(),
                    batch.rowCount(),
                    remaining.selection(),
                    remaining.size(),
                    results[i],
                    null,
                    failures);
            remaining = failures.removeFrom(remaining, arena);
        }
        return remaining.withColumns(results);
    }
}
