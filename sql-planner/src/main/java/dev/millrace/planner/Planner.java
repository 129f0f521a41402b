// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import dev.millrace.planner.catalog.CatalogColumn;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.catalog.CatalogView;
import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.parser.EmitClause;
import dev.millrace.planner.parser.ParsedStatement;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.ScriptParser;
import dev.millrace.planner.parser.SqlCreateTable;
import dev.millrace.planner.parser.SqlCreateView;
import dev.millrace.planner.parser.SqlExplainStatement;
import dev.millrace.planner.parser.SqlQueryStatement;
import dev.millrace.planner.parser.Statement;
import dev.millrace.planner.translate.InsertTarget;
import dev.millrace.planner.translate.PlanBuilder;
import dev.millrace.planner.translate.QueryPlan;
import dev.millrace.planner.validate.Types;
import dev.millrace.planner.validate.Validation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * From SQL text to plans. Statements are parsed all at once and planned one by one against a session, since each may
 * depend on those before it. Has no state of its own; what it opens is nothing.
 */
public final class Planner {
    private final Connectors connectors;

    public Planner(Connectors connectors) {
        this.connectors = connectors;
    }

    /**
     * The statements of a script.
     *
     * @throws MillraceException with its place in the script, if a statement does not follow the grammar
     */
    public List<ParsedStatement> parse(String script) {
        return ScriptParser.parse(script);
    }

    /**
     * What one statement comes to. Changes the session where the statement does (CREATE, DROP, SET).
     *
     * @throws MillraceException with its place in the script, if the statement is not valid
     */
    public PlannedStatement plan(ParsedStatement parsed, Session session) {
        return switch (parsed.statement()) {
            case Statement.Sql sql -> sql(sql.tree(), parsed, session);
            case Statement.SetOption set -> {
                String warning = session.options()
                        .set(set.key(), set.keyPosition(), set.value(), set.valuePosition());
                yield new PlannedStatement.Done("option set", warning == null ? List.of() : List.of(warning));
            }
            case Statement.ResetOption reset -> {
                if (reset.key() == null) {
                    session.options().resetAll();
                } else {
                    session.options().reset(reset.key(), reset.keyPosition());
                }
                yield done("option reset");
            }
            case Statement.ShowOptions show -> rows(
                    List.of("option", "value"),
                    session.options().values().entrySet().stream()
                            .map(entry -> List.<Object>of(entry.getKey(), entry.getValue())).toList());
            case Statement.Show show -> show(show.kind(), session);
            case Statement.Describe describe -> describe(describe, session);
            case Statement.Drop drop -> drop(drop, session);
        };
    }

    private PlannedStatement sql(SqlNode tree, ParsedStatement parsed, Session session) {
        return switch (tree) {
            case SqlCreateTable create -> createTable(create, session);
            case SqlCreateView create -> createView(create, parsed, session);
            case SqlExplainStatement explain ->
                    new PlannedStatement.Text(Explain.text(query(explain.statement(), parsed, session, true)));
            case SqlInsert insert -> new PlannedStatement.Job(query(insert, parsed, session, false).plan());
            default -> select(tree, parsed, session);
        };
    }

    // ---- queries ----

    private PlannedStatement select(SqlNode tree, ParsedStatement parsed, Session session) {
        SqlNode query = tree instanceof SqlQueryStatement statement ? statement.query() : tree;
        if (query.getKind() == SqlKind.VALUES || query instanceof SqlSelect select && select.getFrom() == null) {
            return constants(query, session);
        }
        return new PlannedStatement.Job(query(tree, parsed, session, false).plan());
    }

    private QueryPlan query(SqlNode tree, ParsedStatement parsed, Session session, boolean explained) {
        SqlNode statement = tree instanceof SqlInsert insert ? insert.getSource() : tree;
        SqlNode query = statement;
        EmitClause emit = null;
        if (statement instanceof SqlQueryStatement suffixed) {
            if (suffixed.lateTable() != null) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED, "LATE INTO is not supported yet",
                        Positions.span(suffixed.lateTable().getParserPosition()),
                        "SET 'late.strategy' = 'dead_letter' keeps late rows in the dead letters");
            }
            query = suffixed.query();
            emit = suffixed.emit();
        }
        InsertTarget insert = tree instanceof SqlInsert call ? target(call, query, session) : null;
        RelRoot root = new Validation(session.catalog()).convert(query);
        String name = insert == null ? "" : explained ? insert.table().name()
                : session.takeJobName(insert.table().name());
        Map<String, String> options = new TreeMap<>(session.options().values());
        options.remove(JobOption.JOB_NAME.key());
        return new PlanBuilder(connectors, options, session.partitions())
                .plan(root, name, parsed.text(), emit, insert, position(query, parsed));
    }

    private static SourceSpan position(SqlNode query, ParsedStatement parsed) {
        SqlNode body = query instanceof SqlOrderBy ordered ? ordered.query : query;
        SourceSpan span = Positions.span(body.getParserPosition());
        return span == null ? parsed.position() : span;
    }

    private InsertTarget target(SqlInsert insert, SqlNode query, Session session) {
        SqlIdentifier name = (SqlIdentifier) insert.getTargetTable();
        SourceSpan position = Positions.span(name.getParserPosition());
        CatalogEntry entry = session.catalog().get(name.names.getLast(), position);
        if (!(entry instanceof CatalogTable table)) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "\"" + entry.name() + "\" is a view, nothing can be inserted into it",
                    position, "INSERT INTO a table");
        }
        List<String> columns = null;
        if (insert.getTargetColumnList() != null) {
            columns = insert.getTargetColumnList().stream().map(node -> ((SqlIdentifier) node).getSimple()).toList();
        }
        SqlNode body = query instanceof SqlOrderBy ordered ? ordered.query : query;
        List<SourceSpan> items = new ArrayList<>();
        SourceSpan queryPosition = Positions.span(query.getParserPosition());
        if (body instanceof SqlSelect select) {
            SqlNodeList list = select.getSelectList();
            queryPosition = Positions.span(list.getParserPosition());
            boolean star = list.stream().anyMatch(item -> item instanceof SqlIdentifier id && id.isStar());
            if (!star) {
                list.forEach(item -> items.add(Positions.span(item.getParserPosition())));
            }
        }
        return new InsertTarget(table, columns, position, queryPosition, items);
    }

    private PlannedStatement constants(SqlNode query, Session session) {
        SourceSpan position = Positions.span(query.getParserPosition());
        RelRoot root = new Validation(session.catalog()).convert(query);
        List<List<Expression>> rows = PlanBuilder.constants(root);
        if (rows == null) {
            throw new IllegalStateException("a query without FROM reads a table");
        }
        List<Column> columns = new ArrayList<>();
        for (RelDataTypeField field : root.validatedRowType.getFieldList()) {
            columns.add(new Column(field.getName(), Types.ofExpression(field.getType())));
        }
        List<List<Object>> values = new ArrayList<>();
        for (List<Expression> row : rows) {
            List<Object> cells = new ArrayList<>();
            for (Expression cell : row) {
                if (!(cell instanceof Literal literal)) {
                    throw new MillraceException(
                            ErrorCode.NOT_SUPPORTED, "a query without a table gives literals only, as yet", position,
                            null);
                }
                cells.add(value(literal));
            }
            values.add(cells);
        }
        return new PlannedStatement.Rows(new Schema(columns), values);
    }

    private static Object value(Literal literal) {
        SqlType type = literal.type();
        if (type.kind() == TypeKind.DECIMAL && !literal.isNull()) {
            return literal.value() instanceof Long unscaled ? BigDecimal.valueOf(unscaled, type.scale())
                    : new BigDecimal((BigInteger) literal.value(), type.scale());
        }
        return literal.value();
    }

    // ---- tables and views ----

    private PlannedStatement createTable(SqlCreateTable create, Session session) {
        String name = create.name().names.getLast();
        SourceSpan position = Positions.span(create.name().getParserPosition());
        if (create.query() != null) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "CREATE TABLE … AS is not supported yet", position,
                    "create the table with its columns, then INSERT INTO " + name + " SELECT …");
        }
        if (!create.partitionedBy().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "PARTITIONED BY is not supported yet",
                    Positions.span(create.partitionedBy().getParserPosition()), null);
        }
        if (isTaken(name, create.ifNotExists(), create.getReplace(), position, session)) {
            return done("\"" + name + "\" exists already");
        }
        CatalogTable table = new TableFactory(connectors, session.catalog(), create).create();
        session.catalog().replace(table);
        return done((create.stream() ? "stream \"" : "table \"") + name + "\" created");
    }

    private PlannedStatement createView(SqlCreateView create, ParsedStatement parsed, Session session) {
        String name = create.name().names.getLast();
        SourceSpan position = Positions.span(create.name().getParserPosition());
        if (create.query() instanceof SqlQueryStatement) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "a view has no EMIT: it says what, its readers say when", position,
                    "put EMIT behind the query that reads the view");
        }
        if (isTaken(name, create.ifNotExists(), create.getReplace(), position, session)) {
            return done("\"" + name + "\" exists already");
        }
        String text = textFrom(create.queryStart(), parsed);
        RelRoot root = new Validation(session.catalog()).convert(create.query());
        List<String> columns = root.validatedRowType.getFieldNames();
        if (create.columns() != null) {
            if (create.columns().size() != columns.size()) {
                throw new MillraceException(
                        ErrorCode.INVALID_QUERY,
                        "the view names " + create.columns().size() + " columns, its query gives "
                                + columns.size(),
                        Positions.span(create.columns().getParserPosition()), null);
            }
            columns = create.columns().stream().map(node -> ((SqlIdentifier) node).getSimple()).toList();
        }
        SqlParserPos start = create.queryStart();
        session.catalog().replace(new CatalogView(
                name, text, start.getLineNum(), start.getColumnNum(), columns, create.columns() != null));
        return done("view \"" + name + "\" created");
    }

    private static boolean isTaken(
            String name, boolean ifNotExists, boolean replace, SourceSpan position, Session session) {
        boolean exists = session.catalog().find(name) != null;
        if (exists && !ifNotExists && !replace) {
            throw new MillraceException(
                    ErrorCode.TABLE_EXISTS, "\"" + name + "\" exists already", position,
                    "choose another name, DROP it first, or say IF NOT EXISTS");
        }
        return exists && ifNotExists;
    }

    /** The statement's text from a position on. */
    private static String textFrom(SqlParserPos position, ParsedStatement parsed) {
        String[] lines = parsed.text().split("\n", -1);
        int offset = 0;
        for (int line = parsed.position().line(); line < position.getLineNum(); line++) {
            offset += lines[line - parsed.position().line()].length() + 1;
        }
        int firstColumn = position.getLineNum() == parsed.position().line() ? parsed.position().column() : 1;
        return parsed.text().substring(offset + position.getColumnNum() - firstColumn);
    }

    private static PlannedStatement show(Statement.Show.Kind kind, Session session) {
        List<List<Object>> rows = session.catalog().entries().stream()
                .filter(entry -> switch (kind) {
                    case TABLES -> entry instanceof CatalogTable;
                    case STREAMS -> entry instanceof CatalogTable table && table.stream();
                    case VIEWS -> entry instanceof CatalogView;
                })
                .map(entry -> List.<Object>of(entry.name()))
                .toList();
        return rows(List.of("name"), rows);
    }

    private static PlannedStatement describe(Statement.Describe describe, Session session) {
        CatalogEntry entry = session.catalog().get(describe.name(), describe.position());
        List<List<Object>> rows = switch (entry) {
            case CatalogView view -> view.columns().stream().map(column -> List.<Object>of(column, "", "")).toList();
            case CatalogTable table -> {
                List<List<Object>> lines = new ArrayList<>();
                for (int i = 0; i < table.columns().size(); i++) {
                    CatalogColumn column = table.columns().get(i);
                    List<String> notes = new ArrayList<>();
                    if (table.definition().primaryKey().contains(column.name())) {
                        notes.add("primary key");
                    }
                    if (column.isComputed()) {
                        notes.add("computed");
                    }
                    if (i == table.timeColumn()) {
                        notes.add("watermark " + table.watermarkText());
                    }
                    lines.add(List.of(column.name(), column.type().toString(), String.join(", ", notes)));
                }
                yield lines;
            }
        };
        return rows(List.of("column", "type", "notes"), rows);
    }

    private static PlannedStatement drop(Statement.Drop drop, Session session) {
        CatalogEntry entry = session.catalog().find(drop.name());
        if (entry == null && drop.ifExists()) {
            return done("there is no \"" + drop.name() + "\"");
        }
        session.catalog().get(drop.name(), drop.position());
        if (entry instanceof CatalogView != drop.view()) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "\"" + drop.name() + "\" is a " + (drop.view() ? "table" : "view"),
                    drop.position(), "DROP " + (drop.view() ? "TABLE " : "VIEW ") + drop.name());
        }
        session.catalog().remove(drop.name());
        return done("\"" + drop.name() + "\" dropped");
    }

    private static PlannedStatement done(String message) {
        return new PlannedStatement.Done(message, List.of());
    }

    private static PlannedStatement rows(List<String> names, List<List<Object>> rows) {
        return new PlannedStatement.Rows(
                new Schema(names.stream().map(name -> new Column(name, SqlType.STRING)).toList()), rows);
    }
}
