// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** The interpreter's casts. */
final class InterpretedCasts {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,9})?");

    private InterpretedCasts() {}

    static Object cast(Object value, SqlType from, SqlType to) {
        return switch (to.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> switch (value) {
                case Boolean truth -> truth ? 1L : 0L;
                case Double number -> Interpreter.fit(new BigDecimal(finite(number)), to);
                case String text -> Interpreter.fit(number(text), to);
                default -> Interpreter.fit(Interpreter.decimalOf(value), to);
            };
            case DECIMAL -> switch (value) {
                case Boolean truth -> Interpreter.fit(truth ? BigDecimal.ONE : BigDecimal.ZERO, to);
                case Double number -> Interpreter.fit(BigDecimal.valueOf(finite(number)), to);
                case String text -> Interpreter.fit(number(text), to);
                default -> Interpreter.fit(Interpreter.decimalOf(value), to);
            };
            case FLOAT, DOUBLE -> approximate(value, from, to.kind() == TypeKind.FLOAT);
            case BOOLEAN -> switch (value) {
                case Boolean truth -> truth;
                case String text -> truth(text);
                case Double number -> number != 0;
                default -> Interpreter.decimalOf(value).signum() != 0;
            };
            case CHAR, VARCHAR -> text(value, from, to);
            case BINARY, VARBINARY -> bytes(value, to);
            case DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ -> InterpretedTimes.cast(value, from, to);
            case INTERVAL_MONTH, INTERVAL_MILLIS -> value;
            case NULL -> throw new IllegalArgumentException();
        };
    }

    static String stripped(String text) {
        return text.replaceAll("^[ \\t\\n\\x0B\\f\\r]+|[ \\t\\n\\x0B\\f\\r]+$", "");
    }

    private static double finite(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new EvaluationError(ErrorCode.OVERFLOW);
        }
        return number;
    }

    private static BigDecimal number(String text) {
        String stripped = stripped(text);
        if (!NUMBER.matcher(stripped).matches()) {
            throw new EvaluationError(ErrorCode.CAST_FAILED);
        }
        return new BigDecimal(stripped);
    }

    private static boolean truth(String text) {
        return switch (stripped(text).toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" -> true;
            case "false", "f", "no", "n", "0" -> false;
            default -> throw new EvaluationError(ErrorCode.CAST_FAILED);
        };
    }

    private static Object approximate(Object value, SqlType from, boolean toFloat) {
        double number = switch (value) {
            case Boolean truth -> truth ? 1 : 0;
            case String text -> {
                switch (stripped(text).toLowerCase(Locale.ROOT)) {
                    case "nan" :
                        yield Double.NaN;
                    case "inf", "infinity" :
                        yield Double.POSITIVE_INFINITY;
                    case "-inf", "-infinity" :
                        yield Double.NEGATIVE_INFINITY;
                    default :
                        number(text);
                }
                double parsed = toFloat ? Float.parseFloat(stripped(text)) : Double.parseDouble(stripped(text));
                if (Double.isInfinite(parsed)) {
                    throw new EvaluationError(ErrorCode.OVERFLOW);
                }
                yield parsed;
            }
            case Long whole when toFloat -> (float) whole;
            default -> Interpreter.doubleOf(value);
        };
        if (!toFloat) {
            return number;
        }
        float narrow = (float) number;
        if (Float.isInfinite(narrow) && !Double.isInfinite(number)) {
            throw new EvaluationError(ErrorCode.OVERFLOW);
        }
        return (double) narrow;
    }

    private static String text(Object value, SqlType from, SqlType to) {
        String text = switch (value) {
            case Boolean truth -> truth ? "TRUE" : "FALSE";
            case Double number -> number(number, from.kind() == TypeKind.FLOAT);
            case BigDecimal number -> number.toPlainString();
            case ByteBuffer bytes -> new String(bytes.array(), StandardCharsets.UTF_8);
            case Long time when InterpretedTimes.isTime(from.kind()) -> InterpretedTimes.text(time, from);
            default -> value.toString();
        };
        int[] characters = text.codePoints().toArray();
        if (characters.length > to.precision()) {
            if (!from.kind().isCharacter()) {
                throw new EvaluationError(ErrorCode.CAST_FAILED);
            }
            return new String(characters, 0, to.precision());
        }
        return to.kind() == TypeKind.CHAR ? text + " ".repeat(to.precision() - characters.length) : text;
    }

    private static String number(double number, boolean narrow) {
        String shortest = narrow ? Float.toString((float) number) : Double.toString(number);
        double size = Math.abs(number);
        if (size >= 1e-4 && size < 1e16) {
            BigDecimal decimal = new BigDecimal(shortest);
            return decimal.setScale(Math.max(1, decimal.stripTrailingZeros().scale()), RoundingMode.UNNECESSARY)
                    .toPlainString();
        }
        return shortest;
    }

    private static ByteBuffer bytes(Object value, SqlType to) {
        byte[] bytes = value instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : ((ByteBuffer) value).array();
        if (bytes.length > to.precision() || to.kind() == TypeKind.BINARY) {
            return ByteBuffer.wrap(Arrays.copyOf(bytes, to.precision()));
        }
        return ByteBuffer.wrap(bytes);
    }
}
