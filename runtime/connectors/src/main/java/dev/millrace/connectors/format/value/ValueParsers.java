// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.util.Arrays;
import java.util.Base64;

/**
 * Finds the parser of a type. What the texts are:
 *
 * <ul>
 *   <li>integers: a number without a fraction other than zero, within the type's range;
 *   <li>DECIMAL: a number, rounded half up to the scale;
 *   <li>FLOAT, DOUBLE: the nearest value; NaN, Infinity, -Infinity; a number too large is not a value;
 *   <li>BOOLEAN: true or false, in any case;
 *   <li>DATE: {@code yyyy-MM-dd}; TIME: {@code HH:mm[:ss[.f]]};
 *   <li>TIMESTAMP, TIMESTAMP_LTZ: {@code yyyy-MM-dd}, a blank or T, {@code HH:mm[:ss[.f]]}, and perhaps Z or an offset
 *       from UTC; or a whole number: milliseconds since 1970. UTC without an offset; digits beyond the precision are cut;
 *   <li>character types: the text as it is, whatever its length; binary types: Base64.
 * </ul>
 *
 * <p>Blanks around values other than character strings mean nothing.
 */
public final class ValueParsers {
    private ValueParsers() {}

    /**
     * Checks that text formats can hold all columns of a table.
     *
     * @throws MillraceException if there is one that they can't
     */
    public static void checkTypes(TableDefinition table) {
        for (Column column : table.schema().columns()) {
            TypeKind kind = column.type().kind();
            if (kind == TypeKind.INTERVAL_MONTH || kind == TypeKind.INTERVAL_MILLIS || kind == TypeKind.NULL) {
                throw new MillraceException(
                        ErrorCode.TYPE_NOT_SUPPORTED,
                        "column \"" + column.name() + "\" of table \"" + table.name() + "\" is " + column.type()
                                + ", which text formats can't hold",
                        "declare the column as STRING or BIGINT and compute the interval in the query");
            }
        }
    }

    public static ValueParser of(SqlType type, TimestampForm form) {
        return switch (type.kind()) {
            case TINYINT -> trimmed(new IntegerParser(Byte.MIN_VALUE, Byte.MAX_VALUE));
            case SMALLINT -> trimmed(new IntegerParser(Short.MIN_VALUE, Short.MAX_VALUE));
            case INTEGER -> trimmed(new IntegerParser(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case BIGINT -> trimmed(new IntegerParser(Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT -> trimmed(new FloatParser());
            case DOUBLE -> trimmed(new DoubleParser());
            case DECIMAL -> trimmed(new DecimalParser(type.precision(), type.scale()));
            case BOOLEAN -> trimmed(ValueParsers::parseBoolean);
            case CHAR, VARCHAR -> ValueParsers::parseText;
            case BINARY, VARBINARY -> trimmed(ValueParsers::parseBinary);
            case DATE -> trimmed(new DateParser());
            case TIME -> trimmed(new TimeParser(type));
            case TIMESTAMP, TIMESTAMP_LTZ -> trimmed(new TimestampParser(type, form));
            case INTERVAL_MONTH, INTERVAL_MILLIS, NULL -> throw new IllegalArgumentException(type.toString());
        };
    }

    private static ValueParser trimmed(ValueParser parser) {
        return (data, from, to, vector, row) -> {
            int start = from;
            int end = to;
            while (start < end && isBlank(data[start])) {
                start++;
            }
            while (start < end && isBlank(data[end - 1])) {
                end--;
            }
            return start < end && parser.parse(data, start, end, vector, row);
        };
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean parseText(byte[] data, int from, int to, Vector vector, int row) {
        ((BytesVector) vector).append(row, data, from, to - from);
        return true;
    }

    private static boolean parseBoolean(byte[] data, int from, int to, Vector vector, int row) {
        boolean value = isWord(data, from, to, "true");
        if (!value && !isWord(data, from, to, "false")) {
            return false;
        }
        ((BooleanVector) vector).set(row, value);
        return true;
    }

    private static boolean isWord(byte[] data, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if ((data[from + i] | 0x20) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean parseBinary(byte[] data, int from, int to, Vector vector, int row) {
        try {
            ((BytesVector) vector).append(row, Base64.getDecoder().decode(Arrays.copyOfRange(data, from, to)));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
