// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.SqlGroupWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;

/**
 * Names the bounds of a query's window by the columns of the window table function: TUMBLE_START(…) and the like, and
 * WINDOW_START in any case or as WINDOWSTART.
 */
final class WindowReferences extends SqlShuttle {
    private final SqlCall legacyWindow;

    /** @param legacyWindow the TUMBLE(…) of GROUP BY, whose arguments TUMBLE_START repeats; null with the clause */
    WindowReferences(SqlCall legacyWindow) {
        this.legacyWindow = legacyWindow;
    }

    SqlNodeList inList(SqlNodeList list) {
        List<SqlNode> items = new ArrayList<>();
        for (SqlNode item : list) {
            items.add(item.accept(this));
        }
        return new SqlNodeList(items, list.getParserPosition());
    }

    /** As {@link #inList}, but a column keeps the name that the user gave it. */
    SqlNodeList inSelectList(SqlNodeList list) {
        List<SqlNode> items = new ArrayList<>();
        for (SqlNode item : list) {
            SqlNode changed = item.accept(this);
            if (item instanceof SqlIdentifier name && changed != item) {
                changed = SqlStdOperatorTable.AS.createCall(
                        item.getParserPosition(), changed,
                        new SqlIdentifier(name.names.getLast(), item.getParserPosition()));
            }
            items.add(changed);
        }
        return new SqlNodeList(items, list.getParserPosition());
    }

    @Override
    public SqlNode visit(SqlIdentifier name) {
        if (name.isStar()) {
            return name;
        }
        String column = switch (name.names.getLast().toUpperCase(Locale.ROOT)) {
            case "WINDOW_START", "WINDOWSTART", "_WINDOW_START" -> TumbleFunction.WINDOW_START;
            case "WINDOW_END", "WINDOWEND", "_WINDOW_END" -> TumbleFunction.WINDOW_END;
            default -> null;
        };
        return column == null || column.equals(name.names.getLast()) ? name
                : new SqlIdentifier(column, name.getParserPosition());
    }

    @Override
    public SqlNode visit(SqlCall call) {
        if (call instanceof SqlSelect) {
            return call;
        }
        String column = switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
            case "TUMBLE_START" -> TumbleFunction.WINDOW_START;
            case "TUMBLE_END" -> TumbleFunction.WINDOW_END;
            case "TUMBLE_ROWTIME" -> TumbleFunction.WINDOW_TIME;
            default -> null;
        };
        if (column == null) {
            return super.visit(call);
        }
        if (legacyWindow != null && !SqlNode.equalDeep(
                call.getOperandList(), legacyWindow.getOperandList(), Litmus.IGNORE)) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY,
                    call.getOperator().getName().toUpperCase(Locale.ROOT)
                            + " must repeat the arguments of TUMBLE in GROUP BY",
                    Positions.span(call.getParserPosition()),
                    "TUMBLE has: " + legacyWindow.operand(0) + ", " + legacyWindow.operand(1));
        }
        if (column.equals(TumbleFunction.WINDOW_TIME)) {
            // The last moment of the window is no key of the grouping, but follows from one.
            return SqlStdOperatorTable.MINUS.createCall(
                    call.getParserPosition(),
                    new SqlIdentifier(TumbleFunction.WINDOW_END, call.getParserPosition()),
                    SqlGroupWindow.duration(1, "MS", call.getParserPosition()));
        }
        return new SqlIdentifier(column, call.getParserPosition());
    }
}
