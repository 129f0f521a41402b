// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.catalog;

import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table.
 *
 * @param definition the table as its connector sees it
 * @param columns the columns as queries see them, computed ones among them
 * @param stream whether it was made by CREATE STREAM
 * @param timeColumn index of the event-time column in {@code columns}, or -1
 * @param watermark the WATERMARK expression over the connector's columns, or null
 * @param watermarkText the expression as written, or null
 * @param virtualColumns names of the METADATA columns that are read only
 * @param statement the statement that made the table, as written
 */
public record CatalogTable(
        TableDefinition definition,
        List<CatalogColumn> columns,
        boolean stream,
        int timeColumn,
        Expression watermark,
        String watermarkText,
        Set<String> virtualColumns,
        String statement) implements CatalogEntry {

    public CatalogTable {
        columns = List.copyOf(columns);
        virtualColumns = Set.copyOf(virtualColumns);
    }

    @Override
    public String name() {
        return definition.name();
    }

    /** The table as its connector sees it when it is written. */
    public TableDefinition sinkDefinition() {
        return sinkDefinition(definition, virtualColumns);
    }

    /** The table without its columns that are read only. */
    public static TableDefinition sinkDefinition(TableDefinition table, Set<String> virtualColumns) {
        if (virtualColumns.isEmpty()) {
            return table;
        }
        Map<String, String> metadata = new HashMap<>(table.metadata());
        metadata.keySet().removeAll(virtualColumns);
        List<Column> columns = table.schema().columns().stream()
                .filter(column -> !virtualColumns.contains(column.name())).toList();
        return new TableDefinition(
                table.name(), new Schema(columns), table.primaryKey(), table.options(), metadata);
    }

    /** The names of the columns, in order. */
    public List<String> columnNames() {
        return columns.stream().map(CatalogColumn::name).toList();
    }
}
