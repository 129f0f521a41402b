// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * All statements that have changed the catalog.
 *
 * @param statements in the order in which they were carried out
 */
record CatalogRecord(List<CatalogStatement> statements) {
    static final CatalogRecord EMPTY = new CatalogRecord(List.of());

    CatalogRecord {
        statements = List.copyOf(statements);
    }

    CatalogRecord after(CatalogEvent event) {
        return switch (event) {
            case CatalogEvent.Changed changed -> {
                List<CatalogStatement> more = new ArrayList<>(statements);
                more.add(changed.statement());
                yield new CatalogRecord(more);
            }
        };
    }
}
