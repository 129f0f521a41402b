// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWindowTableFunction;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.Static;

/**
 * The table function {@code TUMBLE(data, timecol, size [, offset [, grace]])}. Adds {@code window_start},
 * {@code window_end} and {@code window_time} to the columns; the grace is what WINDOW … GRACE PERIOD becomes.
 */
public final class TumbleFunction extends SqlWindowTableFunction {
    public static final TumbleFunction INSTANCE = new TumbleFunction();

    public static final String WINDOW_START = "window_start";
    public static final String WINDOW_END = "window_end";
    public static final String WINDOW_TIME = "window_time";

    private TumbleFunction() {
        super("TUMBLE", new Operands());
    }

    @Override
    public SqlReturnTypeInference getRowTypeInference() {
        return TumbleFunction::rowType;
    }

    private static RelDataType rowType(SqlOperatorBinding binding) {
        RelDataTypeFactory factory = binding.getTypeFactory();
        RelDataType timestamp = factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
        return factory.builder()
                .kind(binding.getOperandType(0).getStructKind())
                .addAll(binding.getOperandType(0).getFieldList())
                .add(WINDOW_START, timestamp)
                .add(WINDOW_END, timestamp)
                .add(WINDOW_TIME, timestamp)
                .build();
    }

    private static final class Operands implements SqlOperandMetadata {
        private static final List<String> NAMES = List.of("DATA", "TIMECOL", "SIZE", "OFFSET", "GRACE");
        private static final int MANDATORY = 3;

        @Override
        public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
            boolean fits = binding.operand(1).getKind() == SqlKind.DESCRIPTOR;
            for (int i = 2; i < binding.getOperandCount() && fits; i++) {
                fits = SqlTypeUtil.isInterval(binding.getOperandType(i));
            }
            if (!fits && throwOnFailure) {
                throw binding.newValidationSignatureError();
            }
            return fits && checkTimeColumn(binding, throwOnFailure);
        }

        private static boolean checkTimeColumn(SqlCallBinding binding, boolean throwOnFailure) {
            SqlCall descriptor = (SqlCall) binding.operand(1);
            RelDataType row = binding.getOperandType(0);
            if (descriptor.operandCount() == 1 && descriptor.operand(0) instanceof SqlIdentifier column) {
                var field = row.getField(column.getSimple(), true, false);
                if (field == null && throwOnFailure) {
                    throw SqlUtil.newContextException(
                            column.getParserPosition(), Static.RESOURCE.unknownIdentifier(column.getSimple()));
                }
                if (field != null && SqlTypeUtil.isTimestamp(field.getType())) {
                    return true;
                }
            }
            if (throwOnFailure) {
                throw SqlUtil.newContextException(
                        descriptor.getParserPosition(),
                        Static.RESOURCE.validationError("the time column of a window is a TIMESTAMP"));
            }
            return false;
        }

        @Override
        public SqlOperandCountRange getOperandCountRange() {
            return SqlOperandCountRanges.between(MANDATORY, NAMES.size());
        }

        @Override
        public String getAllowedSignatures(SqlOperator operator, String name) {
            return name + "(TABLE t, DESCRIPTOR(time column), size INTERVAL [, offset INTERVAL])";
        }

        @Override
        public List<RelDataType> paramTypes(RelDataTypeFactory factory) {
            RelDataType any = factory.createSqlType(SqlTypeName.ANY);
            return NAMES.stream().map(name -> any).toList();
        }

        @Override
        public List<String> paramNames() {
            return NAMES;
        }
    }
}
