// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Brings operands to one type, as the engine's operations ask. */
final class Casts {
    private static final int BIGINT_DIGITS = 19;

    private Casts() {}

    /** The expression as a value of the type; nothing is added where its values are stored the same way already. */
    static Expression to(Expression expression, SqlType target) {
        SqlType from = expression.type();
        if (sameValues(from, target)) {
            return expression;
        }
        SqlType type = target.withNullable(from.nullable());
        if (expression instanceof Literal literal) {
            Literal folded = fold(literal, type);
            if (folded != null) {
                return folded;
            }
        }
        return new Call(Operation.CAST, type, expression);
    }

    private static boolean sameValues(SqlType from, SqlType to) {
        if (from.kind().isCharacter() && to.kind().isCharacter()) {
            return to.precision() >= from.precision() && to.kind() != TypeKind.CHAR;
        }
        if (from.kind() != to.kind()) {
            return false;
        }
        return switch (from.kind()) {
            case DECIMAL -> from.precision() == to.precision() && from.scale() == to.scale();
            case TIME, TIMESTAMP, TIMESTAMP_LTZ -> from.precision() == to.precision();
            case BINARY, VARBINARY -> to.precision() >= from.precision();
            default -> true;
        };
    }

    /** Numbers where nothing is lost, and times in their plain form; else null. */
    private static Literal fold(Literal literal, SqlType type) {
        if (literal.isNull()) {
            return Literal.nullOf(type);
        }
        if (literal.value() instanceof String text) {
            return Literals.parse(text, type);
        }
        if (literal.type().kind() == TypeKind.DATE && type.kind() == TypeKind.TIMESTAMP) {
            return new Literal(Math.multiplyExact((Long) literal.value(), 86_400L * type.unitsPerSecond()), type);
        }
        BigDecimal value = exactValue(literal);
        if (value == null) {
            return null;
        }
        if (type.kind().isApproximate()) {
            double number = type.kind() == TypeKind.FLOAT ? value.floatValue() : value.doubleValue();
            return new Literal(number, type);
        }
        if (type.kind() == TypeKind.DECIMAL) {
            if (value.stripTrailingZeros().scale() > type.scale()
                    || value.setScale(type.scale()).precision() > type.precision()) {
                return null;
            }
            BigInteger unscaled = value.setScale(type.scale()).unscaledValue();
            return type.storage() == Storage.LONG ? new Literal(unscaled.longValueExact(), type)
                    : new Literal(unscaled, type);
        }
        if (type.kind() == TypeKind.BIGINT && value.stripTrailingZeros().scale() <= 0
                && literal.type().kind().isInteger()) {
            return new Literal(value.longValueExact(), type);
        }
        return null;
    }

    private static BigDecimal exactValue(Literal literal) {
        SqlType type = literal.type();
        if (type.kind().isInteger()) {
            return BigDecimal.valueOf((Long) literal.value());
        }
        if (type.kind() == TypeKind.DECIMAL) {
            return literal.value() instanceof Long value ? BigDecimal.valueOf(value, type.scale())
                    : new BigDecimal((BigInteger) literal.value(), type.scale());
        }
        return null;
    }

    /** The operands of a comparison as values of one type. */
    static List<Expression> comparable(List<Expression> given) {
        List<Expression> operands = given.stream().map(Casts::withoutWidening).toList();
        SqlType common = operands.getFirst().type();
        for (Expression operand : operands.subList(1, operands.size())) {
            common = common(common, operand.type());
        }
        SqlType type = common;
        boolean decimals = type.kind() == TypeKind.DECIMAL;
        return operands.stream()
                .map(operand -> decimals && operand.type().kind() == TypeKind.DECIMAL ? operand
                        : comparand(operand, type))
                .toList();
    }

    /** Decimals of any precision and scale compare, so a cast that only makes room is left out. */
    private static Expression withoutWidening(Expression operand) {
        if (!(operand instanceof Call call) || call.operation() != Operation.CAST
                || call.type().kind() != TypeKind.DECIMAL) {
            return operand;
        }
        Expression inner = call.arguments().getFirst();
        SqlType from = inner.type();
        boolean wider = from.kind() == TypeKind.DECIMAL && call.type().scale() >= from.scale()
                && call.type().precision() - call.type().scale() >= from.precision() - from.scale();
        return wider ? inner : operand;
    }

    private static Expression comparand(Expression operand, SqlType common) {
        SqlType type = operand.type();
        boolean sameUnit = type.kind() == common.kind()
                && (!isTime(type.kind()) || type.unitsPerSecond() == common.unitsPerSecond());
        boolean bothText = type.kind().isCharacter() && common.kind().isCharacter();
        return sameUnit && type.kind() != TypeKind.DECIMAL || bothText ? operand : to(operand, asDecimal(type, common));
    }

    /** Integers meet decimals as decimals without a fraction, so that no digit is lost. */
    private static SqlType asDecimal(SqlType type, SqlType common) {
        return common.kind() == TypeKind.DECIMAL && type.kind().isInteger()
                ? SqlType.decimal(digits(type.kind()), 0) : common;
    }

    private static SqlType common(SqlType a, SqlType b) {
        if (a.kind() == TypeKind.NULL) {
            return b;
        }
        if (b.kind() == TypeKind.NULL) {
            return a;
        }
        if (a.kind().isNumeric() && b.kind().isNumeric()) {
            if (a.kind().isApproximate() || b.kind().isApproximate()) {
                return a.kind() == TypeKind.FLOAT && b.kind() == TypeKind.FLOAT ? a : SqlType.DOUBLE;
            }
            if (a.kind() == TypeKind.DECIMAL || b.kind() == TypeKind.DECIMAL) {
                return a.kind() == TypeKind.DECIMAL ? a : b;
            }
            return a.kind().compareTo(b.kind()) >= 0 ? a : b;
        }
        if (isTime(a.kind()) && isTime(b.kind())) {
            int precision = Math.max(a.precision(), b.precision());
            return new SqlType(a.kind() == b.kind() ? a.kind() : TypeKind.TIMESTAMP, precision, 0, true);
        }
        if (a.kind() == TypeKind.DATE && b.kind().isTimestamp()) {
            return b;
        }
        return a;
    }

    private static boolean isTime(TypeKind kind) {
        return kind == TypeKind.TIME || kind.isTimestamp();
    }

    /** The operands of an arithmetic operation with this result. */
    static List<Expression> arithmetic(List<Expression> operands, SqlType result) {
        return operands.stream().map(operand -> {
            TypeKind kind = operand.type().kind();
            if (result.kind() != TypeKind.DECIMAL) {
                return to(operand, result);
            }
            return kind == TypeKind.DECIMAL ? operand : to(operand, SqlType.decimal(digits(kind), 0));
        }).toList();
    }

    /**
     * The integer type that holds the values of all operands and of the result; the result's type if that is no
     * integer.
     */
    static SqlType widestInteger(List<Expression> operands, SqlType result) {
        SqlType widest = result;
        for (Expression operand : operands) {
            SqlType type = operand.type();
            if (widest.kind().isInteger() && type.kind().isInteger() && type.kind().compareTo(widest.kind()) > 0) {
                widest = type.withNullable(result.nullable());
            }
        }
        return widest;
    }

    static List<Expression> all(List<Expression> operands, SqlType type) {
        return operands.stream().map(operand -> to(operand, type)).toList();
    }

    private static int digits(TypeKind integer) {
        return switch (integer) {
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INTEGER -> 10;
            default -> BIGINT_DIGITS;
        };
    }
}
