// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.SinkRows;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class JdbcEpochSinkTest {
    private static PostgresServer server;

    private final JdbcConnector connector = new JdbcConnector();
    private final String name = JdbcTable.newName("epochs");
    private final TableDefinition table = JdbcTable.amounts(server, name).make();

    @BeforeAll
    static void start() {
        server = PostgresServer.shared();
    }

    private void create() {
        server.execute("CREATE TABLE " + name + " (symbol text, amount bigint)");
    }

    private EpochSink sink(long incarnation) {
        return connector.openEpochSink(table, owner(incarnation));
    }

    private EpochOwner owner(long incarnation) {
        return new EpochOwner(name, 1, 0, 3, incarnation);
    }

    private void release(EpochSink sink, long epoch, Object... symbols) {
        SinkRows rows = new SinkRows(table);
        for (Object symbol : symbols) {
            rows.add(symbol, epoch);
        }
        sink.release(epoch, List.of(rows.batch()));
    }

    private List<String> rows() {
        return server.query("SELECT * FROM " + name + " ORDER BY 1, 2");
    }

    private String marker() {
        return server.query("SELECT epoch, incarnation FROM millrace_epochs WHERE owner = '" + name + "-1-0-3'")
                .getFirst();
    }

    @Test
    void shouldTellTheMarkerWhenOpenedAgain() {
        create();
        assertTrue(connector.takesEpochs(table));
        try (EpochSink first = sink(1)) {
            assertEquals(EpochSink.NONE, first.open());
            release(first, 1, "a", "b");
            first.release(4, List.of());
            release(first, 5, "c");
        }
        try (EpochSink second = sink(2)) {
            assertEquals(5, second.open());
        }
        assertEquals(List.of("a|1", "b|1", "c|5"), rows());
        assertEquals("5|2", marker());
    }

    @Test
    void shouldForgetTheMarkerOfAJobThatIsOverButNotOfOneThatIsNot() {
        create();
        EpochSink first = sink(1);
        try (first) {
            first.open();
            release(first, 1, "a");
        }
        EpochSink last = sink(EpochOwner.LAST);
        try (last) {
            assertEquals(1, last.open());
        }
        first.retire();
        assertEquals("1|" + EpochOwner.LAST, marker());
        last.retire();
        try (EpochSink again = sink(1)) {
            assertEquals(EpochSink.NONE, again.open());
        }
        assertEquals(List.of("a|1"), rows());
    }

    @Test
    void shouldFenceAnOlderOwner() {
        create();
        try (EpochSink zombie = sink(1); EpochSink owner = sink(2)) {
            zombie.open();
            release(zombie, 1, "a");
            assertEquals(1, owner.open());
            MillraceException e = assertThrows(MillraceException.class, () -> release(zombie, 2, "lost"));
            assertEquals(ErrorCode.STATE_FENCED, e.code());
            release(owner, 2, "b");
            assertThrows(MillraceException.class, () -> release(zombie, 2, "lost"));
            assertThrows(MillraceException.class, () -> zombie.open());
        }
        assertEquals(List.of("a|1", "b|2"), rows());
    }

    @Test
    void shouldWaitForAReleaseThatIsUnderWay() throws SQLException, ExecutionException, InterruptedException {
        create();
        try (EpochSink first = sink(1); EpochSink second = sink(2); Connection other = server.connect()) {
            first.open();
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE " + name);
            CompletableFuture<Void> released = Await.start(() -> release(first, 1, "a"));
            awaitWaiting(1);
            CompletableFuture<Long> opened = Await.start(second::open);
            awaitWaiting(2);
            assertFalse(opened.isDone());
            other.rollback();
            released.get();
            assertEquals(1, opened.get());
        }
    }

    private static void awaitWaiting(int count) {
        String waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        Await.until(() -> server.query(waiting).equals(List.of("" + count)));
    }

    @Test
    void shouldReleaseNothingOfAnEpochThatIsRefused() {
        server.execute("CREATE TABLE " + name + " (symbol text, amount bigint CHECK (symbol <> 'bad'))");
        try (EpochSink sink = sink(1)) {
            sink.open();
            assertThrows(MillraceException.class, () -> release(sink, 1, "a", "bad"));
        }
        assertEquals(List.of(), rows());
        assertEquals("-1|1", marker());
    }

    @Test
    void shouldReleaseOnceWhenConnectionsBreakAtAnyMoment() throws ExecutionException, InterruptedException {
        create();
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int epochs = 150;
        CompletableFuture<Void> released = Await.start(() -> {
            try (EpochSink sink = sink(1)) {
                sink.open();
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    release(sink, epoch, "a", "b");
                }
            }
        });
        int broken = 0;
        while (!released.isDone()) {
            LockSupport.parkNanos(random.nextInt(30_000_000));
            broken += server.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Millrace'")
                    .size();
        }
        released.get();
        assertTrue(broken > 0);
        List<String> expected = new ArrayList<>();
        for (String symbol : List.of("a", "b")) {
            for (int epoch = 1; epoch <= epochs; epoch++) {
                expected.add(symbol + "|" + epoch);
            }
        }
        assertEquals(expected, rows());
        assertEquals(epochs + "|1", marker());
    }

    @Test
    void shouldGoOnWhenTheServerIsKilledBetweenEpochs() throws ExecutionException, InterruptedException {
        create();
        try (EpochSink first = sink(1)) {
            first.open();
            release(first, 1, "a");
            server.kill();
            CompletableFuture<Void> released = Await.start(() -> release(first, 2, "b"));
            try {
                Await.until(() -> first.problem() != null);
            } finally {
                server.restart();
            }
            released.get();
        }
        try (EpochSink second = sink(2)) {
            assertEquals(2, second.open());
        }
        assertEquals(List.of("a|1", "b|2"), rows());
    }

    @Test
    void shouldTakeAnEpochOfManyRowsWithChangesOfOneKey() {
        server.execute("CREATE TABLE " + name + " (symbol text PRIMARY KEY, amount bigint)");
        TableDefinition keyed =
                JdbcTable.amounts(server, name).key("symbol").with("sink.buffer-flush.max-rows", "3").make();
        SinkRows rows = new SinkRows(keyed);
        for (int i = 0; i < 10; i++) {
            rows.add("k" + i % 4, i);
        }
        rows.change(RowKind.DELETE, "k1", 9);
        try (EpochSink sink = connector.openEpochSink(keyed, owner(1))) {
            sink.open();
            sink.release(1, List.of(rows.batch(), new SinkRows(keyed).add("k9", 1).batch()));
        }
        assertEquals(List.of("k0|8", "k2|6", "k3|7", "k9|1"), rows());
    }

    @Test
    void shouldSayHowToMakeTheTableOfMarkersWhenItMayNot() {
        create();
        server.execute("GRANT INSERT ON " + name + " TO " + PostgresServer.USER);
        String markers = JdbcTable.newName("markers");
        TableDefinition guarded = JdbcTable.amounts(server, name)
                .with("username", PostgresServer.USER)
                .with("password", PostgresServer.PASSWORD)
                .with("sink.epoch-table", markers)
                .make();
        try (EpochSink sink = connector.openEpochSink(guarded, owner(1))) {
            MillraceException e = assertThrows(MillraceException.class, sink::open);
            assertEquals(ErrorCode.ACCESS_DENIED, e.code(), e.getMessage());
            String ddl = e.hint().lines().findFirst().orElseThrow().replace("have it made: ", "");
            server.execute(
                    ddl, "GRANT SELECT, INSERT, UPDATE ON " + markers + " TO " + PostgresServer.USER);
            assertEquals(EpochSink.NONE, sink.open());
            release(sink, 1, "a");
        }
        assertEquals(List.of("a|1"), rows());
    }

    @Test
    void shouldTakeTheTableOfMarkersThatAnotherOneMakesAtTheSameMoment() throws Exception {
        create();
        String markers = JdbcTable.newName("markers");
        TableDefinition apart = JdbcTable.amounts(server, name).with("sink.epoch-table", markers).make();
        try (EpochSink sink = connector.openEpochSink(apart, owner(1)); Connection other = server.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute(
                    "CREATE TABLE " + markers
                            + " (owner text PRIMARY KEY, epoch bigint NOT NULL, incarnation bigint NOT NULL)");
            CompletableFuture<Long> opened = Await.start(sink::open);
            awaitWaiting(1);
            other.commit();
            assertEquals(EpochSink.NONE, opened.get());
        }
    }

    @Test
    void shouldMakeTheTableOfMarkersOnceForManySinks() throws Exception {
        create();
        for (int i = 0; i < 10; i++) {
            TableDefinition apart = JdbcTable.amounts(server, name)
                    .with("sink.epoch-table", JdbcTable.newName("markers"))
                    .make();
            List<EpochSink> sinks = new ArrayList<>();
            List<CompletableFuture<Long>> opened = new ArrayList<>();
            for (int partition = 0; partition < 6; partition++) {
                EpochSink sink = connector.openEpochSink(apart, new EpochOwner(name, 1, 0, partition, 1));
                sinks.add(sink);
                opened.add(Await.start(sink::open));
            }
            for (CompletableFuture<Long> one : opened) {
                assertEquals(EpochSink.NONE, one.get());
            }
            sinks.forEach(EpochSink::close);
        }
    }
}
