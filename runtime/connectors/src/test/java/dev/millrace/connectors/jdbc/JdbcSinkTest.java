// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.SinkRows;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import dev.millrace.testing.PostgresServer;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class JdbcSinkTest {
    private static PostgresServer server;

    private final JdbcConnector connector = new JdbcConnector();

    @BeforeAll
    static void start() {
        server = PostgresServer.shared();
    }

    private Sink open(TableDefinition table) {
        connector.validateSink(table);
        connector.checkTarget(table);
        return connector.openSink(table, 0);
    }

    private void write(TableDefinition table, SinkRows rows) {
        try (Sink sink = open(table)) {
            sink.write(rows.batch());
            sink.flush();
        }
    }

    /** A new table of the columns symbol and amount. */
    private static String newAmounts(String more) {
        String name = JdbcTable.newName("amounts");
        server.execute("CREATE TABLE " + name + " (symbol text, amount bigint" + more + ")");
        return name;
    }

    @Test
    void shouldAppendEveryRowWhereThereIsNoKey() {
        String name = newAmounts("");
        TableDefinition table = JdbcTable.amounts(server, name).make();
        write(table, new SinkRows(table).add("a", 1).change(RowKind.UPDATE_AFTER, "a", 2).add("käse", null)
                .add(null, 1));

        assertEquals(
                List.of("a|1", "a|2", "käse|null", "null|1"),
                server.query("SELECT * FROM " + name + " ORDER BY symbol, amount"));
    }

    @Test
    void shouldKeepTheNewestRowOfEveryKeyAndDeleteWhatLeaves() {
        String name = newAmounts(", PRIMARY KEY (symbol)");
        TableDefinition table = JdbcTable.amounts(server, name).key("symbol").make();
        try (Sink sink = open(table)) {
            sink.write(new SinkRows(table).add("a", 1).add("b", 1).add("c", 1).add("a", 2).batch());
            sink.flush();
            assertEquals(List.of("a|2", "b|1", "c|1"), server.query("SELECT * FROM " + name + " ORDER BY 1"));
            sink.write(
                    new SinkRows(table)
                            .change(RowKind.DELETE, "a", 2)
                            .change(RowKind.UPDATE_BEFORE, "b", 1)
                            .change(RowKind.UPDATE_AFTER, "b", 3)
                            .add("d", 1)
                            .change(RowKind.DELETE, "d", 1)
                            .change(RowKind.DELETE, "never there", 1)
                            .batch());
            sink.flush();
        }
        assertEquals(List.of("b|3", "c|1"), server.query("SELECT * FROM " + name + " ORDER BY 1"));
    }

    @Test
    void shouldLeaveColumnsAloneThatTheTableDoesNotHave() {
        String name = newAmounts(", seen timestamptz NOT NULL DEFAULT now(), note text, PRIMARY KEY (symbol)");
        server.execute("INSERT INTO " + name + " (symbol, amount, note) VALUES ('a', 1, 'kept')");
        TableDefinition table = JdbcTable.amounts(server, name).key("symbol").make();
        write(table, new SinkRows(table).add("a", 2));

        assertEquals(List.of("a|2|kept"), server.query("SELECT symbol, amount, note FROM " + name));
    }

    @Test
    void shouldUpsertRowsOfNothingButAKey() {
        String name = JdbcTable.newName("keys");
        server.execute("CREATE TABLE " + name + " (a text, b int, PRIMARY KEY (b, a))");
        TableDefinition table = JdbcTable.of(server, name)
                .column("a", SqlType.STRING)
                .column("b", SqlType.BIGINT.withNullable(false))
                .key("a", "b")
                .make();
        MillraceException e = assertThrows(MillraceException.class, () -> connector.checkTarget(table));
        assertEquals(ErrorCode.INSERT_MISMATCH, e.code());

        TableDefinition narrow =
                JdbcTable.of(server, name).column("a", SqlType.STRING).column("b", SqlType.INTEGER).key("a", "b")
                        .make();
        write(narrow, new SinkRows(narrow).add("x", 1).add("x", 2).add("x", 1).change(RowKind.DELETE, "x", 2));
        write(narrow, new SinkRows(narrow).add("x", 1));
        assertEquals(List.of("x|1"), server.query("SELECT * FROM " + name));
    }

    @Test
    void shouldWriteAllTypes() {
        String name = JdbcTable.newName("types");
        server.execute(
                "CREATE TABLE " + name + " (flag boolean, tiny smallint, small smallint, number int, large bigint,"
                        + " single real, double double precision, money numeric(10, 2), huge numeric(38, 9),"
                        + " fixed char(3), short varchar(5), long text, bytes bytea, day date, clock time(3),"
                        + " at timestamp(3), exact timestamp(6), point timestamptz(3), months interval, time interval)");
        TableDefinition table = JdbcTable.of(server, name)
                .column("flag", SqlType.BOOLEAN)
                .column("tiny", SqlType.TINYINT)
                .column("small", SqlType.SMALLINT)
                .column("number", SqlType.INTEGER)
                .column("large", SqlType.BIGINT)
                .column("single", SqlType.FLOAT)
                .column("double", SqlType.DOUBLE)
                .column("money", SqlType.decimal(10, 2))
                .column("huge", SqlType.decimal(38, 9))
                .column("fixed", new SqlType(TypeKind.CHAR, 3, 0, true))
                .column("short", new SqlType(TypeKind.VARCHAR, 5, 0, true))
                .column("long", SqlType.STRING)
                .column("bytes", SqlType.BYTES)
                .column("day", SqlType.DATE)
                .column("clock", SqlType.time(3))
                .column("at", SqlType.timestamp(3))
                .column("exact", SqlType.timestamp(6))
                .column("point", SqlType.timestampLtz(3))
                .column("months", SqlType.INTERVAL_MONTH)
                .column("time", SqlType.INTERVAL_MILLIS)
                .make();
        byte[] bytes = HexFormat.of().parseHex("00ff7f80");
        write(
                table,
                new SinkRows(table)
                        .add(true, -128, Short.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE, 0.1f, 0.1, -12_345,
                                new BigInteger("-12345678901234567890123456789012345678"), "abc", "käse€",
                                "\"{},\\ 'NULL\n", bytes, 20_454, 86_399_999, 1_767_225_600_123L,
                                1_767_225_600_123_456L, 1_767_225_600_123L, 18, 93_784_567)
                        .add(false, 127, Short.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE,
                                Double.POSITIVE_INFINITY, Double.NaN, 5, BigInteger.ONE, "", "", "", new byte[0],
                                -719_529, 0, -62_135_596_800_001L, -1, -1, -18, -93_784_567)
                        .add(new Object[20]));

        String columns = "flag, tiny, small, number, large, single, double, money, huge, fixed, short, long,"
                + " encode(bytes, 'hex'), day, clock, at, exact, point AT TIME ZONE 'UTC',"
                + " months = interval '18 months', time = interval '1 day 02:03:04.567',"
                + " months = interval '-18 months', time = interval '-1 day -02:03:04.567'";
        assertEquals(
                List.of(
                        "t|-128|-32768|-2147483648|-9223372036854775808|0.1|0.1|-123.45|"
                                + "-12345678901234567890123456789.012345678|abc|käse€|\"{},\\ 'NULL\n|00ff7f80|"
                                + "2026-01-01|23:59:59.999|2026-01-01 00:00:00.123|2026-01-01 00:00:00.123456|"
                                + "2026-01-01 00:00:00.123|t|t|f|f",
                        "f|127|32767|2147483647|9223372036854775807|Infinity|NaN|0.05|0.000000001|   ||||"
                                + "0002-12-31 BC|00:00:00|0001-12-31 23:59:59.999 BC|1969-12-31 23:59:59.999999|"
                                + "1969-12-31 23:59:59.999|f|f|t|t",
                        "null|".repeat(21) + "null"),
                server.query("SELECT " + columns + " FROM " + name + " ORDER BY number NULLS LAST"));
    }

    @Test
    void shouldGiveTextToTypesThatAreMadeOfIt() {
        String name = JdbcTable.newName("texts");
        String mood = JdbcTable.newName("Mood");
        server.execute(
                "CREATE TYPE \"" + mood + "\" AS ENUM ('good', 'bad')",
                "CREATE TABLE " + name + " (\"Id\" uuid PRIMARY KEY, body jsonb, mood \"" + mood + "\", code char(4))");
        TableDefinition table = JdbcTable.of(server, "public." + name)
                .column("ID", SqlType.STRING)
                .column("body", SqlType.STRING)
                .column("mood", SqlType.STRING)
                .column("code", SqlType.STRING)
                .key("ID")
                .make();
        String id = "00000000-0000-0000-0000-00000000000a";
        // The same key, written in two ways.
        write(table, new SinkRows(table).add(id, "{\"a\": 1}", "good", "x").add(id.toUpperCase(), null, "bad", "yy"));
        assertEquals(List.of(id + "|null|bad|yy  "), server.query("SELECT * FROM " + name));
        write(table, new SinkRows(table).change(RowKind.DELETE, id, null, null, null));
        assertEquals(List.of(), server.query("SELECT * FROM " + name));
    }

    @Test
    void shouldFailWithTheReasonWhenRowsAreRefused() {
        String name = newAmounts(" CHECK (amount > 0)");
        TableDefinition table = JdbcTable.amounts(server, name).make();
        MillraceException e =
                assertThrows(MillraceException.class, () -> write(table, new SinkRows(table).add("a", 1).add("b", 0)));
        assertEquals(ErrorCode.SINK_FAILED, e.code());
        assertTrue(e.getMessage().contains("amount_check"), e.getMessage());
        assertEquals(List.of(), server.query("SELECT * FROM " + name));
    }

    @Test
    void shouldEqualAMapAfterManyChanges() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String name = newAmounts(", PRIMARY KEY (symbol)");
        TableDefinition table =
                JdbcTable.amounts(server, name).key("symbol").with("sink.buffer-flush.max-rows", "700").make();
        TreeMap<String, Long> expected = new TreeMap<>();
        try (Sink sink = open(table)) {
            for (int batch = 0; batch < 10; batch++) {
                SinkRows rows = new SinkRows(table);
                for (int i = 0; i < 1_000; i++) {
                    String key = "k" + random.nextInt(2_000);
                    long value = random.nextLong();
                    if (random.nextInt(3) == 0) {
                        rows.change(RowKind.DELETE, key, value);
                        expected.remove(key);
                    } else {
                        rows.change(RowKind.UPDATE_AFTER, key, value);
                        expected.put(key, value);
                    }
                }
                sink.write(rows.batch());
            }
            sink.flush();
        }
        List<String> wanted = new ArrayList<>();
        expected.forEach((key, value) -> wanted.add(key + "|" + value));
        assertEquals(wanted, server.query("SELECT * FROM " + name + " ORDER BY symbol COLLATE \"C\""));
    }

    @Test
    void shouldGoOnWhenTheServerIsStartedAgain() throws ExecutionException, InterruptedException {
        String name = newAmounts(", PRIMARY KEY (symbol)");
        TableDefinition table = JdbcTable.amounts(server, name).key("symbol").make();
        try (Sink sink = open(table)) {
            sink.write(rows(table, 0, 10_000).batch());
            sink.flush();
            CompletableFuture<Void> written;
            server.kill();
            try {
                written = Await.start(() -> {
                    sink.write(rows(table, 5_000, 25_000).batch());
                    sink.flush();
                });
                Await.until(() -> sink.problem() != null && sink.problem().contains("refused"));
                assertTrue(sink.problem().contains("takes no rows for table \"orders\" since "), sink.problem());
            } finally {
                server.restart();
            }
            written.get();
            assertNull(sink.problem());
        }
        assertEquals(
                List.of("25000|312487500"), server.query("SELECT count(*), sum(amount) FROM " + name));
    }

    private static SinkRows rows(TableDefinition table, int from, int to) {
        SinkRows rows = new SinkRows(table);
        for (int i = from; i < to; i++) {
            rows.add("key " + i, i);
        }
        return rows;
    }

    @Test
    void shouldGiveUpWhenNobodyWantsTheRows() throws SQLException {
        String name = newAmounts(", PRIMARY KEY (symbol)");
        TableDefinition table = JdbcTable.amounts(server, name).key("symbol").make();
        try (Sink sink = open(table); Connection other = server.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE " + name);
            CompletableFuture<Void> written = Await.start(() -> {
                sink.write(rows(table, 0, 1).batch());
                sink.flush();
            });
            String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
            Await.until(() -> server.query(waiting).equals(List.of("1")));
            sink.giveUp();
            ExecutionException e = assertThrows(ExecutionException.class, () -> written.get(5, TimeUnit.SECONDS));
            assertTrue(e.getCause().getMessage().contains("given up"), e.getCause().getMessage());
        }
    }
}
