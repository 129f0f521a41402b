// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.catalog;

import java.util.List;

/**
 * A named query. Kept as text, since validation changes trees.
 *
 * @param query the query as written
 * @param line line of the script on which the query starts
 * @param column column in which it starts
 * @param columns names of its columns
 * @param renamed whether the view names the columns itself
 */
public record CatalogView(String name, String query, int line, int column, List<String> columns,
        boolean renamed) implements CatalogEntry {
    public CatalogView {
        columns = List.copyOf(columns);
    }
}
