// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/**
 * A column of CREATE TABLE.
 *
 * @param type the declared type, null for a computed column
 * @param expression what computes the column, null for one that is stored
 * @param metadataKey the connector's name of the metadata, null if it is the column's own name
 * @param comment null if there is none
 */
public record ColumnDefinition(SqlIdentifier name, SqlDataTypeSpec type, boolean nullable, SqlNode expression,
        boolean metadata, String metadataKey, boolean virtual, boolean primaryKey,
        String comment) implements TableElement {

    public boolean isComputed() {
        return expression != null;
    }
}
