// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.catalog.CatalogTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of one table behind filters and projections, composed into one: everything is an expression over the columns
 * that the connector reads. With a window, three more columns stand behind those (see {@link Windowing}).
 *
 * @param columns the columns of the rows
 * @param condition what a row must fulfil, or null
 * @param windowing the windows, or null
 */
record Branch(CatalogTable table, List<Expression> columns, Expression condition, Windowing windowing) {

    Branch withColumns(List<Expression> changed) {
        return new Branch(table, List.copyOf(changed), condition, windowing);
    }

    Branch withCondition(Expression more) {
        return new Branch(table, columns, and(condition, more), windowing);
    }

    Branch windowed(Windowing window) {
        List<Expression> changed = new ArrayList<>(columns);
        SqlType timestamp = SqlType.timestamp(3).withNullable(false);
        for (int column : new int[] {Windowing.START, Windowing.END, Windowing.TIME}) {
            changed.add(new ColumnReference(physicalColumns() + column, timestamp));
        }
        return new Branch(table, List.copyOf(changed), condition, window);
    }

    int physicalColumns() {
        return table.definition().schema().size();
    }

    /** Which of the window's columns the expression is, or -1. */
    int windowColumn(Expression expression) {
        return windowing != null && expression instanceof ColumnReference reference
                && reference.index() >= physicalColumns() ? reference.index() - physicalColumns() : -1;
    }

    static Expression and(Expression left, Expression right) {
        if (left == null) {
            return right;
        }
        List<Expression> parts = new ArrayList<>();
        for (Expression side : List.of(left, right)) {
            if (side instanceof Call call && call.operation() == Operation.AND) {
                parts.addAll(call.arguments());
            } else {
                parts.add(side);
            }
        }
        boolean nullable = parts.stream().anyMatch(part -> part.type().nullable());
        return new Call(Operation.AND, parts, SqlType.BOOLEAN.withNullable(nullable));
    }
}
