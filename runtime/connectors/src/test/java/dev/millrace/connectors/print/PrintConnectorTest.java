// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrintConnectorTest {
    private static final Schema SCHEMA = Schema.of(new Column("n", SqlType.BIGINT));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintConnector connector = new PrintConnector(new PrintStream(out), new PrintStream(err));

    @Test
    void shouldPrintSelectedRowsWithTheirKinds() {
        try (Sink sink = connector.openSink(table(Map.of()), 0)) {
            sink.write(batch());
            sink.flush();
        }
        assertEquals("+I[0]\n-D[2]\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldPrintTheIdentifierBeforeEveryLineOnStandardError() {
        Map<String, String> options = Map.of("print-identifier", "a", "standard-error", "true");
        try (Sink sink = connector.openSink(table(options), 0)) {
            sink.write(batch());
            sink.flush();
        }
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals("a> +I[0]\na> -D[2]\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldFailWhenTheOutputIsClosed() {
        PrintStream closed = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        Sink sink = new PrintConnector(closed, closed).openSink(table(Map.of()), 0);
        sink.write(batch());
        assertEquals(ErrorCode.SINK_GONE, assertThrows(MillraceException.class, sink::flush).code());
    }

    @Test
    void shouldTakeAnyChangesAndRefuseUnknownOptions() {
        assertEquals(SinkChanges.ANY, connector.changes(table(Map.of())));
        connector.validateSink(table(Map.of("sink.parallelism", "2")));
        TableDefinition wrong = table(Map.of("print-identifer", "x"));
        MillraceException e = assertThrows(MillraceException.class, () -> connector.validateSink(wrong));
        assertEquals(ErrorCode.OPTION_UNKNOWN, e.code());
        assertTrue(e.hint().startsWith("did you mean \"print-identifier\"?"));
    }

    @Test
    void shouldSwallowRowsInTheBlackhole() {
        Connectors connectors = BuiltInConnectors.create(new PrintStream(out));
        TableDefinition table = new TableDefinition("t", SCHEMA, List.of(), Map.of("connector", "blackhole"));
        connectors.sink(table).validateSink(table);
        try (Sink sink = connectors.sink(table).openSink(table, 0)) {
            sink.write(batch());
            sink.flush();
        }
        assertEquals(0, out.size());
        assertTrue(connectors.canRead("workload") && connectors.canWrite("print"));
    }

    private static Batch batch() {
        LongVector numbers = new LongVector(3);
        numbers.set(1, 1);
        numbers.set(2, 2);
        byte[] kinds = {RowKind.INSERT.code(), RowKind.INSERT.code(), RowKind.DELETE.code()};
        return Batch.of(new Vector[] {numbers}, 3).withKinds(kinds).withSelection(new int[] {0, 2}, 2);
    }

    private static TableDefinition table(Map<String, String> options) {
        return new TableDefinition("t", SCHEMA, List.of(), options);
    }
}
