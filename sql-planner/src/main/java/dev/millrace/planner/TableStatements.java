// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.Secrets;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.planner.catalog.CatalogColumn;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.catalog.CatalogView;
import dev.millrace.planner.parser.ParsedStatement;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.SqlCreateTable;
import dev.millrace.planner.parser.SqlCreateView;
import dev.millrace.planner.parser.SqlQueryStatement;
import dev.millrace.planner.parser.Statement;
import dev.millrace.planner.validate.FunctionNames;
import dev.millrace.planner.validate.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Carries out the statements about tables and views: CREATE, DROP, SHOW, DESCRIBE. */
final class TableStatements {
    private final Connectors connectors;
    private final Session session;

    TableStatements(Connectors connectors, Session session) {
        this.connectors = connectors;
        this.session = session;
    }

    PlannedStatement createTable(SqlCreateTable create, ParsedStatement parsed) {
        String name = create.name().names.getLast();
        if (isTaken(create)) {
            return PlannedStatement.done("\"" + name + "\" exists already");
        }
        CatalogTable table = new TableFactory(connectors, session.catalog(), create, parsed.text()).create();
        session.catalog().replace(table);
        return new PlannedStatement.Done(
                (create.stream() ? "stream \"" : "table \"") + name + "\" created", warnings(table));
    }

    /** What the user should know of the table's options. */
    List<String> warnings(CatalogTable table) {
        TableDefinition definition = table.definition();
        return connectors.canWrite(definition.connector()) ? connectors.sink(definition).warnings(definition)
                : List.of();
    }

    /** Whether the table is there already and need not be made; an error if it must not be there. */
    boolean isTaken(SqlCreateTable create) {
        if (!create.partitionedBy().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "PARTITIONED BY is not supported yet",
                    Positions.span(create.partitionedBy().getParserPosition()), null);
        }
        return isTaken(
                create.name().names.getLast(), create.ifNotExists(), create.getReplace(),
                Positions.span(create.name().getParserPosition()));
    }

    PlannedStatement createView(SqlCreateView create, ParsedStatement parsed) {
        String name = create.name().names.getLast();
        SourceSpan position = Positions.span(create.name().getParserPosition());
        if (create.query() instanceof SqlQueryStatement) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "a view has no EMIT: it says what, its readers say when", position,
                    "put EMIT behind the query that reads the view");
        }
        if (isTaken(name, create.ifNotExists(), create.getReplace(), position)) {
            return PlannedStatement.done("\"" + name + "\" exists already");
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
        return PlannedStatement.done("view \"" + name + "\" created");
    }

    private boolean isTaken(String name, boolean ifNotExists, boolean replace, SourceSpan position) {
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

    static PlannedStatement show(Statement.Show.Kind kind, Session session) {
        if (kind == Statement.Show.Kind.FUNCTIONS) {
            return PlannedStatement.rows(
                    List.of("name"), FunctionNames.all().stream().map(List::<Object>of).toList());
        }
        List<List<Object>> rows = session.catalog().entries().stream()
                .filter(entry -> switch (kind) {
                    case TABLES -> entry instanceof CatalogTable;
                    case STREAMS -> entry instanceof CatalogTable table && table.stream();
                    case VIEWS -> entry instanceof CatalogView;
                    case FUNCTIONS -> false;
                })
                .map(entry -> List.<Object>of(entry.name()))
                .toList();
        return PlannedStatement.rows(List.of("name"), rows);
    }

    static PlannedStatement showCreate(Statement.ShowCreate show, Session session) {
        return new PlannedStatement.Text(switch (session.catalog().get(show.name(), show.position())) {
            case CatalogTable table -> Secrets.masked(table.statement());
            case CatalogView view -> "CREATE VIEW " + quoted(view.name())
                    + (view.renamed() ? view.columns().stream().map(TableStatements::quoted)
                            .collect(Collectors.joining(", ", " (", ")")) : "")
                    + " AS " + view.query();
        });
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    static PlannedStatement describe(Statement.Describe describe, Session session) {
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
                    String metadata = table.definition().metadata().get(column.name());
                    if (metadata != null) {
                        notes.add("metadata " + metadata);
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
        return PlannedStatement.rows(List.of("column", "type", "notes"), rows);
    }

    static PlannedStatement drop(Statement.Drop drop, Session session) {
        CatalogEntry entry = session.catalog().find(drop.name());
        if (entry == null && drop.ifExists()) {
            return PlannedStatement.done("there is no \"" + drop.name() + "\"");
        }
        session.catalog().get(drop.name(), drop.position());
        if (entry instanceof CatalogView != drop.view()) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "\"" + drop.name() + "\" is a " + (drop.view() ? "table" : "view"),
                    drop.position(), "DROP " + (drop.view() ? "TABLE " : "VIEW ") + drop.name());
        }
        session.catalog().remove(drop.name());
        return PlannedStatement.done("\"" + drop.name() + "\" dropped");
    }
}
