// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.type.SqlType;
import java.util.Set;

/**
 * A column of the table in the database.
 *
 * @param name its name
 * @param type the name of its type, or of what a domain is made of, such as {@code int8}
 * @param cast the same as it stands in SQL, without length or precision
 * @param shown the type as a user writes it, such as {@code character varying(20)}
 * @param length length, precision or digits of the fraction of a second; -1 without a bound
 * @param scale digits after the point of a numeric; 0 elsewhere
 * @param isEnum whether the type is an enumeration
 * @param isRequired whether it takes no NULL
 * @param hasDefault whether it has a value where none is given
 * @param isComputed whether the database makes all its values
 */
record TargetColumn(
        String name,
        String type,
        String cast,
        String shown,
        int length,
        int scale,
        boolean isEnum,
        boolean isRequired,
        boolean hasDefault,
        boolean isComputed) {
    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext");
    /** Types whose values are given as text, and then checked by the database. */
    private static final Set<String> FROM_TEXT = Set.of("uuid", "json", "jsonb", "xml", "inet", "cidr", "macaddr");

    /** Whether every value of a type can be assigned, unless the text is too long or of another form. */
    boolean takes(SqlType from) {
        return switch (from.kind()) {
            case BOOLEAN -> type.equals("bool");
            case TINYINT, SMALLINT -> Set.of("int2", "int4", "int8", "float8").contains(type) || takesDigits(5, 0);
            case INTEGER -> Set.of("int4", "int8", "float8").contains(type) || takesDigits(10, 0);
            case BIGINT -> type.equals("int8") || takesDigits(19, 0);
            case FLOAT -> type.equals("float4") || type.equals("float8");
            case DOUBLE -> type.equals("float8");
            case DECIMAL -> takesDigits(from.precision() - from.scale(), from.scale());
            case CHAR, VARCHAR -> isText() || isEnum || FROM_TEXT.contains(type);
            case BINARY, VARBINARY -> type.equals("bytea");
            case DATE -> type.equals("date");
            case TIME -> type.equals("time") && takesFraction(from);
            case TIMESTAMP -> type.equals("timestamp") && takesFraction(from);
            case TIMESTAMP_LTZ -> type.equals("timestamptz") && takesFraction(from);
            case INTERVAL_MONTH, INTERVAL_MILLIS -> type.equals("interval") && length < 0;
            case NULL -> true;
        };
    }

    /** Whether text goes there as it is. */
    boolean isText() {
        return TEXTS.contains(type);
    }

    private boolean takesDigits(int before, int after) {
        return type.equals("numeric") && (length < 0 || scale >= after && length - scale >= before);
    }

    private boolean takesFraction(SqlType from) {
        return length < 0 || length >= from.precision();
    }

    /** The type that holds all values of a type, as it stands in SQL. */
    static String typeFor(SqlType type) {
        return switch (type.kind()) {
            case BOOLEAN, NULL -> "boolean";
            case TINYINT, SMALLINT -> "smallint";
            case INTEGER -> "integer";
            case BIGINT -> "bigint";
            case FLOAT -> "real";
            case DOUBLE -> "double precision";
            case DECIMAL -> "numeric(" + type.precision() + ", " + type.scale() + ")";
            case CHAR -> "char(" + type.precision() + ")";
            case VARCHAR -> type.precision() == SqlType.UNLIMITED ? "text" : "varchar(" + type.precision() + ")";
            case BINARY, VARBINARY -> "bytea";
            case DATE -> "date";
            case TIME -> "time(" + type.precision() + ")";
            case TIMESTAMP -> "timestamp(" + type.precision() + ")";
            case TIMESTAMP_LTZ -> "timestamptz(" + type.precision() + ")";
            case INTERVAL_MONTH, INTERVAL_MILLIS -> "interval";
        };
    }
}
