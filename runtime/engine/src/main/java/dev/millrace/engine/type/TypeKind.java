// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.type;

/** The SQL types that vectors can hold. */
public enum TypeKind {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INTEGER,
    BIGINT,
    FLOAT,
    DOUBLE,
    DECIMAL,
    CHAR,
    VARCHAR,
    BINARY,
    VARBINARY,
    /** Days since 1970-01-01. */
    DATE,
    /** Milliseconds (precision up to 3), microseconds (up to 6) or nanoseconds of the day. */
    TIME,
    /** Milliseconds (precision up to 3), microseconds (up to 6) or nanoseconds since 1970-01-01, without a zone. */
    TIMESTAMP,
    /** As {@link #TIMESTAMP}, but a point in time. */
    TIMESTAMP_LTZ,
    /** Months. */
    INTERVAL_MONTH,
    /** Milliseconds. */
    INTERVAL_MILLIS,
    /** The type of a bare NULL. */
    NULL;

    public boolean isInteger() {
        return this == TINYINT || this == SMALLINT || this == INTEGER || this == BIGINT;
    }

    public boolean isApproximate() {
        return this == FLOAT || this == DOUBLE;
    }

    public boolean isNumeric() {
        return isInteger() || isApproximate() || this == DECIMAL;
    }

    public boolean isCharacter() {
        return this == CHAR || this == VARCHAR;
    }

    public boolean isTimestamp() {
        return this == TIMESTAMP || this == TIMESTAMP_LTZ;
    }
}
