// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.plan.ExpressionText;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a value is made of, down to the columns of the tables that are read: two values with equal texts are computed
 * alike from equal rows, wherever they stand in a projection.
 *
 * @param exact operations, types and columns, to compare
 * @param shown the same for people
 */
record Meaning(String exact, String shown) {

    /** A column of a table. */
    static Meaning of(TableDefinition table, int column) {
        String name = table.schema().column(column).name();
        String metadata = table.metadata().get(name);
        String what = metadata == null ? "column " + name : "metadata " + metadata;
        return new Meaning("\"" + what + "\":" + type(table.schema().type(column)), name);
    }

    /**
     * An expression.
     *
     * @param columns what its columns mean
     */
    static Meaning of(Expression expression, List<Meaning> columns) {
        return new Meaning(
                exact(expression, columns), ExpressionText.of(expression, column -> columns.get(column).shown()));
    }

    /** The same column of the rows of several inputs. */
    static Meaning ofAll(List<Meaning> inputs) {
        return new Meaning(
                inputs.stream().map(Meaning::exact).collect(Collectors.joining(" | ")), inputs.getFirst().shown());
    }

    boolean isSame(Meaning other) {
        return exact.equals(other.exact);
    }

    private static String exact(Expression expression, List<Meaning> columns) {
        return switch (expression) {
            case ColumnReference reference -> columns.get(reference.index()).exact();
            case Literal literal -> literal(literal) + ":" + type(literal.type());
            case Call call -> call.operation() + call.arguments().stream()
                    .map(argument -> exact(argument, columns))
                    .collect(Collectors.joining(", ", "(", ")")) + ":" + type(call.type());
        };
    }

    private static String literal(Literal literal) {
        return literal.value() instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : literal.toString();
    }

    /** Whether NULL can be makes no difference to a value. */
    static String type(SqlType type) {
        return type.withNullable(true).toString();
    }
}
