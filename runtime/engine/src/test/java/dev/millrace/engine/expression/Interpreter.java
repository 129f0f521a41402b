// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Evaluates expressions over objects (see {@link Boxed}), as plainly as possible: what compiled loops are held to. */
final class Interpreter {
    private Interpreter() {}

    static Object evaluate(Expression expression, Object[] row) {
        return switch (expression) {
            case Literal literal -> Boxed.fromLiteral(literal);
            case ColumnReference column -> row[column.index()];
            case Call call -> call(call, row);
        };
    }

    private static Object call(Call call, Object[] row) {
        List<Expression> arguments = call.arguments();
        switch (call.operation()) {
            case AND, OR -> {
                boolean decisive = call.operation() == Operation.OR;
                boolean sawNull = false;
                for (Expression argument : arguments) {
                    Object value = evaluate(argument, row);
                    if (value == null) {
                        sawNull = true;
                    } else if ((Boolean) value == decisive) {
                        return decisive;
                    }
                }
                return sawNull ? null : (Object) !decisive;
            }
            case CASE -> {
                for (int i = 0; i + 1 < arguments.size(); i += 2) {
                    if (Boolean.TRUE.equals(evaluate(arguments.get(i), row))) {
                        return converted(arguments.get(i + 1), call.type(), row);
                    }
                }
                return converted(arguments.getLast(), call.type(), row);
            }
            case COALESCE -> {
                for (Expression argument : arguments) {
                    Object value = converted(argument, call.type(), row);
                    if (value != null) {
                        return value;
                    }
                }
                return null;
            }
            case NULLIF -> {
                Object value = evaluate(arguments.getFirst(), row);
                if (value == null) {
                    return null;
                }
                Object other = evaluate(arguments.getLast(), row);
                return other != null && compare(arguments, value, other) == 0 ? null : value;
            }
            case IS_NULL -> {
                return evaluate(arguments.getFirst(), row) == null;
            }
            case IS_NOT_NULL -> {
                return evaluate(arguments.getFirst(), row) != null;
            }
            case IS_TRUE -> {
                return Boolean.TRUE.equals(evaluate(arguments.getFirst(), row));
            }
            case IS_NOT_TRUE -> {
                return !Boolean.TRUE.equals(evaluate(arguments.getFirst(), row));
            }
            case IS_FALSE -> {
                return Boolean.FALSE.equals(evaluate(arguments.getFirst(), row));
            }
            case IS_NOT_FALSE -> {
                return !Boolean.FALSE.equals(evaluate(arguments.getFirst(), row));
            }
            case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM -> {
                Object a = evaluate(arguments.getFirst(), row);
                Object b = evaluate(arguments.getLast(), row);
                boolean same = a == null || b == null ? a == b : compare(arguments, a, b) == 0;
                return same == (call.operation() == Operation.IS_NOT_DISTINCT_FROM);
            }
            case CONCAT_WS -> {
                Object separator = evaluate(arguments.getFirst(), row);
                if (separator == null) {
                    return null;
                }
                StringBuilder out = new StringBuilder();
                boolean started = false;
                for (Expression argument : arguments.subList(1, arguments.size())) {
                    Object value = evaluate(argument, row);
                    if (value != null) {
                        out.append(started ? separator : "").append(value);
                        started = true;
                    }
                }
                return out.toString();
            }
            default -> {
                Object[] values = new Object[arguments.size()];
                for (int i = 0; i < values.length; i++) {
                    boolean cast = call.operation() == Operation.GREATEST || call.operation() == Operation.LEAST;
                    values[i] = cast
                            ? converted(arguments.get(i), call.type(), row)
                            : evaluate(arguments.get(i), row);
                    if (values[i] == null) {
                        return null;
                    }
                }
                return strict(call, values);
            }
        }
    }

    private static Object converted(Expression expression, SqlType type, Object[] row) {
        Object value = evaluate(expression, row);
        return value == null ? null : InterpretedCasts.cast(value, expression.type(), type);
    }

    private static Object strict(Call call, Object[] values) {
        List<Expression> arguments = call.arguments();
        SqlType type = call.type();
        return switch (call.operation()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, NEGATE -> InterpretedTimes.isTime(call)
                    ? InterpretedTimes.arithmetic(call, values)
                    : arithmetic(call.operation(), values, type);
            case EQUAL -> compare(arguments, values[0], values[1]) == 0;
            case NOT_EQUAL -> compare(arguments, values[0], values[1]) != 0;
            case LESS -> compare(arguments, values[0], values[1]) < 0;
            case LESS_OR_EQUAL -> compare(arguments, values[0], values[1]) <= 0;
            case GREATER -> compare(arguments, values[0], values[1]) > 0;
            case GREATER_OR_EQUAL -> compare(arguments, values[0], values[1]) >= 0;
            case NOT -> !(Boolean) values[0];
            case GREATEST, LEAST -> {
                Object best = values[0];
                for (Object value : values) {
                    int order = compareSame(value, best);
                    if (call.operation() == Operation.GREATEST ? order > 0 : order < 0) {
                        best = value;
                    }
                }
                yield best;
            }
            case CAST -> InterpretedCasts.cast(values[0], arguments.getFirst().type(), type);
            case TRY_CAST -> {
                try {
                    yield InterpretedCasts.cast(values[0], arguments.getFirst().type(), type);
                } catch (EvaluationError failed) {
                    yield null;
                }
            }
            case ABS, SIGN, FLOOR, CEIL, ROUND, TRUNCATE, POWER, SQRT, EXP, LN, LOG10 ->
                    number(call.operation(), values, type);
            case EXTRACT, DATE_TRUNC, TIMESTAMP_ADD, TIMESTAMP_DIFF, DATE_FORMAT, TO_TIMESTAMP, TO_DATE,
                    FROM_UNIXTIME, UNIX_TIMESTAMP -> InterpretedTimes.function(call, values);
            default -> InterpretedStrings.function(call.operation(), values);
        };
    }

    // Comparison.

    private static int compare(List<Expression> arguments, Object a, Object b) {
        SqlType x = arguments.getFirst().type();
        SqlType y = arguments.getLast().type();
        if (InterpretedTimes.isTime(x.kind())) {
            return InterpretedTimes.nanos(a, x).compareTo(InterpretedTimes.nanos(b, y));
        }
        if (a instanceof Number && b instanceof Number && a.getClass() != b.getClass()) {
            if (a instanceof Double || b instanceof Double) {
                return compareSame(doubleOf(a), doubleOf(b));
            }
            return decimalOf(a).compareTo(decimalOf(b));
        }
        return compareSame(a, b);
    }

    static int compareSame(Object a, Object b) {
        return switch (a) {
            case Double x -> {
                double y = (Double) b;
                // Both zeros are equal here, other than in Java's order.
                yield x == y ? 0 : Double.compare(x, y);
            }
            case String x -> Arrays.compareUnsigned(
                    x.getBytes(StandardCharsets.UTF_8),
                    ((String) b).getBytes(StandardCharsets.UTF_8));
            case ByteBuffer x -> Arrays.compareUnsigned(x.array(), ((ByteBuffer) b).array());
            case BigDecimal x -> x.compareTo((BigDecimal) b);
            case Long x -> x.compareTo((Long) b);
            case Boolean x -> x.compareTo((Boolean) b);
            default -> throw new IllegalArgumentException(a.toString());
        };
    }

    // Numbers.

    static double doubleOf(Object value) {
        return ((Number) value).doubleValue();
    }

    static BigDecimal decimalOf(Object value) {
        return value instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf((Long) value);
    }

    private static Object arithmetic(Operation operation, Object[] values, SqlType type) {
        if (type.kind().isApproximate()) {
            double a = doubleOf(values[0]);
            double b = values.length > 1 ? doubleOf(values[1]) : 0;
            double result = switch (operation) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> a / b;
                case MODULO -> a % b;
                default -> -a;
            };
            return type.kind() == TypeKind.FLOAT ? (float) result : result;
        }
        BigDecimal a = decimalOf(values[0]);
        BigDecimal b = values.length > 1 ? decimalOf(values[1]) : null;
        if ((operation == Operation.DIVIDE || operation == Operation.MODULO) && b.signum() == 0) {
            throw new EvaluationError(ErrorCode.DIVISION_BY_ZERO);
        }
        BigDecimal result = switch (operation) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.subtract(b);
            case MULTIPLY -> a.multiply(b);
            case DIVIDE -> type.kind() == TypeKind.DECIMAL
                    ? a.divide(b, type.scale(), RoundingMode.HALF_UP)
                    : a.divideToIntegralValue(b);
            case MODULO -> a.remainder(b);
            default -> a.negate();
        };
        return fit(result, type);
    }

    /** The value in an exact type. */
    static Object fit(BigDecimal value, SqlType type) {
        if (type.kind() == TypeKind.DECIMAL) {
            BigDecimal rounded = value.setScale(type.scale(), RoundingMode.HALF_UP);
            if (rounded.unscaledValue().abs().compareTo(BigInteger.TEN.pow(type.precision())) >= 0) {
                throw new EvaluationError(ErrorCode.OVERFLOW);
            }
            return rounded;
        }
        int bits = switch (type.kind()) {
            case TINYINT -> 8;
            case SMALLINT -> 16;
            case INTEGER -> 32;
            default -> 64;
        };
        BigInteger whole = value.toBigInteger();
        if (whole.bitLength() >= bits) {
            throw new EvaluationError(ErrorCode.OVERFLOW);
        }
        return whole.longValueExact();
    }

    private static Object number(Operation operation, Object[] values, SqlType type) {
        boolean approximate = values[0] instanceof Double || switch (operation) {
            case POWER, SQRT, EXP, LN, LOG10 -> true;
            default -> false;
        };
        if (approximate) {
            Double result = approximate(operation, values);
            return InterpretedCasts.cast(
                    type.kind() == TypeKind.FLOAT ? (Double) (double) (float) (double) result : result,
                    type.kind() == TypeKind.FLOAT ? SqlType.FLOAT : SqlType.DOUBLE,
                    type);
        }
        BigDecimal value = decimalOf(values[0]);
        int digits = values.length > 1 ? Math.clamp((Long) values[1], -50, 50) : 0;
        BigDecimal result = switch (operation) {
            case ABS -> value.abs();
            case SIGN -> BigDecimal.valueOf(value.signum());
            case FLOOR -> value.setScale(0, RoundingMode.FLOOR);
            case CEIL -> value.setScale(0, RoundingMode.CEILING);
            case ROUND -> digits >= value.scale() ? value : value.setScale(digits, RoundingMode.HALF_UP);
            case TRUNCATE -> digits >= value.scale() ? value : value.setScale(digits, RoundingMode.DOWN);
            default -> throw new IllegalArgumentException(operation.toString());
        };
        return fit(result, type);
    }

    private static double approximate(Operation operation, Object[] values) {
        double value = doubleOf(values[0]);
        boolean refused = switch (operation) {
            case SQRT -> value < 0;
            case LN, LOG10 -> value <= 0;
            case POWER -> Double.isNaN(Math.pow(value, doubleOf(values[1])))
                    && !Double.isNaN(value)
                    && !Double.isNaN(doubleOf(values[1]));
            default -> false;
        };
        if (refused) {
            throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
        }
        return switch (operation) {
            case ABS -> Math.abs(value);
            case SIGN -> Math.signum(value);
            case FLOOR -> Math.floor(value);
            case CEIL -> Math.ceil(value);
            case ROUND -> scaled(value, values, RoundingMode.HALF_UP);
            case TRUNCATE -> scaled(value, values, RoundingMode.DOWN);
            case POWER -> Math.pow(value, doubleOf(values[1]));
            case SQRT -> Math.sqrt(value);
            case EXP -> Math.exp(value);
            case LN -> Math.log(value);
            default -> Math.log10(value);
        };
    }

    private static double scaled(double value, Object[] values, RoundingMode mode) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return value;
        }
        int digits = values.length > 1 ? Math.clamp((Long) values[1], -400, 400) : 0;
        return BigDecimal.valueOf(value).setScale(digits, mode).doubleValue();
    }
}
