// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** Between the engine's types and Calcite's. */
public final class Types {
    private Types() {}

    /** The engine's type, with CHAR kept. */
    public static SqlType toEngine(RelDataType type) {
        boolean nullable = type.isNullable();
        int precision = Math.max(0, type.getPrecision());
        return switch (type.getSqlTypeName()) {
            case BOOLEAN -> SqlType.BOOLEAN.withNullable(nullable);
            case TINYINT -> SqlType.TINYINT.withNullable(nullable);
            case SMALLINT -> SqlType.SMALLINT.withNullable(nullable);
            case INTEGER -> SqlType.INTEGER.withNullable(nullable);
            case BIGINT -> SqlType.BIGINT.withNullable(nullable);
            case FLOAT, REAL -> SqlType.FLOAT.withNullable(nullable);
            case DOUBLE -> SqlType.DOUBLE.withNullable(nullable);
            case DECIMAL -> new SqlType(TypeKind.DECIMAL, precision, Math.max(0, type.getScale()), nullable);
            case CHAR -> new SqlType(TypeKind.CHAR, precision, 0, nullable);
            case VARCHAR -> new SqlType(TypeKind.VARCHAR, length(type), 0, nullable);
            case BINARY -> new SqlType(TypeKind.BINARY, precision, 0, nullable);
            case VARBINARY -> new SqlType(TypeKind.VARBINARY, length(type), 0, nullable);
            case DATE -> SqlType.DATE.withNullable(nullable);
            case TIME -> SqlType.time(precision).withNullable(nullable);
            case TIMESTAMP -> SqlType.timestamp(precision).withNullable(nullable);
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> SqlType.timestampLtz(precision).withNullable(nullable);
            case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> SqlType.INTERVAL_MONTH.withNullable(nullable);
            case INTERVAL_DAY, INTERVAL_DAY_HOUR, INTERVAL_DAY_MINUTE, INTERVAL_DAY_SECOND, INTERVAL_HOUR,
                    INTERVAL_HOUR_MINUTE, INTERVAL_HOUR_SECOND, INTERVAL_MINUTE, INTERVAL_MINUTE_SECOND,
                    INTERVAL_SECOND -> SqlType.INTERVAL_MILLIS.withNullable(nullable);
            case NULL -> new SqlType(TypeKind.NULL, 0, 0, true);
            default -> throw new MillraceException(
                    ErrorCode.TYPE_NOT_SUPPORTED, "type " + type + " is not supported yet", null);
        };
    }

    /** The type of an expression: results that Calcite types as CHAR(n) are strings that nobody pads. */
    public static SqlType ofExpression(RelDataType type) {
        SqlType engine = toEngine(type);
        return engine.kind() == TypeKind.CHAR
                ? new SqlType(TypeKind.VARCHAR, engine.precision(), 0, engine.nullable())
                : engine;
    }

    private static int length(RelDataType type) {
        return type.getPrecision() < 0 ? SqlType.UNLIMITED : type.getPrecision();
    }

    public static RelDataType toCalcite(SqlType type, RelDataTypeFactory factory) {
        RelDataType result = switch (type.kind()) {
            case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
            case TINYINT -> factory.createSqlType(SqlTypeName.TINYINT);
            case SMALLINT -> factory.createSqlType(SqlTypeName.SMALLINT);
            case INTEGER -> factory.createSqlType(SqlTypeName.INTEGER);
            case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case FLOAT -> factory.createSqlType(SqlTypeName.FLOAT);
            case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            case DECIMAL -> factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
            case CHAR -> factory.createSqlType(SqlTypeName.CHAR, type.precision());
            case VARCHAR -> factory.createSqlType(SqlTypeName.VARCHAR, type.precision());
            case BINARY -> factory.createSqlType(SqlTypeName.BINARY, type.precision());
            case VARBINARY -> factory.createSqlType(SqlTypeName.VARBINARY, type.precision());
            case DATE -> factory.createSqlType(SqlTypeName.DATE);
            case TIME -> factory.createSqlType(SqlTypeName.TIME, type.precision());
            case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, type.precision());
            case TIMESTAMP_LTZ ->
                    factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, type.precision());
            case INTERVAL_MONTH, INTERVAL_MILLIS, NULL ->
                    throw new IllegalArgumentException("no column has type " + type);
        };
        return factory.createTypeWithNullability(result, type.nullable());
    }
}
