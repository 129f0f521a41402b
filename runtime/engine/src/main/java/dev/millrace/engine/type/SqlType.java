// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.type;

import java.util.Objects;

/**
 * A SQL type.
 *
 * @param kind the family of the type
 * @param precision decimal digits (DECIMAL), characters or bytes (CHAR, VARCHAR, BINARY, VARBINARY; {@link #UNLIMITED}
 *     for STRING and BYTES), digits of the fraction of a second (TIME, TIMESTAMP); 0 elsewhere
 * @param scale digits after the point (DECIMAL); 0 elsewhere
 * @param nullable whether NULL is a value of the type
 */
public record SqlType(TypeKind kind, int precision, int scale, boolean nullable) {
    /** The precision of STRING and BYTES. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** The most digits of a decimal that fit in a 64-bit integer whatever they are. */
    public static final int LONG_DECIMAL_DIGITS = 18;

    public static final SqlType BOOLEAN = new SqlType(TypeKind.BOOLEAN, 0, 0, true);
    public static final SqlType TINYINT = new SqlType(TypeKind.TINYINT, 0, 0, true);
    public static final SqlType SMALLINT = new SqlType(TypeKind.SMALLINT, 0, 0, true);
    public static final SqlType INTEGER = new SqlType(TypeKind.INTEGER, 0, 0, true);
    public static final SqlType BIGINT = new SqlType(TypeKind.BIGINT, 0, 0, true);
    public static final SqlType FLOAT = new SqlType(TypeKind.FLOAT, 0, 0, true);
    public static final SqlType DOUBLE = new SqlType(TypeKind.DOUBLE, 0, 0, true);
    public static final SqlType STRING = new SqlType(TypeKind.VARCHAR, UNLIMITED, 0, true);
    public static final SqlType BYTES = new SqlType(TypeKind.VARBINARY, UNLIMITED, 0, true);
    public static final SqlType DATE = new SqlType(TypeKind.DATE, 0, 0, true);
    public static final SqlType INTERVAL_MILLIS = new SqlType(TypeKind.INTERVAL_MILLIS, 0, 0, true);
    public static final SqlType INTERVAL_MONTH = new SqlType(TypeKind.INTERVAL_MONTH, 0, 0, true);

    public SqlType {
        Objects.requireNonNull(kind);
        if (kind == TypeKind.DECIMAL && (precision < 1 || precision > 38 || scale < 0 || scale > precision)) {
            throw new IllegalArgumentException("DECIMAL(" + precision + ", " + scale + ")");
        }
    }

    public static SqlType decimal(int precision, int scale) {
        return new SqlType(TypeKind.DECIMAL, precision, scale, true);
    }

    /** @param precision digits of the fraction of a second, 0 to 9 */
    public static SqlType timestamp(int precision) {
        return new SqlType(TypeKind.TIMESTAMP, precision, 0, true);
    }

    /** @param precision digits of the fraction of a second, 0 to 9 */
    public static SqlType timestampLtz(int precision) {
        return new SqlType(TypeKind.TIMESTAMP_LTZ, precision, 0, true);
    }

    /** @param precision digits of the fraction of a second, 0 to 9 */
    public static SqlType time(int precision) {
        return new SqlType(TypeKind.TIME, precision, 0, true);
    }

    public SqlType withNullable(boolean value) {
        return value == nullable ? this : new SqlType(kind, precision, scale, value);
    }

    public Storage storage() {
        return switch (kind) {
            case BOOLEAN, NULL -> Storage.BOOLEAN;
            case FLOAT, DOUBLE -> Storage.DOUBLE;
            case DECIMAL -> precision <= LONG_DECIMAL_DIGITS ? Storage.LONG : Storage.DECIMAL128;
            case CHAR, VARCHAR, BINARY, VARBINARY -> Storage.BYTES;
            case TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ, INTERVAL_MONTH,
                    INTERVAL_MILLIS -> Storage.LONG;
        };
    }

    /** Units of a TIME or TIMESTAMP of this precision in one second: 1,000, 1,000,000 or 1,000,000,000. */
    public long unitsPerSecond() {
        if (precision <= 3) {
            return 1_000L;
        }
        return precision <= 6 ? 1_000_000L : 1_000_000_000L;
    }

    /** The type in SQL, such as {@code DECIMAL(10, 2) NOT NULL}. */
    @Override
    public String toString() {
        String name = switch (kind) {
            case DECIMAL -> "DECIMAL(" + precision + ", " + scale + ")";
            case CHAR, BINARY -> kind + "(" + precision + ")";
            case VARCHAR -> precision == UNLIMITED ? "STRING" : "VARCHAR(" + precision + ")";
            case VARBINARY -> precision == UNLIMITED ? "BYTES" : "VARBINARY(" + precision + ")";
            case TIME, TIMESTAMP, TIMESTAMP_LTZ -> kind + "(" + precision + ")";
            case INTERVAL_MONTH -> "INTERVAL YEAR TO MONTH";
            case INTERVAL_MILLIS -> "INTERVAL DAY TO SECOND";
            default -> kind.name();
        };
        return nullable ? name : name + " NOT NULL";
    }
}
