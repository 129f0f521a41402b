// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Reads a split as a reader does, and shows rows as {@code offset{…}} and bad records as {@code offset!reason}. */
final class ReadRows implements AutoCloseable {
    private static final long SECONDS_MAX = 20;
    private static final long PAUSE_NANOS = 2_000_000;

    final List<String> rows = new ArrayList<>();
    final List<BadRecord> bad = new ArrayList<>();
    private final Schema schema;
    private final SplitReader reader;
    private final int batchRows;
    private ReadStatus status;

    private ReadRows(Schema schema, SplitReader reader, int batchRows) {
        this.schema = schema;
        this.reader = reader;
        this.batchRows = batchRows;
    }

    static Source source(SourceConnector connector, TableDefinition table) {
        connector.validateSource(table);
        return connector.openSource(table, IntStream.range(0, table.schema().size()).boxed().toList());
    }

    static ReadRows open(Source source, TableDefinition table, Split split, long position, int batchRows) {
        return new ReadRows(table.schema(), source.open(split, position), batchRows);
    }

    /** All rows of all splits of a bounded table, split by split. */
    static List<String> all(SourceConnector connector, TableDefinition table) {
        Source source = source(connector, table);
        List<String> rows = new ArrayList<>();
        for (Split split : source.resolveSplits()) {
            try (ReadRows read = open(source, table, split, split.start(), Batch.ROWS)) {
                rows.addAll(read.toEnd());
            }
        }
        return rows;
    }

    /** One read. */
    ReadStatus read() {
        BatchBuilder builder = new BatchBuilder(schema, batchRows, new BatchArena());
        status = reader.read(builder);
        Batch batch = builder.build();
        JsonRowFormat format = new JsonRowFormat(schema);
        TextBuffer text = new TextBuffer();
        for (int i = 0; i < batch.size(); i++) {
            text.clear();
            format.append(batch, i, text);
            rows.add(batch.positions()[i] + text.toString().strip());
        }
        bad.addAll(builder.badRecords());
        return status;
    }

    List<String> toEnd() {
        until(() -> status == ReadStatus.END);
        return rows;
    }

    /** Reads until there are so many rows. */
    List<String> rows(int count) {
        until(() -> rows.size() >= count);
        return rows;
    }

    /** Reads until something holds. */
    void until(BooleanSupplier condition) {
        long end = System.nanoTime() + SECONDS_MAX * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not in " + SECONDS_MAX + " s; rows " + rows + ", bad " + bad + ", problem "
                                + reader.problem());
            }
            if (read() == ReadStatus.IDLE) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    String problem() {
        return reader.problem();
    }

    long position() {
        return reader.position();
    }

    @Override
    public void close() {
        reader.close();
    }
}
