// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.IdleTimeout;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.catalog.CatalogColumn;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.options.JobOptions;
import dev.millrace.planner.parser.ColumnDefinition;
import dev.millrace.planner.parser.OptionDefinition;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.PrimaryKeyDefinition;
import dev.millrace.planner.parser.SqlCreateTable;
import dev.millrace.planner.parser.TableElement;
import dev.millrace.planner.parser.WatermarkDefinition;
import dev.millrace.planner.translate.RowExpressions;
import dev.millrace.planner.validate.Validation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/** Makes a table of a CREATE TABLE: columns, types, computed columns, watermark, options. */
final class TableFactory {
    private final Connectors connectors;
    private final Catalog catalog;
    private final SqlCreateTable create;
    private final String name;
    private final String statement;

    private final List<Column> physical = new ArrayList<>();
    private final List<CatalogColumn> columns = new ArrayList<>();
    private final List<String> primaryKey = new ArrayList<>();
    private final Map<String, String> metadata = new HashMap<>();
    private final Set<String> virtual = new HashSet<>();
    private String connector;
    /** The WATERMARK that stands in WITH, or null. */
    private WatermarkDefinition byOptions;

    TableFactory(Connectors connectors, Catalog catalog, SqlCreateTable create, String statement) {
        this.connectors = connectors;
        this.catalog = catalog;
        this.create = create;
        this.statement = statement;
        this.name = create.name().names.getLast();
    }

    /** The table with the columns that a query gives it. */
    CatalogTable create(List<Column> ofQuery, List<OptionDefinition> ownOptions) {
        ofQuery.forEach(this::addPhysical);
        EventTimeOptions eventTime = new EventTimeOptions(ownOptions);
        byOptions = eventTime.watermark();
        TableDefinition definition =
                new TableDefinition(name, new Schema(physical), List.of(), options(eventTime.others()));
        validate(definition);
        return watermark(definition);
    }

    CatalogTable create() {
        EventTimeOptions eventTime = new EventTimeOptions(create.options());
        byOptions = eventTime.watermark();
        Map<String, String> options = options(eventTime.others());
        physicalColumns(options);
        connector = options.get("connector");
        for (TableElement element : create.elements()) {
            switch (element) {
                case ColumnDefinition column -> add(column);
                case PrimaryKeyDefinition key -> primaryKey(key);
                case WatermarkDefinition watermark -> {
                }
            }
        }
        TableDefinition definition =
                new TableDefinition(name, new Schema(physical), primaryKey, options, metadata);
        validate(definition);
        checkStateTtl(definition);
        return watermark(definition);
    }

    /** The time to live of state is a job's, but that of rows that are kept by key. */
    private void checkStateTtl(TableDefinition definition) {
        for (OptionDefinition option : create.options()) {
            if (!option.key().equals(StateTtl.OPTION) && !option.key().equals(StateTtl.REFRESH_OPTION)) {
                continue;
            }
            if (!connectors.canRead(connector()) || !connectors.source(definition).readsUpserts()) {
                throw new MillraceException(
                        ErrorCode.OPTION_INVALID,
                        "option '" + option.key() + "' says how long rows are kept by key, and those of table \"" + name
                                + "\" are not",
                        Positions.span(option.keyPosition()),
                        "SET '" + option.key() + "' = '" + option.value() + "' says it of what queries keep");
            }
            try {
                JobOptions.find(option.key()).parse(option.value());
            } catch (MillraceException e) {
                throw e.at(Positions.span(option.valuePosition()));
            }
        }
    }

    private static Map<String, String> options(List<OptionDefinition> given) {
        Map<String, String> options = new HashMap<>();
        for (OptionDefinition option : given) {
            if (options.put(option.key(), option.value()) != null) {
                throw new MillraceException(
                        ErrorCode.OPTION_INVALID, "option '" + option.key() + "' stands twice",
                        Positions.span(option.keyPosition()), null);
            }
        }
        return options;
    }

    /** The columns that the connector has by itself, where the statement names none. */
    private void physicalColumns(Map<String, String> options) {
        boolean named = create.elements().stream()
                .anyMatch(element -> element instanceof ColumnDefinition column && !column.isComputed());
        if (named) {
            return;
        }
        TableDefinition bare = new TableDefinition(name, Schema.of(), List.of(), options);
        String connector = options.get("connector");
        Schema fixed = connector != null && connectors.canRead(connector)
                ? atOptions(() -> connectors.source(bare).fixedSchema(options)) : Schema.of();
        if (fixed.size() == 0) {
            if (connector == null || !connectors.canRead(connector) && !connectors.canWrite(connector)) {
                atOptions(() -> connectors.source(bare));
            }
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "table \"" + name + "\" has no columns", nameSpan(),
                    "name them: CREATE TABLE " + name + " (id BIGINT, price DECIMAL(10, 2), ts TIMESTAMP(3)) WITH (…)");
        }
        fixed.columns().forEach(this::addPhysical);
    }

    private void addPhysical(Column column) {
        columns.add(new CatalogColumn(
                column.name(), column.type(), new ColumnReference(physical.size(), column.type())));
        physical.add(column);
    }

    private void add(ColumnDefinition column) {
        String columnName = column.name().getSimple();
        if (columns.stream().anyMatch(other -> other.name().equals(columnName))) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "column \"" + columnName + "\" stands twice",
                    Positions.span(column.name().getParserPosition()), null);
        }
        if (column.isComputed()) {
            Expression value = expression(column.expression());
            columns.add(new CatalogColumn(columnName, value.type(), value));
            return;
        }
        SqlType type = new Validation(catalog).type(column.type(), column.nullable() && !column.primaryKey());
        addPhysical(new Column(columnName, type));
        if (column.metadata()) {
            metadata(column);
        }
        if (column.primaryKey()) {
            primaryKey.add(columnName);
        }
    }

    private void metadata(ColumnDefinition column) {
        String columnName = column.name().getSimple();
        String key = column.metadataKey() == null ? columnName : column.metadataKey();
        TableDefinition bare = new TableDefinition(name, Schema.of(), List.of(), Map.of("connector", connector()));
        Set<String> known = new TreeSet<>();
        if (connectors.canRead(connector())) {
            known.addAll(connectors.source(bare).readableMetadata());
        }
        if (connectors.canWrite(connector()) && !column.virtual()) {
            known.addAll(connectors.sink(bare).writableMetadata());
        }
        if (!known.contains(key)) {
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID,
                    "metadata '" + key + "' of column \"" + columnName + "\" is not known"
                            + (known.isEmpty() ? ": connector '" + connector() + "' has none" : ""),
                    Positions.span(column.name().getParserPosition()),
                    known.isEmpty() ? "leave METADATA out where the column stands in the records"
                            : NearestName.hint(key, known, "metadata of connector '" + connector() + "'"));
        }
        metadata.put(columnName, key);
        if (column.virtual()) {
            virtual.add(columnName);
        }
    }

    /** The connector; an error if the table names none that there is. */
    private String connector() {
        if (connector == null || !connectors.canRead(connector) && !connectors.canWrite(connector)) {
            Map<String, String> options = options(create.options());
            atOptions(() -> connectors.source(new TableDefinition(name, Schema.of(), List.of(), options)));
        }
        return connector;
    }

    private Expression expression(SqlNode node) {
        List<Column> visible = columns.stream().map(column -> new Column(column.name(), column.type())).toList();
        return RowExpressions.of(
                new Validation(catalog).convert(node, name, visible),
                columns.stream().map(CatalogColumn::value).toList());
    }

    private void primaryKey(PrimaryKeyDefinition key) {
        if (key.enforced()) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "Millrace does not check keys of tables that others write as well",
                    Positions.span(key.position()), "say PRIMARY KEY (…) NOT ENFORCED");
        }
        for (SqlNode node : key.columns()) {
            String column = ((SqlIdentifier) node).getSimple();
            if (physical.stream().noneMatch(other -> other.name().equals(column))) {
                throw columnNotFound(column, Positions.span(node.getParserPosition()));
            }
            if (metadata.containsKey(column)) {
                throw new MillraceException(
                        ErrorCode.INVALID_QUERY, "column \"" + column + "\" is METADATA and can't be part of a key",
                        Positions.span(node.getParserPosition()), "take columns that stand in the records");
            }
            primaryKey.add(column);
        }
    }

    private CatalogTable watermark(TableDefinition definition) {
        WatermarkDefinition watermark = byOptions;
        for (TableElement element : create.elements()) {
            if (element instanceof WatermarkDefinition found) {
                if (watermark != null) {
                    throw new MillraceException(
                            ErrorCode.WATERMARK_INVALID, "a table has one WATERMARK",
                            Positions.span(found.column().getParserPosition()), null);
                }
                watermark = found;
            }
        }
        checkIdleTimeout(watermark != null);
        if (watermark == null) {
            return new CatalogTable(definition, columns, create.stream(), -1, null, null, virtual, statement);
        }
        String column = watermark.column().getSimple();
        SourceSpan place = Positions.span(watermark.column().getParserPosition());
        int index = -1;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                index = i;
            }
        }
        if (index < 0) {
            throw columnNotFound(column, place);
        }
        SqlType type = columns.get(index).type();
        if (!type.kind().isTimestamp()) {
            throw new MillraceException(
                    ErrorCode.WATERMARK_INVALID, "column \"" + column + "\" is " + type.withNullable(true)
                            + "; a WATERMARK stands on a TIMESTAMP",
                    place, type.kind().isInteger()
                            ? "declare it as TIMESTAMP(3): JSON and CSV read milliseconds since 1970 as well"
                            : "make one of it: t AS TO_TIMESTAMP(" + column + "), WATERMARK FOR t AS t");
        }
        Expression expression = expression(watermark.expression());
        if (expression.type().kind() != type.kind()) {
            throw new MillraceException(
                    ErrorCode.WATERMARK_INVALID,
                    "the WATERMARK is " + expression.type().withNullable(true) + ", column \""
                            + column + "\" is " + type.withNullable(true),
                    Positions.span(watermark.expression().getParserPosition()),
                    "WATERMARK FOR " + column + " AS " + column + " - INTERVAL '5' SECOND");
        }
        return new CatalogTable(
                definition, columns, create.stream(), index, expression,
                watermark.expression().toString().replace("`", ""), virtual, statement);
    }

    private void checkIdleTimeout(boolean timed) {
        for (OptionDefinition option : create.options()) {
            if (!option.key().equals(IdleTimeout.OPTION)) {
                continue;
            }
            if (Durations.millis(option.value()).isEmpty()) {
                throw new MillraceException(
                        ErrorCode.OPTION_INVALID,
                        "'" + option.value() + "' is not a value of option '" + option.key() + "'",
                        Positions.span(option.valuePosition()), "it takes: a duration, such as '30 s'");
            }
            if (!timed) {
                throw new MillraceException(
                        ErrorCode.OPTION_INVALID,
                        "option '" + option.key() + "' says how long a WATERMARK waits, and table \"" + name
                                + "\" has none",
                        Positions.span(option.keyPosition()),
                        "leave it out, or add: WATERMARK FOR t AS t - INTERVAL '5' SECOND");
            }
        }
    }

    /** Options are checked now where the connector has one side only; with two it depends on the use. */
    private void validate(TableDefinition definition) {
        String connector = definition.connector();
        boolean reads = connector != null && connectors.canRead(connector);
        boolean writes = connector != null && connectors.canWrite(connector);
        atOptions(() -> {
            if (reads) {
                try {
                    connectors.source(definition).validateSource(definition);
                } catch (MillraceException e) {
                    if (!writes || !acceptsAsSink(definition)) {
                        throw e;
                    }
                }
            } else {
                connectors.sink(definition).validateSink(CatalogTable.sinkDefinition(definition, virtual));
            }
            return null;
        });
    }

    private boolean acceptsAsSink(TableDefinition definition) {
        try {
            connectors.sink(definition).validateSink(CatalogTable.sinkDefinition(definition, virtual));
            return true;
        } catch (MillraceException e) {
            return false;
        }
    }

    /** Runs a check of options; its error gets the place of the option that it names. */
    private <T> T atOptions(Supplier<T> check) {
        try {
            return check.get();
        } catch (MillraceException e) {
            for (OptionDefinition option : create.options()) {
                if (e.getMessage().contains("'" + option.key() + "'")) {
                    throw e.at(Positions.span(option.keyPosition()));
                }
                if (!option.value().isEmpty() && e.getMessage().contains("'" + option.value() + "'")) {
                    throw e.at(Positions.span(option.valuePosition()));
                }
            }
            for (TableElement element : create.elements()) {
                if (element instanceof ColumnDefinition column
                        && e.getMessage().contains("column \"" + column.name().getSimple() + "\"")) {
                    throw e.at(Positions.span(column.name().getParserPosition()));
                }
            }
            throw e.at(nameSpan());
        }
    }

    private MillraceException columnNotFound(String column, SourceSpan place) {
        return new MillraceException(
                ErrorCode.COLUMN_NOT_FOUND, "column \"" + column + "\" not found", place,
                NearestName.hint(column, columns.stream().map(CatalogColumn::name).toList(), "columns of " + name));
    }

    private SourceSpan nameSpan() {
        return Positions.span(create.name().getParserPosition());
    }
}
