// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.catalog;

import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.type.SqlType;

/**
 * A column of a table as queries see it.
 *
 * @param name the name, case-sensitive
 * @param type the type
 * @param value what gives the value, over the columns that the connector reads: a reference for a stored column
 */
public record CatalogColumn(String name, SqlType type, Expression value) {

    /** Whether the connector does not know the column. */
    public boolean isComputed() {
        return !(value instanceof ColumnReference);
    }
}
