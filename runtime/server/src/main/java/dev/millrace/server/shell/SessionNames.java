// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.catalog.CatalogView;
import dev.millrace.planner.validate.FunctionNames;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The names that a session knows.
 *
 * @param catalog gives the tables and views that there are now
 * @param jobs names of the jobs that run
 */
record SessionNames(Supplier<Catalog> catalog, Collection<String> jobs) implements Names {
    @Override
    public Collection<String> tables() {
        return catalog.get().names();
    }

    @Override
    public List<String> columns(String table) {
        return switch (catalog.get().find(table)) {
            case null -> List.of();
            case CatalogTable found -> found.columnNames();
            case CatalogView found -> found.columns();
        };
    }

    @Override
    public Collection<String> functions() {
        return FunctionNames.all();
    }
}
