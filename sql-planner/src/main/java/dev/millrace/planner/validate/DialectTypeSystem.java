// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/** Bounds and result types of the dialect where they differ from Calcite's. */
final class DialectTypeSystem extends RelDataTypeSystemImpl {
    static final DialectTypeSystem INSTANCE = new DialectTypeSystem();

    private static final int DECIMAL_DIGITS_MAX = 38;
    private static final int TIME_DIGITS_MAX = 9;
    private static final int AVERAGE_SCALE_MIN = 6;

    private DialectTypeSystem() {}

    @Override
    public int getMaxPrecision(SqlTypeName type) {
        return switch (type) {
            case DECIMAL -> DECIMAL_DIGITS_MAX;
            case TIME, TIMESTAMP, TIME_WITH_LOCAL_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> TIME_DIGITS_MAX;
            case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
            default -> super.getMaxPrecision(type);
        };
    }

    @Override
    public int getMaxScale(SqlTypeName type) {
        return type == SqlTypeName.DECIMAL ? DECIMAL_DIGITS_MAX : super.getMaxScale(type);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName type) {
        return switch (type) {
            case DECIMAL -> 10;
            case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> 6;
            // Standard SQL would refuse INTERVAL '300' SECOND for its third digit.
            case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH, INTERVAL_DAY, INTERVAL_DAY_HOUR,
                    INTERVAL_DAY_MINUTE, INTERVAL_DAY_SECOND, INTERVAL_HOUR, INTERVAL_HOUR_MINUTE,
                    INTERVAL_HOUR_SECOND, INTERVAL_MINUTE, INTERVAL_MINUTE_SECOND, INTERVAL_SECOND ->
                    getMaxPrecision(type);
            // VARCHAR without a length is a STRING.
            case VARCHAR, VARBINARY -> Integer.MAX_VALUE;
            default -> super.getDefaultPrecision(type);
        };
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType operand) {
        RelDataType result = switch (operand.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case DECIMAL -> factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, operand.getScale());
            case FLOAT, REAL, DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            default -> operand;
        };
        return factory.createTypeWithNullability(result, operand.isNullable());
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType operand) {
        RelDataType result = switch (operand.getSqlTypeName()) {
            case DECIMAL -> factory.createSqlType(
                    SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, Math.max(operand.getScale(), AVERAGE_SCALE_MIN));
            case TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, REAL, DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            default -> operand;
        };
        return factory.createTypeWithNullability(result, operand.isNullable());
    }

    /** 'a' and 'abc' meet as VARCHAR(3); Calcite would pad the shorter one. */
    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
        return true;
    }
}
