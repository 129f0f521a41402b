// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.options.JobOptions;
import dev.millrace.planner.parser.EmitClause;
import dev.millrace.planner.parser.OptionDefinition;
import dev.millrace.planner.parser.ParsedStatement;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.SqlCreateTable;
import dev.millrace.planner.parser.SqlExplainStatement;
import dev.millrace.planner.parser.SqlQueryStatement;
import dev.millrace.planner.parser.Statement;
import dev.millrace.planner.translate.InsertTarget;
import dev.millrace.planner.translate.PlanBuilder;
import dev.millrace.planner.translate.QueryPlan;
import dev.millrace.planner.translate.QueryText;
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

/** Plans the statements that run something: SELECT, INSERT, CREATE TABLE … AS, and EXPLAIN of the first two. */
final class QueryStatements {
    private final Connectors connectors;
    private final Session session;
    private final ParsedStatement parsed;

    QueryStatements(Connectors connectors, Session session, ParsedStatement parsed) {
        this.connectors = connectors;
        this.session = session;
        this.parsed = parsed;
    }

    PlannedStatement insert(SqlInsert insert) {
        QueryPlan plan = query(insert, false);
        return new PlannedStatement.Job(plan, plan.warnings());
    }

    /** The plan of an INSERT that is part of a statement set; takes no name for a job. */
    QueryPlan member() {
        if (!(parsed.statement() instanceof Statement.Sql sql)) {
            throw new IllegalStateException("a statement set holds INSERTs only");
        }
        return query(sql.tree(), true);
    }

    PlannedStatement explain(SqlExplainStatement explain) {
        QueryPlan plan = query(explain.statement(), true);
        if (explain.upgrade()) {
            return upgrade(
                    explain.statement() instanceof SqlInsert insert
                            ? ((SqlIdentifier) insert.getTargetTable()).names.getLast() : null,
                    plan);
        }
        return new PlannedStatement.Text(Explain.text(plan), plan);
    }

    /**
     * Asks what a query keeps of the job that has its name, or of the savepoint that is set.
     *
     * @param table the table that would give the job its name; null for a SELECT
     */
    PlannedStatement upgrade(String table, QueryPlan plan) {
        String named = session.options().get(JobOption.JOB_NAME);
        String job = named == null ? table : named;
        String given = session.options().get(JobOption.SAVEPOINT);
        if (job == null && given == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "a SELECT has no job with state to compare with", parsed.position(),
                    "SET 'job.name' = 'j' or 'savepoint' = 'j/s' before it, or write INSERT INTO");
        }
        SavepointName savepoint = given == null ? null : SavepointName.parse(given, job);
        return new PlannedStatement.ExplainUpgrade(
                plan, savepoint == null ? job : savepoint.job(), savepoint, parsed.position());
    }

    PlannedStatement select(SqlNode tree) {
        SqlNode query = tree instanceof SqlQueryStatement statement ? statement.query() : tree;
        if (query.getKind() == SqlKind.VALUES || query instanceof SqlSelect select && select.getFrom() == null) {
            return constants(query);
        }
        return new PlannedStatement.Job(query(tree, false));
    }

    /** Makes a table with the columns of the query, and the job that fills it. */
    PlannedStatement createTableAs(SqlCreateTable create) {
        String name = create.name().names.getLast();
        SourceSpan position = Positions.span(create.name().getParserPosition());
        if (!create.elements().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "CREATE TABLE … AS takes its columns from the query", position,
                    "leave them out, or create the table first and INSERT INTO it");
        }
        TableStatements tables = new TableStatements(connectors, session);
        if (tables.isTaken(create)) {
            return PlannedStatement.done("\"" + name + "\" exists already");
        }
        Map<String, String> options = options();
        List<OptionDefinition> own = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (OptionDefinition option : create.options()) {
            JobOption ofJob = JobOptions.find(option.key());
            if (ofJob == null) {
                own.add(option);
                continue;
            }
            try {
                options.put(ofJob.key(), ofJob.parse(option.value()));
            } catch (MillraceException e) {
                throw e.at(Positions.span(option.valuePosition()));
            }
        }
        SqlNode query = body(create.query());
        QueryText text = text(query);
        RelRoot root = new Validation(session.catalog()).convert(query);
        List<Column> columns = new ArrayList<>();
        root.validatedRowType.getFieldList()
                .forEach(field -> columns.add(new Column(field.getName(), Types.ofExpression(field.getType()))));
        TableFactory factory = new TableFactory(connectors, session.catalog(), create, parsed.text());
        CatalogTable table = factory.create(columns, own);
        InsertTarget target = new InsertTarget(table, null, position, text.position(), List.of());
        String given = options.remove(JobOption.JOB_NAME.key());
        String job = session.freeJobName(
                given == null ? name : given, parsed.text(), options.get(JobOption.SAVEPOINT.key()));
        QueryPlan plan = new PlanBuilder(connectors, options, partitions(options))
                .plan(root, job, text, emit(create.query()), target);
        session.catalog().replace(table);
        session.jobPlanned(job);
        warnings.addAll(tables.warnings(table));
        warnings.addAll(plan.warnings());
        return new PlannedStatement.Job(plan, warnings);
    }

    private QueryPlan query(SqlNode tree, boolean explained) {
        SqlNode statement = tree instanceof SqlInsert insert ? insert.getSource() : tree;
        SqlNode query = body(statement);
        InsertTarget insert = tree instanceof SqlInsert call ? target(call, query) : null;
        QueryText text = text(query);
        RelRoot root = new Validation(session.catalog()).convert(query);
        String name = insert == null ? "" : session.nextJobName(insert.table().name(), parsed.text());
        Map<String, String> options = options();
        options.remove(JobOption.JOB_NAME.key());
        if (insert == null) {
            // The rows of a SELECT begin anew each time.
            options.remove(JobOption.SAVEPOINT.key());
            options.remove(JobOption.SAVEPOINT_ALLOW_LOSS.key());
            options.remove(JobOption.SAVEPOINT_ALLOW_REPEATS.key());
        }
        QueryPlan plan =
                new PlanBuilder(connectors, options, partitions(options)).plan(root, name, text, emit(statement),
                        insert);
        if (insert != null && !explained) {
            session.jobPlanned(name);
        }
        return plan;
    }

    private Map<String, String> options() {
        return new TreeMap<>(session.options().values());
    }

    private int partitions(Map<String, String> options) {
        String asked = options.get(JobOption.PARTITIONS.key());
        return asked == null ? session.defaultPartitions() : Integer.parseInt(asked);
    }

    private static SqlNode body(SqlNode statement) {
        if (!(statement instanceof SqlQueryStatement suffixed)) {
            return statement;
        }
        if (suffixed.lateTable() != null) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "LATE INTO is not supported yet",
                    Positions.span(suffixed.lateTable().getParserPosition()),
                    "leave it out: late rows are dropped and counted");
        }
        return suffixed.query();
    }

    private static EmitClause emit(SqlNode statement) {
        return statement instanceof SqlQueryStatement suffixed ? suffixed.emit() : null;
    }

    private QueryText text(SqlNode query) {
        SqlNode body = query instanceof SqlOrderBy ordered ? ordered.query : query;
        SourceSpan span = Positions.span(body.getParserPosition());
        SourceSpan order = null;
        if (query instanceof SqlOrderBy ordered) {
            SqlNode what = !ordered.orderList.isEmpty() ? ordered.orderList
                    : ordered.fetch != null ? ordered.fetch : ordered.offset;
            order = Positions.span(what.getParserPosition());
        }
        return new QueryText(parsed.text(), span == null ? parsed.position() : span, order);
    }

    private InsertTarget target(SqlInsert insert, SqlNode query) {
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
            columns = new ArrayList<>();
            for (SqlNode node : insert.getTargetColumnList()) {
                String column = ((SqlIdentifier) node).getSimple();
                Schema schema = table.sinkDefinition().schema();
                if (table.virtualColumns().contains(column)) {
                    throw new MillraceException(
                            ErrorCode.INSERT_MISMATCH,
                            "column \"" + column + "\" of table \"" + table.name() + "\" is VIRTUAL: it is read only",
                            Positions.span(node.getParserPosition()), "leave it out of the INSERT");
                }
                if (schema.indexOf(column) < 0) {
                    throw new MillraceException(
                            ErrorCode.COLUMN_NOT_FOUND, "column \"" + column + "\" not found",
                            Positions.span(node.getParserPosition()),
                            NearestName.hint(
                                    column, schema.columns().stream().map(Column::name).toList(),
                                    "columns of " + table.name()));
                }
                columns.add(column);
            }
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

    private PlannedStatement constants(SqlNode query) {
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
                cells.add(value(cell instanceof Literal literal ? literal : Constants.evaluate(cell, position)));
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
}
