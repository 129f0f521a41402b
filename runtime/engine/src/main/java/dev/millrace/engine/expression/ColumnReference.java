// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.type.SqlType;

/**
 * The value of a column.
 *
 * @param index index of the column in the batch
 * @param type the column's type
 */
public record ColumnReference(int index, SqlType type) implements Expression {
    @Override
    public String toString() {
        return "$" + index;
    }
}
