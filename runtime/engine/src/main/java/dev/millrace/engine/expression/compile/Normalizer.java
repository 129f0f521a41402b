// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Brings expressions to the form that the emitters take: operands have the shape that their operation needs (casts are
 * written out), no operation has very many operands, and what is constant is a literal.
 */
final class Normalizer {
    /** Deeper expressions would exhaust the stack of the thread that compiles them. */
    static final int DEPTH_MAX = 1_000;

    /** Operations with more operands are nested, so that each can be put into a method of its own. */
    private static final int OPERANDS_MAX = 32;

    private static final SqlType INTEGER_AS_DECIMAL = SqlType.decimal(19, 0);

    private Normalizer() {}

    static Expression normalize(Expression expression) {
        checkDepth(expression);
        return rewrite(expression);
    }

    private static void checkDepth(Expression root) {
        record Level(Expression expression, int depth) {}
        Deque<Level> left = new ArrayDeque<>();
        left.push(new Level(root, 1));
        while (!left.isEmpty()) {
            Level level = left.pop();
            if (level.depth > DEPTH_MAX) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED,
                        "an expression is nested more than " + DEPTH_MAX + " levels deep",
                        "compute parts of it as columns of a view");
            }
            if (level.expression instanceof Call call) {
                for (Expression argument : call.arguments()) {
                    left.push(new Level(argument, level.depth + 1));
                }
            }
        }
    }

    private static Expression rewrite(Expression expression) {
        if (!(expression instanceof Call call)) {
            return expression;
        }
        List<Expression> arguments = new ArrayList<>(call.arguments().size());
        for (Expression argument : call.arguments()) {
            arguments.add(rewrite(argument));
        }
        Expression result = shape(new Call(call.operation(), arguments, call.type()));
        return result instanceof Call made ? ConstantFolding.fold(made) : result;
    }

    private static Expression shape(Call call) {
        List<Expression> arguments = call.arguments();
        return switch (call.operation()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, NEGATE -> {
                if (call.type().kind().isApproximate()) {
                    yield withArguments(call, arguments.stream().map(e -> castTo(e, SqlType.DOUBLE)).toList());
                }
                if (call.type().kind() == TypeKind.DECIMAL) {
                    yield withArguments(call, arguments.stream().map(Normalizer::asDecimal).toList());
                }
                yield call;
            }
            case POWER, SQRT, EXP, LN, LOG10 ->
                    withArguments(call, arguments.stream().map(e -> castTo(e, SqlType.DOUBLE)).toList());
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM -> withArguments(call, comparable(arguments));
            case NULLIF -> {
                if (comparable(arguments).equals(arguments)) {
                    yield call;
                }
                Call equal = new Call(Operation.EQUAL, comparable(arguments), SqlType.BOOLEAN);
                Expression otherwise = castTo(arguments.getFirst(), call.type());
                yield new Call(Operation.CASE, call.type(), equal, Literal.nullOf(call.type()), otherwise);
            }
            case COALESCE, GREATEST, LEAST ->
                    nest(withArguments(call, arguments.stream().map(e -> castTo(e, call.type())).toList()));
            case CASE -> {
                List<Expression> cast = new ArrayList<>(arguments);
                for (int i = 1; i < cast.size(); i += 2) {
                    cast.set(i, castTo(cast.get(i), call.type()));
                }
                cast.set(cast.size() - 1, castTo(cast.getLast(), call.type()));
                yield nest(withArguments(call, cast));
            }
            case AND, OR, CONCAT -> nest(call);
            default -> call;
        };
    }

    private static Call withArguments(Call call, List<Expression> arguments) {
        return new Call(call.operation(), arguments, call.type());
    }

    /** Puts the operands beyond a number into a call of the same operation, which means the same. */
    private static Call nest(Call call) {
        List<Expression> arguments = call.arguments();
        if (arguments.size() <= OPERANDS_MAX + 1) {
            return call;
        }
        // From the end, a group at a time: the last group is the innermost call.
        int groups = (arguments.size() - 2) / OPERANDS_MAX;
        Call inner = withArguments(call, arguments.subList(groups * OPERANDS_MAX, arguments.size()));
        for (int group = groups - 1; group >= 0; group--) {
            List<Expression> outer = new ArrayList<>(
                    arguments.subList(group * OPERANDS_MAX, (group + 1) * OPERANDS_MAX));
            outer.add(inner);
            inner = withArguments(call, outer);
        }
        return inner;
    }

    /** The two operands of a comparison, of kinds that can be compared. */
    private static List<Expression> comparable(List<Expression> arguments) {
        Expression a = arguments.getFirst();
        Expression b = arguments.getLast();
        TypeKind aKind = a.type().kind();
        TypeKind bKind = b.type().kind();
        if (aKind == bKind || aKind == TypeKind.NULL || bKind == TypeKind.NULL) {
            return arguments;
        }
        if (aKind.isNumeric() && bKind.isNumeric()) {
            if (aKind.isApproximate() || bKind.isApproximate()) {
                return List.of(castTo(a, SqlType.DOUBLE), castTo(b, SqlType.DOUBLE));
            }
            if (aKind == TypeKind.DECIMAL || bKind == TypeKind.DECIMAL) {
                return List.of(asDecimal(a), asDecimal(b));
            }
            return arguments;
        }
        if (aKind.isTimestamp() && (bKind == TypeKind.DATE || bKind.isTimestamp())) {
            return List.of(a, castTo(b, new SqlType(aKind, b.type().precision(), 0, true)));
        }
        if (aKind == TypeKind.DATE && bKind.isTimestamp()) {
            return List.of(castTo(a, new SqlType(bKind, 0, 0, true)), b);
        }
        if (aKind.isCharacter() && bKind.isCharacter()
                || a.type().storage() == b.type().storage() && isBinary(aKind) && isBinary(bKind)) {
            return arguments;
        }
        throw new IllegalArgumentException("can't compare " + a.type() + " with " + b.type());
    }

    private static boolean isBinary(TypeKind kind) {
        return kind == TypeKind.BINARY || kind == TypeKind.VARBINARY;
    }

    private static Expression asDecimal(Expression expression) {
        return expression.type().kind().isInteger() ? castTo(expression, INTEGER_AS_DECIMAL) : expression;
    }

    /** The expression with a cast where its values would stand differently in the wanted type. */
    private static Expression castTo(Expression expression, SqlType wanted) {
        SqlType type = expression.type();
        if (type.kind() == TypeKind.NULL || sameShape(type, wanted)) {
            return expression;
        }
        Call cast = new Call(Operation.CAST, wanted.withNullable(type.nullable()), expression);
        return ConstantFolding.fold(cast);
    }

    private static boolean sameShape(SqlType type, SqlType wanted) {
        if (type.kind().isInteger() && wanted.kind().isInteger()) {
            return type.kind().compareTo(wanted.kind()) <= 0;
        }
        if (type.kind().isApproximate() && wanted.kind() == TypeKind.DOUBLE) {
            return true;
        }
        if (type.kind().isCharacter() && wanted.kind() == TypeKind.VARCHAR
                || isBinary(type.kind()) && wanted.kind() == TypeKind.VARBINARY) {
            return type.precision() <= wanted.precision();
        }
        if (type.kind() != wanted.kind()) {
            return false;
        }
        return switch (type.kind()) {
            case DECIMAL -> type.scale() == wanted.scale()
                    && type.storage() == wanted.storage()
                    && type.precision() <= wanted.precision();
            case TIME, TIMESTAMP, TIMESTAMP_LTZ -> type.unitsPerSecond() == wanted.unitsPerSecond()
                    && type.precision() <= wanted.precision();
            default -> type.precision() == wanted.precision();
        };
    }
}
