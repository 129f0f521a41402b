// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.MillraceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes the rows of epochs, each exactly once: they and the marker are one transaction. If its commit is not answered,
 * the marker tells whether it went through, because nobody but this sink moves it as long as its incarnation has the say.
 */
final class JdbcEpochSink implements EpochSink {
    private final Transactions transactions;
    private final TableWriter writer;
    private final TableName markerTable;
    private final EpochOwner owner;
    private EpochMarkers markers;

    JdbcEpochSink(Transactions transactions, TableWriter writer, TableName markerTable, EpochOwner owner) {
        this.transactions = transactions;
        this.writer = writer;
        this.markerTable = markerTable;
        this.owner = owner;
    }

    @Override
    public long open() {
        transactions.run(connection -> {
            // Beside the table of the rows, unless it has a place of its own.
            markers = new EpochMarkers(markerTable.in(writer.target(connection).name().schema()), owner);
            markers.create(connection);
            return null;
        });
        return transactions.run(markers::claim);
    }

    @Override
    public void release(long epoch, List<Batch> rows) {
        if (markers == null) {
            throw new IllegalStateException("released before it was opened");
        }
        transactions.run(connection -> {
            // First, so that whoever claims meanwhile waits for the rows.
            if (markers.move(connection, epoch)) {
                writer.buffer().clear();
                write(connection, rows);
            }
            return null;
        });
        writer.buffer().clear();
    }

    private void write(Connection connection, List<Batch> rows) throws SQLException {
        for (Batch batch : rows) {
            for (int i = 0; i < batch.size(); i++) {
                writer.buffer().add(batch, batch.row(i));
                if (writer.isFull()) {
                    writer.write(connection);
                    writer.buffer().clear();
                }
            }
        }
        writer.write(connection);
    }

    @Override
    public String problem() {
        return transactions.problem();
    }

    @Override
    public void giveUp() {
        transactions.giveUp();
    }

    @Override
    public void close() {
        transactions.close();
    }

    @Override
    public void retire() {
        if (markers == null) {
            return;
        }
        try (transactions) {
            transactions.run(connection -> {
                markers.remove(connection);
                return null;
            });
        } catch (MillraceException e) {
            // All rows are where they belong: a job must not fail for what harms nobody.
        }
    }
}
