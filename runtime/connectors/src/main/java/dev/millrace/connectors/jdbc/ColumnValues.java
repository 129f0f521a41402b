// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.connectors.text.ValueText;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.nio.charset.StandardCharsets;

/**
 * How the values of one column go to the database: as arrays of one of its types, whose values it then assigns to the
 * column of the table. Those that the driver has no array for go as text. Belongs to one sink.
 */
final class ColumnValues {
    private static final long MILLIS_PER_DAY = 86_400_000;

    private final SqlType type;
    private final TextBuffer text = new TextBuffer();

    ColumnValues(SqlType type) {
        this.type = type;
    }

    /** The type of the arrays' values. */
    String elementType() {
        return switch (type.kind()) {
            case BOOLEAN, NULL -> "bool";
            case TINYINT, SMALLINT, INTEGER, BIGINT -> "int8";
            case FLOAT, DOUBLE -> "float8";
            case DECIMAL -> "numeric";
            case CHAR, VARCHAR -> "text";
            case BINARY, VARBINARY -> "bytea";
            case DATE -> "date";
            case TIME -> "time";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMP_LTZ -> "timestamptz";
            case INTERVAL_MONTH, INTERVAL_MILLIS -> "interval";
        };
    }

    /** An array as the driver takes it, for {@link #value}s. */
    Object[] newArray(int length) {
        return switch (type.kind()) {
            case BOOLEAN, NULL -> new Boolean[length];
            case TINYINT, SMALLINT, INTEGER, BIGINT -> new Long[length];
            case FLOAT, DOUBLE -> new Double[length];
            case BINARY, VARBINARY -> new byte[length][];
            default -> new String[length];
        };
    }

    /** The value of a row, or null. */
    Object value(Vector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN, NULL -> ((BooleanVector) vector).get(row);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> ((LongVector) vector).get(row);
            case FLOAT, DOUBLE -> ((DoubleVector) vector).get(row);
            case CHAR, VARCHAR -> ((BytesVector) vector).getString(row);
            case BINARY, VARBINARY -> ((BytesVector) vector).get(row);
            case DECIMAL, TIME -> text(vector, row);
            case DATE, TIMESTAMP -> dateTime(text(vector, row), "");
            case TIMESTAMP_LTZ -> dateTime(text(vector, row), "+00");
            case INTERVAL_MONTH -> ((LongVector) vector).get(row) + " mons";
            case INTERVAL_MILLIS -> {
                long millis = ((LongVector) vector).get(row);
                yield millis / MILLIS_PER_DAY + " days " + millis % MILLIS_PER_DAY + " milliseconds";
            }
        };
    }

    private String text(Vector vector, int row) {
        text.clear();
        ValueText.append(type, vector, row, text);
        return new String(text.data(), 0, text.size(), StandardCharsets.US_ASCII);
    }

    /** PostgreSQL has no year 0: the one before 1 is 1 BC. */
    private static String dateTime(String text, String zone) {
        int yearEnd = text.indexOf('-', 1);
        long year = Long.parseLong(text, 0, yearEnd, 10);
        if (year > 0) {
            return text + zone;
        }
        return String.format("%04d", 1 - year) + text.substring(yearEnd) + zone + " BC";
    }

    /** About how many bytes a value takes. */
    static int bytes(Object value) {
        return switch (value) {
            case null -> 4;
            case String string -> 8 + string.length();
            case byte[] bytes -> 8 + bytes.length;
            default -> 12;
        };
    }

    /** Whether the database can hold what the type can. */
    static boolean isSupported(SqlType type) {
        boolean isTime = type.kind().isTimestamp() || type.kind() == TypeKind.TIME;
        return !isTime || type.precision() <= 6;
    }
}
