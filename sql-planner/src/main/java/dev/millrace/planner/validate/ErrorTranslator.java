// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.catalog.CatalogView;
import dev.millrace.planner.parser.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * Says Calcite's validation errors in our words: with a code, the nearest name and the way out. Calcite tells its
 * errors apart only by their text; what is not known here still comes out, as it is.
 */
final class ErrorTranslator {
    private static final Pattern COLUMN =
            Pattern.compile("(?:Column|Unknown identifier|Unknown field) '(.*?)'(?: not found.*)?");
    private static final Pattern AMBIGUOUS = Pattern.compile("Column '(.*?)' is ambiguous");
    private static final Pattern TABLE = Pattern.compile("(?:Table|Object) '(.*?)' not found.*");
    private static final Pattern NOT_GROUPED = Pattern.compile("Expression '(.*?)' is not being grouped");
    private static final Pattern NO_FUNCTION = Pattern.compile("No match found for function signature (.*?)\\((.*)\\)");
    private static final Pattern ARGUMENT_COUNT =
            Pattern.compile("Invalid number of arguments to function '(.*?)'\\. Was expecting (\\d+) arguments");
    private static final Pattern CANNOT_APPLY =
            Pattern.compile("Cannot apply '(.*?)' to arguments of type '(.*)'\\. Supported form\\(s\\): (.*)",
                    Pattern.DOTALL);
    private static final Pattern CAST =
            Pattern.compile("Cast function cannot convert value of type (.*?) to type (.*)");

    /** Functions of the dialect that Calcite's standard does not know either. */
    private static final List<String> LATER = List.of(
            "PROCTIME", "CURRENT_WATERMARK", "NOW", "MEDIAN", "STRING_AGG", "APPROX_PERCENTILE", "BOOL_AND", "BOOL_OR",
            "DELTA", "UUID", "MD5", "SHA256", "HEADER", "HAS_HEADER");

    /** Functions without parentheses, which read as columns where they are not known. */
    private static final List<String> CLOCKS =
            List.of("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP");

    private final Catalog catalog;
    private final SqlNode query;
    private final String tableName;
    private final List<String> tableColumns;

    ErrorTranslator(Catalog catalog, SqlNode query) {
        this(catalog, query, null, List.of());
    }

    /** For an expression of a table that is not in the catalog yet. */
    ErrorTranslator(Catalog catalog, SqlNode query, String tableName, List<String> tableColumns) {
        this.catalog = catalog;
        this.query = query;
        this.tableName = tableName;
        this.tableColumns = tableColumns;
    }

    MillraceException translate(CalciteContextException e) {
        SqlParserPos position = new SqlParserPos(
                e.getPosLine(), e.getPosColumn(), Math.max(e.getPosLine(), e.getEndPosLine()),
                Math.max(e.getPosColumn(), e.getEndPosColumn()));
        SourceSpan span = e.getPosLine() < 1 ? null : Positions.span(position);
        String message = e.getCause() == null || e.getCause().getMessage() == null ? e.getMessage()
                : e.getCause().getMessage();
        Matcher matcher = AMBIGUOUS.matcher(message);
        if (matcher.matches()) {
            return error(ErrorCode.COLUMN_AMBIGUOUS, "column \"" + matcher.group(1) + "\" is ambiguous", span,
                    "put the table's name before it: t." + matcher.group(1));
        }
        matcher = TABLE.matcher(message);
        if (matcher.matches()) {
            return catalog.notFound(matcher.group(1), span);
        }
        matcher = COLUMN.matcher(message);
        if (matcher.matches()) {
            return columnNotFound(matcher.group(1), position, span);
        }
        matcher = NOT_GROUPED.matcher(message);
        if (matcher.matches()) {
            String name = shortName(matcher.group(1));
            return error(ErrorCode.NOT_GROUPED, "\"" + name + "\" is neither in GROUP BY nor aggregated", span,
                    "add it to GROUP BY, or take one value per group: MAX(" + name + ")");
        }
        matcher = NO_FUNCTION.matcher(message);
        if (matcher.matches()) {
            return noFunction(matcher.group(1), matcher.group(2), span);
        }
        matcher = ARGUMENT_COUNT.matcher(message);
        if (matcher.matches()) {
            return error(ErrorCode.FUNCTION_NOT_FOUND, matcher.group(1) + " does not take this number of arguments",
                    span, matcher.group(1) + " takes " + matcher.group(2));
        }
        matcher = CANNOT_APPLY.matcher(message);
        if (matcher.matches()) {
            return error(ErrorCode.TYPE_MISMATCH,
                    "\"" + matcher.group(1) + "\" can't be applied to " + plain(matcher.group(2)), span,
                    "it takes: " + plain(matcher.group(3)).replace("\n", ", "));
        }
        matcher = CAST.matcher(message);
        if (matcher.matches()) {
            return error(ErrorCode.TYPE_MISMATCH,
                    "a " + notNull(matcher.group(1)) + " can't be cast to " + notNull(matcher.group(2)), span, null);
        }
        if (message.startsWith("Aggregate expression is illegal in WHERE")) {
            return error(ErrorCode.INVALID_QUERY, "WHERE is about rows, before they are aggregated", span,
                    "use HAVING for conditions on aggregates");
        }
        if (message.startsWith("Aggregate expressions cannot be nested")) {
            return error(ErrorCode.INVALID_QUERY, "an aggregate can't stand inside another", span,
                    "aggregate the result of a subquery");
        }
        if (message.endsWith("clause must be a condition")) {
            return error(ErrorCode.TYPE_MISMATCH,
                    message.substring(0, message.indexOf(' ')) + " takes a condition (BOOLEAN)", span, null);
        }
        if (message.startsWith("Validation Error: ")) {
            return error(ErrorCode.TYPE_MISMATCH, message.substring("Validation Error: ".length()), span, null);
        }
        boolean types = message.contains("compatible types") || message.contains("Illegal mixing of types")
                || message.startsWith("Cannot compare") || message.contains("not comparable");
        return error(types ? ErrorCode.TYPE_MISMATCH : ErrorCode.INVALID_QUERY, lower(message.replace("''", "\"")),
                span,
                types ? "use CAST to bring them to one type" : null);
    }

    private MillraceException columnNotFound(String name, SqlParserPos position, SourceSpan span) {
        if (CLOCKS.contains(name.toUpperCase(Locale.ROOT))) {
            return error(ErrorCode.NOT_SUPPORTED, name.toUpperCase(Locale.ROOT) + " is not supported yet", span, null);
        }
        String where = tableName;
        List<String> columns = tableColumns;
        if (where == null) {
            SqlSelect select = enclosingSelect(position);
            if (select != null && select.getFrom() != null) {
                List<String> tables = new ArrayList<>();
                columns = new ArrayList<>();
                collect(select.getFrom(), tables, columns);
                where = String.join(", ", tables);
            }
        }
        String hint = where == null || where.isEmpty() ? null : NearestName.hint(name, columns, "columns of " + where);
        return error(ErrorCode.COLUMN_NOT_FOUND, "column \"" + name + "\" not found", span, hint);
    }

    private static MillraceException noFunction(String name, String arguments, SourceSpan span) {
        DialectOperatorTable known = DialectOperatorTable.INSTANCE;
        String upper = name.toUpperCase(Locale.ROOT);
        if (known.functionNames().contains(upper)) {
            return error(ErrorCode.FUNCTION_NOT_FOUND,
                    upper + " does not take (" + plain(arguments) + ")", span, null);
        }
        boolean later = SqlStdOperatorTable.instance().getOperatorList().stream().map(SqlOperator::getName)
                .anyMatch(upper::equals);
        if (later || LATER.contains(upper)) {
            return error(ErrorCode.NOT_SUPPORTED, "function " + upper + " is not supported yet", span, null);
        }
        String hint =
                NearestName.of(upper, known.functionNames()).map(near -> "did you mean " + near + "?").orElse(null);
        return error(ErrorCode.FUNCTION_NOT_FOUND, "function \"" + name + "\" not found", span, hint);
    }

    private SqlSelect enclosingSelect(SqlParserPos position) {
        SqlSelect[] innermost = {null};
        if (query != null) {
            query.accept(new SqlBasicVisitor<Void>() {
                @Override
                public Void visit(SqlCall call) {
                    if (call instanceof SqlSelect select
                            && (innermost[0] == null || covers(select.getParserPosition(), position))) {
                        innermost[0] = select;
                    }
                    return super.visit(call);
                }
            });
        }
        return innermost[0];
    }

    private static boolean covers(SqlParserPos outer, SqlParserPos inner) {
        boolean starts = outer.getLineNum() < inner.getLineNum()
                || outer.getLineNum() == inner.getLineNum() && outer.getColumnNum() <= inner.getColumnNum();
        boolean ends = outer.getEndLineNum() > inner.getEndLineNum()
                || outer.getEndLineNum() == inner.getEndLineNum() && outer.getEndColumnNum() >= inner.getEndColumnNum();
        return starts && ends;
    }

    /** The names in a FROM and the columns that they bring. */
    private void collect(SqlNode from, List<String> tables, List<String> columns) {
        if (from instanceof SqlIdentifier name) {
            CatalogEntry entry = catalog.find(name.names.getLast());
            tables.add(name.names.getLast());
            switch (entry) {
                case CatalogTable table -> columns.addAll(table.columnNames());
                case CatalogView view -> columns.addAll(view.columns());
                case null -> {
                }
            }
        } else if (from instanceof SqlSelect select) {
            for (SqlNode item : select.getSelectList()) {
                SqlNode value = SqlUtil.stripAs(item);
                if (value != item) {
                    columns.add(((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple());
                } else if (value instanceof SqlIdentifier column && !column.isStar()) {
                    columns.add(column.names.getLast());
                } else if (value instanceof SqlIdentifier && select.getFrom() != null) {
                    collect(select.getFrom(), new ArrayList<>(), columns);
                }
            }
        } else if (from.getKind() == SqlKind.AS) {
            String alias = ((SqlIdentifier) ((SqlCall) from).operand(1)).getSimple();
            boolean made = alias.startsWith("EXPR$");
            collect(((SqlCall) from).operand(0), made ? tables : new ArrayList<>(), columns);
            if (!made) {
                tables.add(alias);
            }
        } else if (from instanceof SqlCall call) {
            for (SqlNode operand : call.getOperandList()) {
                if (operand != null && !(operand.getKind() == SqlKind.DESCRIPTOR)) {
                    collect(operand, tables, columns);
                }
            }
            if (call.getOperator() instanceof TumbleFunction) {
                columns.addAll(List.of(TumbleFunction.WINDOW_START, TumbleFunction.WINDOW_END));
            }
        }
    }

    private static String shortName(String expression) {
        return expression.matches("[\\w.]+") ? expression.substring(expression.lastIndexOf('.') + 1) : expression;
    }

    private static String plain(String types) {
        return types.replace("<", "").replace(">", "").replace("'", "");
    }

    private static String notNull(String type) {
        return type.replace(" NOT NULL", "");
    }

    private static String lower(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static MillraceException error(ErrorCode code, String message, SourceSpan span, String hint) {
        return new MillraceException(code, message, span, hint);
    }
}
