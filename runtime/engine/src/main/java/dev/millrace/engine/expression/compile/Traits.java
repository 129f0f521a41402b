// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import java.util.List;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;

/** What can be known of a normalized expression without running it. */
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
            case COALESCE -> arguments.stream().allMatch(e -> canBeNull(e, columnNulls));
            case CASE -> {
                boolean result = canBeNull(arguments.getLast(), columnNulls);
                for (int i = 1; i < arguments.size(); i += 2) {
                    result |= canBeNull(arguments.get(i), columnNulls);
                }
                yield result;
            }
            default -> arguments.stream().anyMatch(e -> canBeNull(e, columnNulls));
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
        return !harmless || call.arguments().stream().anyMatch(Traits::canFail);
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
