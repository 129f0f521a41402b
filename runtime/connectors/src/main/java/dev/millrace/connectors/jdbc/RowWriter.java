// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.plan.TableDefinition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * Writes the changes of a buffer: all new rows by one statement, all rows that leave by another. A statement gets an array
 * for every column, so its text is the same for any number of rows, and the database plans it once.
 */
final class RowWriter {
    private final RowBuffer buffer;
    private final int[] allColumns;
    private final String insertSql;
    private final String deleteSql;

    RowWriter(TableDefinition table, TargetTable target, RowBuffer buffer) {
        this.buffer = buffer;
        allColumns = IntStream.range(0, buffer.columns().length).toArray();
        insertSql = insertSql(target);
        deleteSql = table.primaryKey().isEmpty() ? null : deleteSql(target);
    }

    private String insertSql(TargetTable target) {
        StringJoiner names = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        for (int c : allColumns) {
            TargetColumn column = target.columns().get(c);
            names.add(TableName.quote(column.name()));
            // Assignment fails where a text is too long, a cast would cut it. To types other than text it needs one.
            boolean isOtherText = buffer.columns()[c].elementType().equals("text") && !column.isText();
            values.add("c" + c + (isOtherText ? "::" + column.cast() : ""));
        }
        String insert = "INSERT INTO " + target.name().sql() + " (" + names + ") SELECT " + values + " FROM "
                + rows(allColumns);
        return insert + onConflict(target);
    }

    private String onConflict(TargetTable target) {
        int[] keyColumns = buffer.keyColumns();
        if (keyColumns.length == 0) {
            return "";
        }
        StringJoiner key = new StringJoiner(", ", " ON CONFLICT (", ")");
        for (int c : keyColumns) {
            key.add(TableName.quote(target.columns().get(c).name()));
        }
        StringJoiner sets = new StringJoiner(", ", " DO UPDATE SET ", "").setEmptyValue(" DO NOTHING");
        for (int c : allColumns) {
            if (!isKey(c)) {
                String name = TableName.quote(target.columns().get(c).name());
                sets.add(name + " = EXCLUDED." + name);
            }
        }
        return key.toString() + sets;
    }

    private boolean isKey(int column) {
        for (int c : buffer.keyColumns()) {
            if (c == column) {
                return true;
            }
        }
        return false;
    }

    private String deleteSql(TargetTable target) {
        StringJoiner same = new StringJoiner(" AND ");
        for (int c : buffer.keyColumns()) {
            TargetColumn column = target.columns().get(c);
            // Of the column's own type, so that its index serves.
            same.add("t." + TableName.quote(column.name()) + " = r.c" + c + "::" + column.cast());
        }
        return "DELETE FROM " + target.name().sql() + " AS t USING " + rows(buffer.keyColumns()) + " WHERE " + same;
    }

    private String rows(int[] columns) {
        StringJoiner arrays = new StringJoiner(", ", "unnest(", ")");
        StringJoiner names = new StringJoiner(", ", " AS r(", ")");
        for (int c : columns) {
            arrays.add("?::" + buffer.columns()[c].elementType() + "[]");
            names.add("c" + c);
        }
        return arrays.toString() + names;
    }

    /** Writes all changes, within the connection's transaction. */
    void write(Connection connection) throws SQLException {
        List<RowBuffer.Change> changes = buffer.changes();
        execute(connection, insertSql, allColumns, changes.stream().filter(change -> !change.takesBack()).toList());
        execute(
                connection,
                deleteSql,
                buffer.keyColumns(),
                changes.stream().filter(RowBuffer.Change::takesBack).toList());
    }

    /** Writes all changes one after the other: what keys the database takes for equal is its own matter. */
    void writeSingly(Connection connection) throws SQLException {
        for (RowBuffer.Change change : buffer.changes()) {
            if (change.takesBack()) {
                execute(connection, deleteSql, buffer.keyColumns(), List.of(change));
            } else {
                execute(connection, insertSql, allColumns, List.of(change));
            }
        }
    }

    private void execute(Connection connection, String sql, int[] columns, List<RowBuffer.Change> changes)
            throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.length; i++) {
                ColumnValues column = buffer.columns()[columns[i]];
                Object[] values = column.newArray(changes.size());
                for (int row = 0; row < values.length; row++) {
                    values[row] = changes.get(row).values()[columns[i]];
                }
                statement.setArray(i + 1, connection.createArrayOf(column.elementType(), values));
            }
            statement.executeUpdate();
        }
    }
}
