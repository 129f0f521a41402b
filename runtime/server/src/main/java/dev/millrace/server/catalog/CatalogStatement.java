// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import java.util.Map;

/**
 * A statement that has changed the catalog.
 *
 * @param sql the statement as written
 * @param options the options that were set then
 */
public record CatalogStatement(String sql, Map<String, String> options) {
    public CatalogStatement {
        options = Map.copyOf(options);
    }
}
