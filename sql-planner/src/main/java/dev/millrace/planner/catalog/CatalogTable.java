// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.catalog;

import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;

/**
 * A table.
 *
 * @param definition the table as its connector sees it
 * @param columns the columns as queries see them, computed ones among them
 * @param stream whether it was made by CREATE STREAM
 * @param timeColumn index of the event-time column in {@code columns}, or -1
 * @param watermark the WATERMARK expression over the connector's columns, or null
 * @param watermarkText the expression as written, or null
 * @param statement the statement that made the table, as written
 */
public record CatalogTable(
        TableDefinition definition,
        List<CatalogColumn> columns,
        boolean stream,
        int timeColumn,
        Expression watermark,
        String watermarkText,
        String statement) implements CatalogEntry {

    public CatalogTable {
        columns = List.copyOf(columns);
    }

    @Override
    public String name() {
        return definition.name();
    }

    /** The names of the columns, in order. */
    public List<String> columnNames() {
        return columns.stream().map(CatalogColumn::name).toList();
    }
}
