// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.math.BigInteger;

/**
 * A constant.
 *
 * @param value null for NULL; else by the storage of the type: {@link Long} (also scaled decimals, days, and time units
 *     of the type's precision), {@link Double}, {@link BigInteger} (unscaled 128-bit decimals), {@link Boolean},
 *     {@link String} for character types, byte[] for binary types
 * @param type the type
 */
public record Literal(Object value, SqlType type) implements Expression {
    public Literal {
        if (value != null) {
            boolean fits = switch (type.storage()) {
                case LONG -> value instanceof Long;
                case DOUBLE -> value instanceof Double;
                case DECIMAL128 -> value instanceof BigInteger;
                case BOOLEAN -> value instanceof Boolean;
                case BYTES -> type.kind().isCharacter() ? value instanceof String : value instanceof byte[];
            };
            if (!fits) {
                throw new IllegalArgumentException(value.getClass() + " as " + type);
            }
        }
    }

    public static Literal of(boolean value) {
        return new Literal(value, SqlType.BOOLEAN.withNullable(false));
    }

    public static Literal of(long value) {
        return new Literal(value, SqlType.BIGINT.withNullable(false));
    }

    public static Literal of(double value) {
        return new Literal(value, SqlType.DOUBLE.withNullable(false));
    }

    public static Literal of(String value) {
        return new Literal(value, SqlType.STRING.withNullable(false));
    }

    public static Literal nullOf(SqlType type) {
        return new Literal(null, type.withNullable(true));
    }

    public boolean isNull() {
        return value == null;
    }

    @Override
    public String toString() {
        if (value == null) {
            return "NULL";
        }
        if (type.storage() == Storage.LONG && type.scale() > 0) {
            return java.math.BigDecimal.valueOf((Long) value, type.scale()).toPlainString();
        }
        return value instanceof String s ? "'" + s.replace("'", "''") + "'" : String.valueOf(value);
    }
}
