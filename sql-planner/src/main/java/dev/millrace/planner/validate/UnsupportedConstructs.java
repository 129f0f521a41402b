// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.parser.Positions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * Refuses what the grammar knows and the engine can't run yet, where it stands in the text. The check comes before
 * validation, because the algebra that validation leads to has lost most positions.
 */
final class UnsupportedConstructs extends SqlBasicVisitor<Void> {
    /** What may hold a query without being an expression. */
    private static final Set<SqlKind> QUERY_HOLDERS = EnumSet.of(
            SqlKind.SELECT, SqlKind.ORDER_BY, SqlKind.WITH, SqlKind.WITH_ITEM, SqlKind.UNION, SqlKind.AS,
            SqlKind.EXPLICIT_TABLE, SqlKind.COLLECTION_TABLE, SqlKind.ARGUMENT_ASSIGNMENT);

    static void refuse(SqlNode query) {
        query.accept(new UnsupportedConstructs());
    }

    @Override
    public Void visit(SqlCall call) {
        if (call instanceof SqlSelect select && select.getQualify() != null) {
            throw notYet(select.getQualify(), "QUALIFY is not supported yet", null);
        }
        switch (call.getKind()) {
            case JOIN -> throw notYet(
                    ((SqlJoin) call).getRight(), "joins are not supported yet", "read one table per query");
            case OVER -> OverRules.check(call);
            case INTERSECT, EXCEPT -> throw notYet(call, call.getKind() + " is not supported yet", null);
            case GROUPING_SETS, ROLLUP, CUBE -> throw notYet(
                    call, call.getKind().name().replace('_', ' ') + " is not supported yet",
                    "one GROUP BY per query");
            case MATCH_RECOGNIZE, PIVOT, UNPIVOT, UNNEST, TABLESAMPLE, SNAPSHOT, WITHIN_GROUP, LATERAL,
                    ARRAY_VALUE_CONSTRUCTOR, MAP_VALUE_CONSTRUCTOR, MULTISET_VALUE_CONSTRUCTOR -> throw notYet(
                            call, call.getKind().name().replace('_', ' ').toUpperCase(Locale.ROOT)
                                    + " is not supported yet",
                            null);
            default -> {
                if (!QUERY_HOLDERS.contains(call.getKind()) && !(call.getOperator() instanceof TumbleFunction)
                        && !"TUMBLE".equalsIgnoreCase(call.getOperator().getName())) {
                    for (SqlNode operand : call.getOperandList()) {
                        if (operand != null && operand.isA(SqlKind.QUERY) && operand.getKind() != SqlKind.VALUES) {
                            throw notYet(operand, "a query inside an expression is not supported yet", null);
                        }
                    }
                }
            }
        }
        return super.visit(call);
    }

    private static MillraceException notYet(SqlNode at, String message, String hint) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED, message, Positions.span(at.getParserPosition()), hint);
    }
}
