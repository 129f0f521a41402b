// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;

/**
 * Writes the rows of one partition, each at least once: as many as a statement takes, and the rest at the end of every
 * epoch. A database that is away holds it up for as long as it takes.
 */
final class JdbcSink implements Sink {
    private final Transactions transactions;
    private final TableWriter writer;

    JdbcSink(Transactions transactions, TableWriter writer) {
        this.transactions = transactions;
        this.writer = writer;
    }

    @Override
    public void write(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            writer.buffer().add(batch, batch.row(i));
            if (writer.isFull()) {
                flush();
            }
        }
    }

    @Override
    public void flush() {
        if (writer.buffer().size() > 0) {
            transactions.run(connection -> {
                writer.write(connection);
                return null;
            });
            writer.buffer().clear();
        }
    }

    @Override
    public boolean isBlocking() {
        return true;
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
}
