// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Shorthand for tests: evaluates an expression for one row. */
final class Evaluation {
    private Evaluation() {}

    static Call call(Operation operation, SqlType type, Object... arguments) {
        List<Expression> list = new ArrayList<>();
        for (Object argument : arguments) {
            list.add(expression(argument));
        }
        return new Call(operation, list, type);
    }

    static Call cast(Object value, SqlType type) {
        return call(Operation.CAST, type, value);
    }

    static Expression expression(Object value) {
        return switch (value) {
            case null -> Literal.nullOf(new SqlType(TypeKind.NULL, 0, 0, true));
            case Expression expression -> expression;
            case Integer number -> Boxed.literal(number.longValue(), SqlType.INTEGER);
            case Long number -> Boxed.literal(number, SqlType.BIGINT);
            case Double number -> Boxed.literal(number, SqlType.DOUBLE);
            case Boolean truth -> Boxed.literal(truth, SqlType.BOOLEAN);
            case String text -> Boxed.literal(text, SqlType.STRING);
            case BigDecimal decimal ->
                    Boxed.literal(decimal,
                            SqlType.decimal(Math.max(decimal.precision(), decimal.scale()), decimal.scale()));
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    /** The value of an expression over literals, computed in a generated loop that reads them from columns. */
    static Object valueOf(Expression expression) {
        Result result = run(expression);
        if (result.error != null) {
            throw new AssertionError(expression + " failed: " + result.reason);
        }
        return result.value;
    }

    static ErrorCode errorOf(Expression expression) {
        return run(expression).error;
    }

    static String reasonOf(Expression expression) {
        return run(expression).reason;
    }

    private record Result(Object value, ErrorCode error, String reason) {}

    private static Result run(Expression expression) {
        List<Literal> values = new ArrayList<>();
        Expression overColumns = columnsForLiterals(expression, values, true);
        Vector[] columns = new Vector[values.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Vector.create(values.get(i).type().storage(), 1);
            Boxed.set(columns[i], 0, Boxed.fromLiteral(values.get(i)), values.get(i).type());
        }
        RowErrors errors = new RowErrors();
        Batch result = ExpressionCompiler.projection(List.of(overColumns))
                .apply(Batch.of(columns, 1), new BatchArena(), errors);
        if (!errors.isEmpty()) {
            RowErrors.RowError error = errors.take().getFirst();
            return new Result(null, error.code(), error.reason());
        }
        return new Result(Boxed.get(result.column(0), 0, expression.type()), null, null);
    }

    /** Otherwise everything would be computed at compile time. Literals that functions need as such stay. */
    private static Expression columnsForLiterals(Expression expression, List<Literal> values, boolean movable) {
        return switch (expression) {
            case ColumnReference column -> throw new IllegalArgumentException();
            case Literal literal -> {
                if (!movable) {
                    yield literal;
                }
                values.add(literal);
                yield new ColumnReference(values.size() - 1, literal.type().withNullable(true));
            }
            case Call call -> {
                List<Expression> arguments = new ArrayList<>();
                for (int i = 0; i < call.arguments().size(); i++) {
                    boolean unit = i == 0 && switch (call.operation()) {
                        case EXTRACT, DATE_TRUNC, TIMESTAMP_ADD, TIMESTAMP_DIFF -> true;
                        default -> false;
                    };
                    boolean pattern = i > 0 && switch (call.operation()) {
                        case LIKE, REGEXP_LIKE, REGEXP_REPLACE, REGEXP_EXTRACT, DATE_FORMAT -> true;
                        default -> false;
                    };
                    arguments.add(columnsForLiterals(call.arguments().get(i), values, !unit && !pattern));
                }
                yield new Call(call.operation(), arguments, call.type());
            }
        };
    }
}
