// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;

/**
 * The connector {@code jdbc}: writes to a table of PostgreSQL. A table without PRIMARY KEY is appended to; with one, the
 * newest row of a key is its row there, and rows that leave the result are deleted.
 *
 * <p>Options: {@code url}, {@code table-name}, {@code username}, {@code password}, {@code sink.buffer-flush.max-rows},
 * {@code sink.epoch-table}.
 */
public final class JdbcConnector implements SinkConnector {
    private final Database.Directory databases = new Database.Directory();

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public void validateSink(TableDefinition table) {
        JdbcOption.check(table);
        JdbcSettings.of(table);
        for (Column column : table.schema().columns()) {
            if (!ColumnValues.isSupported(column.type())) {
                throw new MillraceException(
                        ErrorCode.TYPE_NOT_SUPPORTED,
                        "column \"" + column.name() + "\" of table \"" + table.name() + "\" is " + column.type()
                                + ": PostgreSQL has no digits behind the microseconds",
                        "declare it " + column.type().kind() + "(6)");
            }
        }
    }

    @Override
    public void checkTarget(TableDefinition table) {
        JdbcSettings settings = JdbcSettings.of(table);
        try (Connection connection = settings.connectToCheck()) {
            TargetTable.read(connection, table, settings);
        } catch (SQLException e) {
            throw JdbcErrors.of(e, settings, use(table));
        }
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return table.primaryKey().isEmpty() ? SinkChanges.APPEND : SinkChanges.UPSERT_DELETE;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        JdbcSettings settings = JdbcSettings.of(table);
        return new JdbcSink(transactions(table, settings), new TableWriter(table, settings));
    }

    @Override
    public boolean takesEpochs(TableDefinition table) {
        return true;
    }

    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        JdbcSettings settings = JdbcSettings.of(table);
        return new JdbcEpochSink(
                transactions(table, settings), new TableWriter(table, settings), JdbcOption.epochTable(table), owner);
    }

    private Transactions transactions(TableDefinition table, JdbcSettings settings) {
        return new Transactions(databases, settings, use(table), InstantSource.system());
    }

    private static String use(TableDefinition table) {
        return "table \"" + table.name() + "\"";
    }
}
