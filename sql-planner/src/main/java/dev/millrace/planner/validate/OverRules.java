// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.planner.parser.Positions;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.SqlWindow;

/** Refuses what OVER can't do yet, where it stands in the text. */
final class OverRules {
    /** Functions over a frame. */
    private static final Set<String> FRAMED = Set.of("COUNT", "SUM", "AVG", "MIN", "MAX");

    /** Functions whose frame is always the same. */
    private static final Set<String> FRAMELESS = Set.of("LAG", "ROW_NUMBER");

    private static final Set<String> NOT_YET = Set.of(
            "LEAD", "FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "NTILE", "RANK", "DENSE_RANK", "PERCENT_RANK",
            "CUME_DIST");

    private static final String FRAMES =
            "ROWS BETWEEN 99 PRECEDING AND CURRENT ROW, or ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";

    private OverRules() {}

    static void check(SqlCall over) {
        SqlCall function = function(over);
        if (!(over.operand(1) instanceof SqlWindow window)) {
            throw notYet(over.operand(1), "a window with a name is not supported yet", "write it out behind OVER");
        }
        String name = function.getOperator().getName().toUpperCase(Locale.ROOT);
        order(over, window);
        boolean framed = window.getLowerBound() != null || window.getUpperBound() != null;
        if (FRAMELESS.contains(name)) {
            if (framed) {
                throw new MillraceException(
                        ErrorCode.INVALID_QUERY, name + " has no frame",
                        Positions.span(window.getParserPosition()),
                        "leave out " + (window.isRows() ? "ROWS" : "RANGE") + " …");
            }
            return;
        }
        if (NOT_YET.contains(name)) {
            throw notYet(function, name + " is not supported yet",
                    "functions of OVER: COUNT, SUM, AVG, MIN, MAX, LAG, ROW_NUMBER");
        }
        if (FRAMED.contains(name)) {
            frame(over, window, framed);
        }
    }

    private static SqlCall function(SqlCall over) {
        SqlNode node = over.operand(0);
        switch (node.getKind()) {
            case FILTER -> throw notYet(node, "FILTER with OVER is not supported yet",
                    "use CASE: SUM(CASE WHEN condition THEN x END)");
            case IGNORE_NULLS, RESPECT_NULLS -> throw notYet(
                    node, node.getKind().name().replace('_', ' ') + " is not supported yet", "leave it out");
            default -> {
            }
        }
        SqlCall function = (SqlCall) node;
        SqlLiteral quantifier = function.getFunctionQuantifier();
        if (quantifier != null && quantifier.getValue() == SqlSelectKeyword.DISTINCT) {
            throw notYet(function, "DISTINCT with OVER is not supported yet", null);
        }
        return function;
    }

    private static void order(SqlCall over, SqlWindow window) {
        if (window.getOrderList().isEmpty()) {
            throw notYet(
                    over, "OVER without ORDER BY is not supported yet",
                    "add ORDER BY with the event time of the table");
        }
        if (window.getOrderList().size() > 1) {
            throw notYet(window.getOrderList().get(1), "ORDER BY of OVER takes the event time only",
                    "rows of equal times come in the order of their splits and positions");
        }
        SqlNode key = window.getOrderList().get(0);
        if (key.getKind() == SqlKind.DESCENDING) {
            throw notYet(key, "descending OVER is not supported yet", "order by time, ascending");
        }
        if (key.getKind() == SqlKind.NULLS_FIRST || key.getKind() == SqlKind.NULLS_LAST) {
            throw notYet(key, "rows without a time have no place in OVER", "leave out NULLS FIRST and NULLS LAST");
        }
    }

    private static void frame(SqlCall over, SqlWindow window, boolean framed) {
        if (!framed) {
            throw notYet(
                    over, "OVER without a frame means RANGE UNBOUNDED PRECEDING, which is not supported yet",
                    "add a frame: " + FRAMES);
        }
        if (!window.isRows()) {
            throw notYet(window, "RANGE is not supported yet", "use " + FRAMES);
        }
        SqlNode upper = window.getUpperBound();
        if (upper != null && !SqlWindow.isCurrentRow(upper)) {
            throw notYet(upper, "a frame ends with the current row", "use " + FRAMES);
        }
        if (window.getExclude() != null && !SqlWindow.isExcludeNoOthers(window.getExclude())) {
            throw notYet(window.getExclude(), "EXCLUDE is not supported yet", null);
        }
        SqlNode lower = window.getLowerBound();
        if (SqlWindow.isCurrentRow(lower) || SqlWindow.isUnboundedPreceding(lower)) {
            return;
        }
        boolean preceding = lower.getKind() == SqlKind.PRECEDING;
        if (!preceding || !(((SqlCall) lower).operand(0) instanceof SqlNumericLiteral number) || !number.isInteger()) {
            throw notYet(lower, "a frame begins with a number of rows before the current one", "use " + FRAMES);
        }
        if (number.bigDecimalValue().longValue() >= OverCall.ROWS_MAX || number.bigDecimalValue().precision() > 18) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "a frame has at most " + OverCall.ROWS_MAX + " rows",
                    Positions.span(lower.getParserPosition()), "each key keeps the rows of its frame in memory");
        }
    }

    private static MillraceException notYet(SqlNode at, String message, String hint) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED, message, Positions.span(at.getParserPosition()), hint);
    }
}
