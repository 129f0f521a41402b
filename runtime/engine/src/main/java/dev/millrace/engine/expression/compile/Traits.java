// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.util.List;

/**
 * What can be known of a normalized expression without running it. Here and wherever expressions are walked there are plain
 * loops, as streams would take many frames a level of a thread's stack.
 */
final class Traits {
    private Traits() {}

    /**
     * Whether the expression can be NULL.
     *
     * @param columnNulls whether columns of nullable types have NULLs in them
     */
    static boolean canBeNull(Expression expression, boolean columnNulls) {
        return switch (expression) {
            case Literal literal -> literal.isNull();
            case ColumnReference column ->
                    column.type().kind() == TypeKind.NULL || columnNulls && column.type().nullable();
            case Call call -> canBeNull(call, columnNulls);
        };
    }

    private static boolean canBeNull(Call call, boolean columnNulls) {
        List<Expression> arguments = call.arguments();
        return switch (call.operation()) {
            case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE, IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM -> false;
            case NULLIF, TRY_CAST, SPLIT_INDEX, REGEXP_EXTRACT, TO_TIMESTAMP, TO_DATE -> true;
            case CONCAT_WS -> canBeNull(arguments.getFirst(), columnNulls);
            case COALESCE -> {
                for (Expression argument : arguments) {
                    if (!canBeNull(argument, columnNulls)) {
                        yield false;
                    }
                }
                yield true;
            }
            case CASE -> {
                boolean result = canBeNull(arguments.getLast(), columnNulls);
                for (int i = 1; i < arguments.size(); i += 2) {
                    result |= canBeNull(arguments.get(i), columnNulls);
                }
                yield result;
            }
            default -> {
                for (Expression argument : arguments) {
                    if (canBeNull(argument, columnNulls)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** Whether the expression can make a row fail; true where that is not known. */
    static boolean canFail(Expression expression) {
        if (!(expression instanceof Call call)) {
            return false;
        }
        boolean harmless = switch (call.operation()) {
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM, AND, OR, NOT, IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE,
                    IS_NOT_FALSE, CASE, COALESCE, NULLIF, GREATEST, LEAST, CHAR_LENGTH, OCTET_LENGTH, POSITION,
                    STARTS_WITH, ENDS_WITH -> true;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, NEGATE -> call.type().kind().isApproximate();
            case CAST -> isSafeCast(call.arguments().getFirst().type(), call.type());
            default -> false;
        };
        if (!harmless) {
            return true;
        }
        for (Expression argument : call.arguments()) {
            if (canFail(argument)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSafeCast(SqlType from, SqlType to) {
        if (to.kind() == TypeKind.DOUBLE) {
            return from.kind().isNumeric();
        }
        return to.kind().isInteger() && from.kind().isInteger() && from.kind().compareTo(to.kind()) <= 0;
    }

    /**
     * The column whose bytes the expression's result is always a part of, or -1. Such a result needs no copy.
     */
    static int slicedColumn(Expression expression) {
        return switch (expression) {
            case Literal literal -> -1;
            case ColumnReference column -> column.index();
            case Call call -> switch (call.operation()) {
                case TRIM, LTRIM, RTRIM, SUBSTRING, LEFT, RIGHT, SPLIT_INDEX -> slicedColumn(
                        call.arguments().getFirst());
                default -> -1;
            };
        };
    }
}
