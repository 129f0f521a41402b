// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.plan.TableDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/** Writes the rows of one sink, within transactions of others. Belongs to one sink. */
final class TableWriter {
    /** About how many bytes of values one statement takes. */
    private static final long BYTES_MAX = 8L << 20;

    private final TableDefinition table;
    private final JdbcSettings settings;
    private final RowBuffer buffer;
    private final int rowsMax;
    private TargetTable target;
    private RowWriter writer;

    TableWriter(TableDefinition table, JdbcSettings settings) {
        this.table = table;
        this.settings = settings;
        buffer = new RowBuffer(table);
        rowsMax = JdbcOption.rowsMax(table);
    }

    RowBuffer buffer() {
        return buffer;
    }

    /** Whether the buffer should be written before it takes more. */
    boolean isFull() {
        return buffer.size() >= rowsMax || buffer.bytes() >= BYTES_MAX;
    }

    /** The table in the database, as it was found when it was first asked for. */
    TargetTable target(Connection connection) throws SQLException {
        if (target == null) {
            target = TargetTable.read(connection, table, settings);
            writer = new RowWriter(table, target, buffer);
        }
        return target;
    }

    /** Writes what the buffer holds, and leaves it there. */
    void write(Connection connection) throws SQLException {
        if (buffer.size() == 0) {
            return;
        }
        target(connection);
        if (buffer.keyColumns().length == 0) {
            writer.write(connection);
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            writer.write(connection);
        } catch (SQLException e) {
            if (!JdbcErrors.state(e).equals(JdbcErrors.SAME_ROW_TWICE)) {
                throw e;
            }
            // Keys that differ here and are equal there, such as texts of a case-insensitive type.
            connection.rollback(before);
            writer.writeSingly(connection);
        }
        connection.releaseSavepoint(before);
    }
}
