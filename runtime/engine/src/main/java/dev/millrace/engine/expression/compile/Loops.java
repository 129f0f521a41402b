// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import java.util.HashSet;
import java.util.Set;

/**
 * The loops of one expression. A loop is made when the first batch comes that it is for: most queries need one or two of
 * the four.
 */
final class Loops {
    private final Expression expression;
    private final boolean filter;
    private final int[] nullableColumns;
    private final Loop[] loops = new Loop[4];

    /** @param filter whether the loops narrow a selection rather than compute a column */
    Loops(Expression expression, boolean filter) {
        this.expression = expression;
        this.filter = filter;
        Set<Integer> columns = new HashSet<>();
        collectNullable(expression, columns);
        nullableColumns = columns.stream().mapToInt(Integer::intValue).sorted().toArray();
        // Finds out now, and not with the first batch, whether the expression can be compiled.
        LoopShape shape = nullableColumns.length == 0 ? LoopShape.DENSE : LoopShape.ANY;
        loops[index(shape)] = LoopCompiler.compile(expression, filter, shape);
    }

    private static void collectNullable(Expression expression, Set<Integer> columns) {
        if (expression instanceof ColumnReference column && column.type().nullable()) {
            columns.add(column.index());
        } else if (expression instanceof Call call) {
            for (Expression argument : call.arguments()) {
                collectNullable(argument, columns);
            }
        }
    }

    private static int index(LoopShape shape) {
        return (shape.selected() ? 1 : 0) + (shape.columnNulls() ? 2 : 0);
    }

    /** The loop for this batch. */
    Loop forBatch(Batch batch) {
        boolean nulls = false;
        Vector[] columns = batch.columns();
        for (int column : nullableColumns) {
            nulls |= columns[column].nulls() != null;
        }
        LoopShape shape = new LoopShape(batch.selection() != null, nulls);
        int index = index(shape);
        if (loops[index] == null) {
            loops[index] = LoopCompiler.compile(expression, filter, shape);
        }
        return loops[index];
    }
}
