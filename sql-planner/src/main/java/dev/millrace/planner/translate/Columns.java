// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.Schema;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Which columns expressions refer to. */
final class Columns {
    private Columns() {}

    static void collect(Expression expression, Set<Integer> into) {
        switch (expression) {
            case ColumnReference reference -> into.add(reference.index());
            case Call call -> call.arguments().forEach(argument -> collect(argument, into));
            case Literal literal -> {
            }
        }
    }

    static boolean refersBehind(Expression expression, int columns) {
        return switch (expression) {
            case ColumnReference reference -> reference.index() >= columns;
            case Call call -> call.arguments().stream().anyMatch(argument -> refersBehind(argument, columns));
            case Literal literal -> false;
        };
    }

    /** The expression with every reference moved. */
    static Expression move(Expression expression, IntUnaryOperator indexes) {
        return switch (expression) {
            case ColumnReference reference ->
                    new ColumnReference(indexes.applyAsInt(reference.index()), reference.type());
            case Call call -> new Call(
                    call.operation(), call.arguments().stream().map(argument -> move(argument, indexes)).toList(),
                    call.type());
            case Literal literal -> literal;
        };
    }

    /** Whether a projection would pass every column on under its name. */
    static boolean isIdentity(List<Expression> expressions, Schema from, Schema to) {
        if (expressions.size() != from.size()) {
            return false;
        }
        for (int i = 0; i < expressions.size(); i++) {
            boolean same = expressions.get(i) instanceof ColumnReference reference && reference.index() == i
                    && from.column(i).name().equals(to.column(i).name());
            if (!same) {
                return false;
            }
        }
        return true;
    }
}
