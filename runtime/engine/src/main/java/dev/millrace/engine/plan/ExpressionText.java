// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Expressions with the names of their columns, as SQL where that is short. */
public final class ExpressionText {
    private static final Map<String, String> INFIX = Map.ofEntries(
            Map.entry("ADD", "+"), Map.entry("SUBTRACT", "-"), Map.entry("MULTIPLY", "*"), Map.entry("DIVIDE", "/"),
            Map.entry("EQUAL", "="), Map.entry("NOT_EQUAL", "<>"), Map.entry("LESS", "<"),
            Map.entry("LESS_OR_EQUAL", "<="), Map.entry("GREATER", ">"), Map.entry("GREATER_OR_EQUAL", ">="),
            Map.entry("AND", "AND"), Map.entry("OR", "OR"), Map.entry("LIKE", "LIKE"), Map.entry("CONCAT", "||"),
            Map.entry("IS_DISTINCT_FROM", "IS DISTINCT FROM"),
            Map.entry("IS_NOT_DISTINCT_FROM", "IS NOT DISTINCT FROM"));

    private ExpressionText() {}

    /** @param schema the columns that it refers to */
    public static String of(Expression expression, Schema schema) {
        return of(expression, column -> schema.column(column).name());
    }

    /** @param columns what stands for a column, by its index */
    public static String of(Expression expression, IntFunction<String> columns) {
        return switch (expression) {
            case ColumnReference reference -> columns.apply(reference.index());
            case Literal literal -> literal(literal);
            case Call call -> call(call, columns);
        };
    }

    private static String call(Call call, IntFunction<String> columns) {
        List<Expression> arguments = call.arguments();
        String name = call.operation().name();
        String infix = INFIX.get(name);
        if (infix != null) {
            return arguments.stream().map(argument -> operand(argument, columns))
                    .collect(Collectors.joining(" " + infix + " "));
        }
        return switch (call.operation()) {
            case NOT -> "NOT " + operand(arguments.getFirst(), columns);
            case NEGATE -> "-" + operand(arguments.getFirst(), columns);
            case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE ->
                    operand(arguments.getFirst(), columns) + " " + name.replace('_', ' ');
            case CAST, TRY_CAST -> name + "(" + of(arguments.getFirst(), columns) + " AS "
                    + call.type().withNullable(true) + ")";
            case CASE -> caseText(arguments, columns);
            default -> name + "(" + arguments.stream().map(argument -> of(argument, columns))
                    .collect(Collectors.joining(", ")) + ")";
        };
    }

    private static String caseText(List<Expression> arguments, IntFunction<String> columns) {
        StringBuilder text = new StringBuilder("CASE");
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            text.append(" WHEN ").append(of(arguments.get(i), columns));
            text.append(" THEN ").append(of(arguments.get(i + 1), columns));
        }
        return text.append(" ELSE ").append(of(arguments.getLast(), columns)).append(" END").toString();
    }

    private static String operand(Expression expression, IntFunction<String> columns) {
        boolean infix = expression instanceof Call call && INFIX.containsKey(call.operation().name());
        return infix ? "(" + of(expression, columns) + ")" : of(expression, columns);
    }

    private static String literal(Literal literal) {
        if (literal.isNull()) {
            return "NULL";
        }
        SqlType type = literal.type();
        return switch (type.kind()) {
            case CHAR, VARCHAR -> "'" + ((String) literal.value()).replace("'", "''") + "'";
            case DECIMAL -> (literal.value() instanceof Long value ? BigDecimal.valueOf(value, type.scale())
                    : new BigDecimal((BigInteger) literal.value(), type.scale())).toPlainString();
            case DATE -> "DATE '" + LocalDate.ofEpochDay((Long) literal.value()) + "'";
            case TIME -> "TIME '" + LocalTime.ofNanoOfDay(
                    (Long) literal.value() * (1_000_000_000L / type.unitsPerSecond())) + "'";
            case TIMESTAMP, TIMESTAMP_LTZ -> type.kind() + " '" + instant((Long) literal.value(), type) + "'";
            case INTERVAL_MILLIS -> Durations.text((Long) literal.value());
            case INTERVAL_MONTH -> literal.value() + " months";
            case BINARY, VARBINARY -> "X'" + HexFormat.of().formatHex((byte[]) literal.value()) + "'";
            default -> String.valueOf(literal.value());
        };
    }

    private static String instant(long value, SqlType type) {
        long units = type.unitsPerSecond();
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(value, units), Math.floorMod(value, units) * (1_000_000_000L / units));
        return instant.atOffset(ZoneOffset.UTC).toLocalDateTime().toString().replace('T', ' ');
    }
}
