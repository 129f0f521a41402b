// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.catalog.CatalogView;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.ScriptParser;
import dev.millrace.planner.parser.SqlGroupWindow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * Brings a query into the form that validation knows: views become subqueries, and the three ways to write a window
 * become one, the window table function in FROM with {@code window_start} and {@code window_end} in GROUP BY. Trees are
 * changed in place.
 */
final class QueryRewriter {
    private final Catalog catalog;
    private final Set<String> commonTables = new HashSet<>();

    QueryRewriter(Catalog catalog) {
        this.catalog = catalog;
    }

    void rewrite(SqlNode query) {
        switch (query) {
            case SqlSelect select -> {
                if (select.getFrom() != null) {
                    select.setFrom(from(select.getFrom()));
                }
                window(select, null);
            }
            case SqlOrderBy ordered -> {
                if (ordered.query instanceof SqlSelect select) {
                    select.setFrom(select.getFrom() == null ? null : from(select.getFrom()));
                    window(select, ordered.orderList);
                } else {
                    rewrite(ordered.query);
                }
            }
            case SqlWith with -> {
                for (SqlNode node : with.withList) {
                    SqlWithItem item = (SqlWithItem) node;
                    rewrite(item.query);
                    commonTables.add(item.name.getSimple());
                }
                rewrite(with.body);
            }
            case SqlCall call when call.isA(SqlKind.SET_QUERY) -> call.getOperandList().forEach(this::rewrite);
            default -> {
            }
        }
    }

    private SqlNode from(SqlNode from) {
        if (from instanceof SqlIdentifier table) {
            CatalogView view = view(table);
            return view == null ? from : viewAs(view, alias(table), table.getParserPosition());
        }
        if (from instanceof SqlJoin join) {
            join.setLeft(from(join.getLeft()));
            join.setRight(from(join.getRight()));
            return join;
        }
        if (from.isA(SqlKind.QUERY)) {
            rewrite(from);
            return from;
        }
        if (from.getKind() == SqlKind.AS) {
            SqlBasicCall as = (SqlBasicCall) from;
            SqlNode inner = as.operand(0);
            CatalogView view = inner instanceof SqlIdentifier table ? view(table) : null;
            as.setOperand(0, view != null ? query(view) : from(inner));
        } else if (from.getKind() == SqlKind.COLLECTION_TABLE) {
            SqlNode function = ((SqlCall) from).operand(0);
            if (function instanceof SqlBasicCall call) {
                windowFunction(call);
            }
        }
        return from;
    }

    private void windowFunction(SqlBasicCall call) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        if (name.equals("HOP") || name.equals("CUMULATE") || name.equals("SESSION")) {
            throw notYet(name + " windows are not supported yet", call.getParserPosition());
        }
        for (int i = 0; i < call.operandCount(); i++) {
            SqlNode operand = call.operand(i);
            if (operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT) {
                SqlBasicCall assignment = (SqlBasicCall) operand;
                assignment.setOperand(0, tableArgument(assignment.operand(0)));
            } else {
                call.setOperand(i, tableArgument(operand));
            }
        }
    }

    private SqlNode tableArgument(SqlNode operand) {
        if (operand.getKind() == SqlKind.EXPLICIT_TABLE) {
            CatalogView view = view(((SqlCall) operand).operand(0));
            return view == null ? operand : query(view);
        }
        if (operand.isA(SqlKind.QUERY)) {
            rewrite(operand);
        }
        return operand;
    }

    private CatalogView view(SqlIdentifier name) {
        if (!name.isSimple() || commonTables.contains(name.getSimple())) {
            return null;
        }
        return catalog.find(name.getSimple()) instanceof CatalogView view ? view : null;
    }

    /** A view's query, rewritten; read again for each use, since validation changes trees. */
    private SqlNode query(CatalogView view) {
        if (view.renamed()) {
            return selectAll(viewAs(view, view.name(), SqlParserPos.ZERO));
        }
        return plainQuery(view);
    }

    private SqlNode plainQuery(CatalogView view) {
        SqlNode query = ScriptParser.parseQuery(view.query(), view.line(), view.column());
        new QueryRewriter(catalog).rewrite(query);
        return query;
    }

    private SqlNode viewAs(CatalogView view, String alias, SqlParserPos position) {
        List<SqlNode> operands = new ArrayList<>();
        operands.add(plainQuery(view));
        operands.add(new SqlIdentifier(alias, position));
        if (view.renamed()) {
            view.columns().forEach(column -> operands.add(new SqlIdentifier(column, position)));
        }
        return SqlStdOperatorTable.AS.createCall(position, operands);
    }

    private static SqlNode as(SqlNode node, String alias, SqlParserPos position) {
        return SqlStdOperatorTable.AS.createCall(position, node, new SqlIdentifier(alias, position));
    }

    private static String alias(SqlIdentifier table) {
        return table.names.getLast();
    }

    // ---- windows ----

    private void window(SqlSelect select, SqlNodeList orderBy) {
        SqlNodeList group = select.getGroup();
        if (group == null) {
            return;
        }
        List<SqlNode> keys = new ArrayList<>();
        SqlNode window = null;
        for (SqlNode key : group) {
            if (key instanceof SqlGroupWindow || isLegacyWindow(key)) {
                if (window != null) {
                    throw new MillraceException(
                            ErrorCode.INVALID_QUERY, "a query has one window", Positions.span(key.getParserPosition()),
                            null);
                }
                window = key;
            } else {
                keys.add(key);
            }
        }
        if (window == null) {
            return;
        }
        if (select.getFrom() == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "a window needs a FROM", Positions.span(window.getParserPosition()), null);
        }
        select.setFrom(windowed(select.getFrom(), window));
        SqlParserPos position = window.getParserPosition();
        keys.addFirst(new SqlIdentifier(TumbleFunction.WINDOW_END, position));
        keys.addFirst(new SqlIdentifier(TumbleFunction.WINDOW_START, position));
        WindowReferences references =
                new WindowReferences(window instanceof SqlGroupWindow ? null : (SqlCall) window);
        select.setGroupBy(references.inList(new SqlNodeList(keys, group.getParserPosition())));
        select.setSelectList(references.inSelectList(select.getSelectList()));
        if (select.getHaving() != null) {
            select.setHaving(select.getHaving().accept(references));
        }
        if (orderBy != null) {
            for (int i = 0; i < orderBy.size(); i++) {
                orderBy.set(i, orderBy.get(i).accept(references));
            }
        }
    }

    private static boolean isLegacyWindow(SqlNode key) {
        return key instanceof SqlCall call
                && (call.getOperator() == SqlStdOperatorTable.TUMBLE_OLD
                        || call.getOperator() == SqlStdOperatorTable.HOP_OLD
                        || call.getOperator() == SqlStdOperatorTable.SESSION_OLD);
    }

    private SqlNode windowed(SqlNode from, SqlNode window) {
        SqlParserPos position = window.getParserPosition();
        SqlNode time;
        SqlNode size;
        SqlNode grace = null;
        if (window instanceof SqlGroupWindow clause) {
            if (clause.kind() != SqlGroupWindow.Kind.TUMBLING) {
                throw notYet(clause.kind() + " windows are not supported yet", position);
            }
            if (clause.durations().size() != 1) {
                throw new MillraceException(
                        ErrorCode.INVALID_QUERY, "a tumbling window has one size", Positions.span(position),
                        "WINDOW TUMBLING (SIZE 1 MINUTE)");
            }
            size = clause.durations().getFirst();
            grace = clause.grace();
            time = clause.time() != null ? last(clause.time()) : defaultTimeColumn(from, position);
        } else {
            SqlCall call = (SqlCall) window;
            if (call.getOperator() != SqlStdOperatorTable.TUMBLE_OLD) {
                throw notYet(call.getOperator().getName() + " windows are not supported yet", position);
            }
            if (call.operandCount() != 2 || !(call.operand(0) instanceof SqlIdentifier column)) {
                throw new MillraceException(
                        ErrorCode.INVALID_QUERY, "TUMBLE takes a time column and an interval",
                        Positions.span(position), "GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)");
            }
            time = last(column);
            size = call.operand(1);
        }
        List<SqlNode> arguments = new ArrayList<>();
        String alias = null;
        SqlNode data = from;
        if (data.getKind() == SqlKind.AS) {
            SqlCall as = (SqlCall) data;
            alias = ((SqlIdentifier) as.operand(1)).getSimple();
            if (as.operandCount() == 2) {
                data = as.operand(0);
            } else {
                data = selectAll(from);
            }
        }
        if (data instanceof SqlIdentifier table) {
            alias = alias == null ? alias(table) : alias;
            data = SqlStdOperatorTable.EXPLICIT_TABLE.createCall(table.getParserPosition(), table);
        } else if (!data.isA(SqlKind.QUERY)) {
            data = selectAll(data);
        }
        arguments.add(data);
        arguments.add(SqlStdOperatorTable.DESCRIPTOR.createCall(time.getParserPosition(), time));
        arguments.add(size);
        if (grace != null) {
            arguments.add(SqlGroupWindow.duration(0, "S", position));
            arguments.add(grace);
        }
        SqlNode call = TumbleFunction.INSTANCE.createCall(position, arguments);
        SqlNode table = SqlStdOperatorTable.COLLECTION_TABLE.createCall(position, call);
        return alias == null ? table : as(table, alias, position);
    }

    private static SqlNode selectAll(SqlNode from) {
        SqlParserPos position = from.getParserPosition();
        return new SqlSelect(
                position, null, SqlNodeList.of(SqlIdentifier.star(position)), from, null, null, null, null, null, null,
                null, null, null);
    }

    private static SqlIdentifier last(SqlIdentifier name) {
        return new SqlIdentifier(name.names.getLast(), name.getComponentParserPosition(name.names.size() - 1));
    }

    private SqlNode defaultTimeColumn(SqlNode from, SqlParserPos position) {
        String column = timeColumn(from);
        if (column == null) {
            throw new MillraceException(
                    ErrorCode.WATERMARK_MISSING,
                    "the window has no time column: what it reads has no WATERMARK",
                    Positions.span(position),
                    "add WATERMARK FOR ts AS ts - INTERVAL '5' SECOND to CREATE TABLE,\n"
                            + "or name the column: WINDOW TUMBLING (ts, INTERVAL '1' MINUTE)");
        }
        return new SqlIdentifier(column, position);
    }

    /** The name under which a FROM shows the event time, or null. */
    private String timeColumn(SqlNode from) {
        if (from instanceof SqlIdentifier name && name.isSimple()) {
            CatalogEntry entry = catalog.find(name.getSimple());
            return entry instanceof CatalogTable table && table.timeColumn() >= 0
                    ? table.columns().get(table.timeColumn()).name() : null;
        }
        if (from.getKind() == SqlKind.AS) {
            SqlCall as = (SqlCall) from;
            String inner = timeColumn(as.operand(0));
            return as.operandCount() == 2 || inner == null ? inner : renamed(inner, as);
        }
        if (!(from instanceof SqlSelect select) || select.getFrom() == null || select.getGroup() != null) {
            return null;
        }
        String inner = timeColumn(select.getFrom());
        for (SqlNode item : select.getSelectList()) {
            SqlNode value = SqlUtil.stripAs(item);
            if (inner != null && value instanceof SqlIdentifier column) {
                if (column.isStar()) {
                    return inner;
                }
                if (column.names.getLast().equals(inner)) {
                    return item == value ? inner : ((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple();
                }
            }
        }
        return null;
    }

    /** The name that {@code (query) AS t (a, b, …)} gives a column of the query; null where that is not plain to see. */
    private static String renamed(String column, SqlCall as) {
        if (as.operand(0) instanceof SqlSelect select) {
            SqlNodeList items = select.getSelectList();
            for (int i = 0; i < items.size() && i + 2 < as.operandCount(); i++) {
                SqlNode item = items.get(i);
                SqlNode name = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(1) : item;
                if (name instanceof SqlIdentifier identifier && !identifier.isStar()
                        && identifier.names.getLast().equals(column)) {
                    return ((SqlIdentifier) as.operand(i + 2)).getSimple();
                }
            }
        }
        return null;
    }

    private static MillraceException notYet(String message, SqlParserPos position) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED, message, Positions.span(position),
                "use a tumbling window: WINDOW TUMBLING (SIZE 1 MINUTE)");
    }
}
