// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Values as objects: Long (integers, times in the units of their type), Double, BigDecimal, Boolean, String, ByteBuffer;
 * null for NULL.
 */
final class Boxed {
    private Boxed() {}

    static void set(Vector vector, int row, Object value, SqlType type) {
        if (value == null) {
            vector.setNull(row);
            return;
        }
        vector.clearNull(row);
        switch (vector) {
            case LongVector longs -> longs.set(row, (Long) stored(value, type));
            case DoubleVector doubles -> doubles.set(row, (Double) value);
            case BooleanVector booleans -> booleans.set(row, (Boolean) value);
            case DecimalVector decimals -> {
                BigInteger unscaled = (BigInteger) stored(value, type);
                decimals.set(row, unscaled.shiftRight(64).longValue(), unscaled.longValue());
            }
            case BytesVector bytes -> {
                if (value instanceof String text) {
                    bytes.append(row, text);
                } else {
                    bytes.append(row, ((ByteBuffer) value).array());
                }
            }
        }
    }

    static Object get(Vector vector, int row, SqlType type) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector) {
            case LongVector longs -> type.kind() == TypeKind.DECIMAL
                    ? BigDecimal.valueOf(longs.get(row), type.scale())
                    : (Object) longs.get(row);
            case DoubleVector doubles -> doubles.get(row);
            case BooleanVector booleans -> booleans.get(row);
            case DecimalVector decimals -> {
                BigInteger low = new BigInteger(Long.toUnsignedString(decimals.low()[row]));
                yield new BigDecimal(BigInteger.valueOf(decimals.high()[row]).shiftLeft(64).add(low), type.scale());
            }
            case BytesVector bytes -> type.kind().isCharacter()
                    ? bytes.getString(row)
                    : (Object) ByteBuffer.wrap(bytes.get(row));
        };
    }

    static Literal literal(Object value, SqlType type) {
        return new Literal(value == null ? null : stored(value, type), type.withNullable(value == null));
    }

    static Object fromLiteral(Literal literal) {
        SqlType type = literal.type();
        return switch (literal.value()) {
            case null -> null;
            case Long value when type.kind() == TypeKind.DECIMAL -> BigDecimal.valueOf(value, type.scale());
            case BigInteger value -> new BigDecimal(value, type.scale());
            case byte[] value -> ByteBuffer.wrap(value);
            default -> literal.value();
        };
    }

    /** The value in letters, different for different values. */
    static String show(Object value) {
        return value instanceof ByteBuffer bytes ? HexFormat.of().formatHex(bytes.array()) : String.valueOf(value);
    }

    private static Object stored(Object value, SqlType type) {
        return switch (value) {
            case BigDecimal decimal -> {
                BigInteger unscaled = decimal.setScale(type.scale()).unscaledValue();
                yield type.storage() == Storage.LONG ? (Object) unscaled.longValueExact() : unscaled;
            }
            case ByteBuffer bytes -> bytes.array();
            default -> value;
        };
    }
}
