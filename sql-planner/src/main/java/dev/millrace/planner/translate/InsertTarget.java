// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.planner.catalog.CatalogTable;
import java.util.List;

/**
 * The table of an INSERT.
 *
 * @param columns names of the columns that the query fills, in its order; null for all
 * @param position where the table is named
 * @param queryPosition where the query's columns stand
 * @param itemPositions where each column of the query stands; empty where that is not known
 */
public record InsertTarget(
        CatalogTable table,
        List<String> columns,
        SourceSpan position,
        SourceSpan queryPosition,
        List<SourceSpan> itemPositions) {
    /** The table as its connector sees it when it is written. */
    TableDefinition definition() {
        return table.sinkDefinition();
    }
}
