// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;

/**
 * Keeps calls whole that Calcite would take apart into arithmetic on internal numbers, where the engine has an
 * operation of its own.
 */
final class DialectConvertlets implements SqlRexConvertletTable {
    static final DialectConvertlets INSTANCE = new DialectConvertlets();

    private static final Set<SqlOperator> KEPT = Set.of(
            SqlStdOperatorTable.TIMESTAMP_ADD, SqlStdOperatorTable.TIMESTAMP_DIFF, SqlStdOperatorTable.EXTRACT,
            SqlStdOperatorTable.FLOOR, SqlStdOperatorTable.CEIL, SqlStdOperatorTable.COALESCE,
            SqlStdOperatorTable.NULLIF, SqlStdOperatorTable.AVG, SqlStdOperatorTable.IS_DISTINCT_FROM,
            SqlStdOperatorTable.IS_NOT_DISTINCT_FROM);

    private DialectConvertlets() {}

    @Override
    public SqlRexConvertlet get(SqlCall call) {
        boolean kept = KEPT.contains(call.getOperator()) || call.getOperator() instanceof DialectFunction;
        return kept ? DialectConvertlets::keep : StandardConvertletTable.INSTANCE.get(call);
    }

    private static RexNode keep(SqlRexContext context, SqlCall call) {
        List<RexNode> operands = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            operands.add(
                    operand instanceof SqlIntervalQualifier unit
                            ? context.getRexBuilder().makeFlag(unit.timeUnitRange)
                            : context.convertExpression(operand));
        }
        return context.getRexBuilder().makeCall(
                call.getParserPosition(), context.getValidator().getValidatedNodeType(call), call.getOperator(),
                operands);
    }
}
