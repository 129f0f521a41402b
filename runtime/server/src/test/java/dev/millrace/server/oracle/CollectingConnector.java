// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A sink that keeps the rows of each table as lines of JSON. */
final class CollectingConnector implements SinkConnector {
    static final String NAME = "collecting";

    private final Map<String, StringBuilder> lines = new HashMap<>();
    private final Map<String, Long> rows = new HashMap<>();

    /** The rows that a table has got. */
    synchronized String lines(String table) {
        return lines.getOrDefault(table, new StringBuilder()).toString();
    }

    synchronized long rows(String table) {
        return rows.getOrDefault(table, 0L);
    }

    /** Waits until a table has got so many rows. */
    synchronized void awaitRows(String table, long count) throws InterruptedException {
        while (rows(table) < count) {
            wait();
        }
    }

    private synchronized void add(TableDefinition table, Batch batch) {
        JsonRowFormat format = new JsonRowFormat(table.schema());
        TextBuffer text = new TextBuffer();
        for (int i = 0; i < batch.size(); i++) {
            format.append(batch, batch.row(i), text);
        }
        lines.computeIfAbsent(table.name(), _ -> new StringBuilder())
                .append(new String(text.data(), 0, text.size(), StandardCharsets.UTF_8));
        rows.merge(table.name(), (long) batch.size(), Long::sum);
        notifyAll();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validateSink(TableDefinition table) {}

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.ANY;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return new Sink() {
            @Override
            public void write(Batch batch) {
                add(table, batch);
            }

            @Override
            public void flush() {}

            @Override
            public boolean isBlocking() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
