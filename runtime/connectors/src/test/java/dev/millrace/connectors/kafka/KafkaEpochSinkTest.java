// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.KilledReleases;
import dev.millrace.connectors.OwnersInTurn;
import dev.millrace.connectors.SinkRows;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class KafkaEpochSinkTest {
    private static KafkaBroker broker;
    private static KafkaTopics topics;

    private final String topic = KafkaTable.newTopic("epochs");
    private final TableDefinition table = KafkaTable.of("kafka", broker.bootstrapServers(), topic)
            .column("n", SqlType.BIGINT)
            .with("format", "csv")
            .make();
    private final KafkaConnector connector = new KafkaConnector();

    @BeforeAll
    static void start() {
        broker = KafkaBroker.shared();
        topics = broker.topics();
    }

    private void create() {
        topics.create(topic, 1);
    }

    private EpochOwner owner(long incarnation) {
        // The topic is in the name, since the tests share the broker.
        return new EpochOwner(topic, 1, 0, 3, incarnation);
    }

    private EpochSink sink(long incarnation) {
        return connector.openEpochSink(table, owner(incarnation));
    }

    private List<Batch> rows(long... values) {
        SinkRows rows = new SinkRows(table);
        for (long value : values) {
            rows.add(value);
        }
        return List.of(rows.batch());
    }

    @Test
    void shouldTellTheNextSinkWhatWasReleased() {
        create();
        try (EpochSink sink = sink(1)) {
            assertEquals(EpochSink.NONE, sink.open());
        }
        try (EpochSink sink = sink(2)) {
            assertEquals(EpochSink.NONE, sink.open());
            sink.release(0, rows(1));
            sink.release(3, List.of(rows(2, 3).getFirst(), rows(4).getFirst()));
            sink.release(4, List.of());
        }
        try (EpochSink sink = sink(2)) {
            assertEquals(4, sink.open());
        }
        assertEquals(List.of("1", "2", "3", "4"), topics.values(topic));
    }

    @Test
    void shouldForgetTheMarkerOfAJobThatIsOver() {
        create();
        connector.checkEpochTarget(table);
        EpochSink last = sink(EpochOwner.LAST);
        try (EpochSink sink = sink(1); last) {
            sink.open();
            sink.release(4, rows(1));
            assertEquals(4, last.open());
        }
        last.retire();
        last.retire();
        try (EpochSink sink = sink(1)) {
            assertEquals(EpochSink.NONE, sink.open());
        }
        assertEquals(List.of("1"), topics.values(topic));
    }

    @Test
    void shouldRefuseAnOlderSinkOnceANewerOneIsOpen() {
        create();
        try (EpochSink older = sink(1); EpochSink newer = sink(2)) {
            older.open();
            older.release(0, rows(1));
            assertEquals(0, newer.open());
            Errors.expect(ErrorCode.STATE_FENCED, "another start", () -> older.release(1, rows(-1)));
            assertThrows(IllegalStateException.class, () -> older.release(1, rows(-1)));
            newer.release(1, rows(2));
        }
        assertEquals(List.of("1", "2"), topics.values(topic));
    }

    @Test
    void shouldRefuseToOpenAfterALaterStartWithoutDisturbingIt() {
        create();
        try (EpochSink later = sink(2); EpochSink late = sink(1)) {
            later.open();
            Errors.expect(ErrorCode.STATE_FENCED, "start 2", late::open);
            later.release(0, rows(1));
        }
        assertEquals(List.of("1"), topics.values(topic));
    }

    @Test
    void shouldUndoATransactionThatWasLeftOpen() {
        create();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "millrace-" + owner(1).name());
        try (KafkaProducer<String, String> left =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
                EpochSink sink = sink(2)) {
            left.initTransactions();
            left.beginTransaction();
            left.send(new ProducerRecord<>(topic, "not committed"));
            left.flush();
            sink.open();
            sink.release(0, rows(7));
            // It would wait for the end of the open transaction if there were one.
            assertEquals(List.of("7"), topics.values(topic));
        }
    }

    @Test
    void shouldReleaseDeletesByPrimaryKey() {
        create();
        TableDefinition upserts = KafkaTable.of("upsert-kafka", broker.bootstrapServers(), topic)
                .column("k", SqlType.STRING)
                .column("n", SqlType.BIGINT)
                .key("k")
                .with("key.format", "csv")
                .make();
        try (EpochSink sink = new UpsertKafkaConnector().openEpochSink(upserts, owner(1))) {
            sink.open();
            sink.release(0, List.of(new SinkRows(upserts).add("a", 1).change(RowKind.DELETE, "a", 1).batch()));
        }
        assertEquals(
                List.of("a {\"k\":\"a\",\"n\":1}", "a null"),
                topics.readCommitted(topic).stream().map(record -> record.key() + " " + record.value()).toList());
    }

    @Test
    void shouldHoldAnEpochUntilAKilledBrokerIsBack() throws Exception {
        create();
        try (EpochSink sink = sink(1)) {
            sink.open();
            sink.release(0, rows(1));
            broker.kill();
            CompletableFuture<Void> released;
            try {
                released = CompletableFuture.runAsync(() -> sink.release(1, rows(2, 3)));
                awaitProblem(sink);
                assertTrue(sink.problem().contains(broker.bootstrapServers()), sink.problem());
                assertFalse(released.isDone());
            } finally {
                broker.restart();
            }
            released.get(20, TimeUnit.SECONDS);
            assertNull(sink.problem());
        }
        assertEquals(List.of("1", "2", "3"), topics.values(topic));
    }

    private static void awaitProblem(EpochSink sink) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (sink.problem() == null && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void shouldGiveUpWaitingWhenNobodyWantsTheRowsAnyMore() {
        TableDefinition away = KafkaTable.of("kafka", "127.0.0.1:1", topic)
                .column("n", SqlType.BIGINT)
                .with("properties.default.api.timeout.ms", "500")
                .with("properties.request.timeout.ms", "500")
                .make();
        try (EpochSink sink = connector.openEpochSink(away, owner(1))) {
            CompletableFuture<Long> opened = CompletableFuture.supplyAsync(sink::open);
            awaitProblem(sink);
            sink.giveUp();
            Errors.expect(ErrorCode.SINK_FAILED, "given up", () -> {
                try {
                    opened.get(20, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    throw e.getCause();
                }
            });
        }
    }

    @Test
    void shouldRefuseAMarkerThatSomebodyElseHasSet() {
        create();
        topics.commit("millrace-" + owner(1).name(), topic, Map.of(0, 17L));
        try (EpochSink sink = sink(1)) {
            Errors.expect(ErrorCode.SINK_FAILED, "does not hold an epoch", sink::open);
        }
    }

    @Test
    void shouldReleaseEachRowOnceThroughKilledProcesses() throws Exception {
        create();
        long seed = 31;
        List<Long> expected = KilledReleases.run(table.options(), seed);
        assertEquals(expected, topics.values(topic).stream().map(Long::valueOf).toList(), "seed " + seed);
    }

    @Test
    void shouldReleaseEachRowOnceWhenOwnersTakeTheTargetFromEachOther() {
        create();
        long seed = 5;
        // Brokers that are taking in the one may answer the other that they have failed.
        Set<ErrorCode> lost = Set.of(ErrorCode.STATE_FENCED, ErrorCode.SINK_FAILED);
        List<Long> expected = OwnersInTurn.run(table.options(), 10, lost, seed);
        assertEquals(expected, topics.values(topic).stream().map(Long::valueOf).toList(), "seed " + seed);
    }
}
