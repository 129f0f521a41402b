// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.SinkRows;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class KafkaSinkTest {
    private static KafkaBroker broker;
    private static KafkaTopics topics;

    private final KafkaConnector connector = new KafkaConnector();

    @BeforeAll
    static void start() {
        broker = KafkaBroker.shared();
        topics = broker.topics();
    }

    private static String topic(int partitions) {
        String topic = KafkaTable.newTopic("sink");
        topics.create(topic, partitions);
        return topic;
    }

    private static KafkaTable table(String connector, String topic) {
        return KafkaTable.of(connector, broker.bootstrapServers(), topic)
                .column("symbol", SqlType.STRING)
                .column("amount", SqlType.BIGINT);
    }

    private static Sink open(SinkConnector connector, TableDefinition table) {
        connector.validateSink(table);
        connector.checkTarget(table);
        return connector.openSink(table, 0);
    }

    private static void write(SinkConnector connector, TableDefinition table, SinkRows rows) {
        try (Sink sink = open(connector, table)) {
            sink.write(rows.batch());
            sink.flush();
        }
    }

    private static String show(ConsumerRecord<String, String> record) {
        return record.key() + " " + record.value();
    }

    @Test
    void shouldAppendEveryRowWithoutAKey() {
        String topic = topic(1);
        TableDefinition table = table("kafka", topic).make();
        write(
                connector,
                table,
                new SinkRows(table).add("a", 1).change(RowKind.UPDATE_AFTER, "a", 2).add("käse", null));

        assertEquals(
                List.of(
                        "null {\"symbol\":\"a\",\"amount\":1}",
                        "null {\"symbol\":\"a\",\"amount\":2}",
                        "null {\"symbol\":\"käse\",\"amount\":null}"),
                topics.readCommitted(topic).stream().map(KafkaSinkTest::show).toList());
    }

    @Test
    void shouldPartitionKeysAsAPlainProducerDoes() {
        String ours = topic(7);
        String plain = topic(7);
        TableDefinition table = table("kafka", ours).with("key.format", "csv").with("key.fields", "symbol").make();
        SinkRows rows = new SinkRows(table);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add("key-" + i, i);
            records.add(new ProducerRecord<>(plain, "key-" + i, ""));
        }
        write(connector, table, rows);
        topics.append(records);

        assertEquals(partitionsByKey(plain), partitionsByKey(ours));
    }

    private static TreeMap<String, Integer> partitionsByKey(String topic) {
        TreeMap<String, Integer> partitions = new TreeMap<>();
        topics.readCommitted(topic).forEach(record -> partitions.put(record.key(), record.partition()));
        assertEquals(200, partitions.size());
        return partitions;
    }

    @Test
    void shouldLeaveTheKeyOutOfTheValueAndSetTheTimestamp() {
        String topic = topic(1);
        TableDefinition table = table("kafka", topic)
                .metadata("at", SqlType.timestampLtz(6), "timestamp")
                .with("key.format", "json")
                .with("key.fields", "symbol")
                .with("value.fields-include", "EXCEPT_KEY")
                .with("value.format", "csv")
                .make();
        write(connector, table, new SinkRows(table).add("a", 1, 1_767_225_600_123_999L).add("b", 2, null));

        List<ConsumerRecord<String, String>> records = topics.readCommitted(topic);
        assertEquals(List.of("{\"symbol\":\"a\"} 1", "{\"symbol\":\"b\"} 2"),
                records.stream().map(KafkaSinkTest::show).toList());
        assertEquals(1_767_225_600_123L, records.getFirst().timestamp());
        assertTrue(records.get(1).timestamp() > 1_767_225_600_123L);
    }

    @Test
    void shouldWriteHeaders() {
        String topic = topic(1);
        TableDefinition table = table("kafka", topic).metadata("headers", SqlType.STRING, "headers").make();
        write(connector, table, new SinkRows(table)
                .add("a", 1, "{\"source\":\"käse\",\"n\":7,\"none\":null,\"trace\":{\"base64\":\"/wA=\"}}")
                .add("b", 2, null));

        List<ConsumerRecord<String, String>> records = topics.readCommitted(topic);
        assertEquals("{\"symbol\":\"a\",\"amount\":1}", records.getFirst().value());
        assertEquals("käse", header(records.getFirst(), "source"));
        assertEquals("7", header(records.getFirst(), "n"));
        assertNull(records.getFirst().headers().lastHeader("none").value());
        assertArrayEquals(new byte[] {(byte) 0xFF, 0}, records.getFirst().headers().lastHeader("trace").value());
        assertEquals(0, records.get(1).headers().toArray().length);
    }

    @Test
    void shouldRefuseHeadersThatAreNoObjectOfTexts() {
        TableDefinition table = table("kafka", topic(1)).metadata("headers", SqlType.STRING, "headers").make();
        for (String wrong : List.of("", "web", "[1]", "{\"a\":[1]}", "{\"a\":{\"b\":1}}", "{\"a\":1", "{} {}",
                "{\"a\":{\"base64\":\"?\"}}", "{\"a\":{\"base64\":\"\",\"b\":1}}")) {
            MillraceException e = assertThrows(
                    MillraceException.class, () -> write(connector, table, new SinkRows(table).add("a", 1, wrong)));
            assertEquals(ErrorCode.SINK_FAILED, e.code(), wrong);
            assertTrue(e.getMessage().contains("column \"headers\""), e.getMessage());
        }
    }

    @Test
    void shouldWriteNewValuesAndDeletesByPrimaryKey() {
        String topic = topic(1);
        TableDefinition table = table("upsert-kafka", topic).key("symbol").with("key.format", "json").make();
        write(
                new UpsertKafkaConnector(),
                table,
                new SinkRows(table)
                        .add("a", 1)
                        .change(RowKind.UPDATE_AFTER, "a", 2)
                        .change(RowKind.DELETE, "a", 2)
                        .add("b", 1));

        assertEquals(
                List.of(
                        "{\"symbol\":\"a\"} {\"symbol\":\"a\",\"amount\":1}",
                        "{\"symbol\":\"a\"} {\"symbol\":\"a\",\"amount\":2}",
                        "{\"symbol\":\"a\"} null",
                        "{\"symbol\":\"b\"} {\"symbol\":\"b\",\"amount\":1}"),
                topics.readCommitted(topic).stream().map(KafkaSinkTest::show).toList());
    }

    @Test
    void shouldReadBackWhatItWrote() {
        String topic = topic(1);
        TableDefinition table = table("kafka", topic).with("scan.bounded.mode", "latest-offset").make();
        write(connector, table, new SinkRows(table).add("a\nb\"c", 1).add(null, null));

        assertEquals(
                List.of("0{\"symbol\":\"a\\nb\\\"c\",\"amount\":1}", "1{\"symbol\":null,\"amount\":null}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldShareOneProducerAmongPartitions() {
        String topic = topic(1);
        TableDefinition table = table("kafka", topic).make();
        try (Sink first = open(connector, table); Sink second = open(connector, table)) {
            first.write(new SinkRows(table).add("a", 1).batch());
            second.write(new SinkRows(table).add("b", 2).batch());
            assertEquals(1, producerThreads());
            first.flush();
            second.flush();
        }
        assertEquals(0, producerThreads());
        assertEquals(2, topics.values(topic).size());
    }

    private static long producerThreads() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("kafka-producer-network-thread"))
                .count();
    }

    @Test
    void shouldHoldRowsUntilAKilledBrokerIsBack() throws Exception {
        String topic = topic(2);
        TableDefinition table = table("kafka", topic).with("key.format", "csv").with("key.fields", "symbol").make();
        try (Sink sink = open(connector, table)) {
            sink.write(new SinkRows(table).add("a", 1).batch());
            sink.flush();
            broker.kill();
            CompletableFuture<Void> written;
            try {
                written = CompletableFuture.runAsync(() -> {
                    sink.write(new SinkRows(table).add("a", 2).add("a", 3).batch());
                    sink.flush();
                });
                awaitProblem(sink);
                assertTrue(sink.problem().contains(broker.bootstrapServers()), sink.problem());
                assertFalse(written.isDone());
            } finally {
                broker.restart();
            }
            written.get(20, TimeUnit.SECONDS);
            assertNull(sink.problem());
        }
        assertEquals(
                List.of(
                        "a {\"symbol\":\"a\",\"amount\":1}", "a {\"symbol\":\"a\",\"amount\":2}",
                        "a {\"symbol\":\"a\",\"amount\":3}"),
                topics.readCommitted(topic).stream().map(KafkaSinkTest::show).toList());
    }

    private static void awaitProblem(Sink sink) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (sink.problem() == null && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void shouldGiveUpWaitingWhenNobodyWantsTheRowsAnyMore() {
        TableDefinition table = table("kafka", "orders").with("properties.bootstrap.servers", "127.0.0.1:1").make();
        try (Sink sink = connector.openSink(table, 0)) {
            CompletableFuture<Void> written =
                    CompletableFuture.runAsync(() -> sink.write(new SinkRows(table).add("a", 1).batch()));
            awaitProblem(sink);
            sink.giveUp();
            Errors.expect(ErrorCode.SINK_FAILED, "given up", () -> {
                try {
                    written.get(20, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    throw e.getCause();
                }
            });
        }
    }

    @Test
    void shouldFailWhenTheTopicIsDeleted() {
        String topic = topic(1);
        TableDefinition table = table("kafka", topic).make();
        try (Sink sink = open(connector, table)) {
            sink.write(new SinkRows(table).add("a", 1).batch());
            sink.flush();
            topics.delete(topic);
            Errors.expect(ErrorCode.TOPIC_NOT_FOUND, "does not exist any more", () -> {
                sink.write(new SinkRows(table).add("a", 1).batch());
                sink.flush();
            });
        }
    }

    @Test
    void shouldCheckTheTargetBeforeAJobStarts() {
        Errors.expect(
                ErrorCode.TOPIC_NOT_FOUND,
                "kafka-topics.sh",
                () -> open(connector, table("kafka", "no-such-topic").make()));
        Errors.expect(
                ErrorCode.SERVER_UNREACHABLE,
                "127.0.0.1:1",
                () -> open(
                        connector,
                        table("kafka", "orders").with("properties.bootstrap.servers", "127.0.0.1:1")
                                .with("properties.default.api.timeout.ms", "2000")
                                .with("properties.request.timeout.ms", "2000")
                                .make()));
    }

    @Test
    void shouldPutBadRecordsIntoATopicWithWhatIsWrong() {
        String topic = topic(1);
        String letters = topic(1);
        topics.append(topic, 0, "{\"id\":1}", "no json");
        TableDefinition table =
                KafkaTable.ids(broker.bootstrapServers(), topic).with("dead-letter.topic", letters).make();
        List<BadRecord> bad;
        var source = ReadRows.source(connector, table);
        try (ReadRows read = ReadRows.open(source, table, source.resolveSplits().getFirst(), 0, 10)) {
            read.toEnd();
            bad = read.bad;
        }
        try (DeadLetterWriter writer = connector.openDeadLetters(table)) {
            bad.forEach(record -> writer.append("orders", 3, record));
            writer.flush();
        }

        ConsumerRecord<String, String> letter = topics.readCommitted(letters).getFirst();
        assertEquals("no json", letter.value());
        assertEquals("MR-3010", header(letter, "code"));
        assertTrue(header(letter, "reason").contains("offset 1"), header(letter, "reason"));
        assertEquals("orders", header(letter, "table"));
        assertEquals("3", header(letter, "split"));
        assertEquals("1", header(letter, "position"));
        assertTrue(header(letter, "time").endsWith("Z"));
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldNameAMissingDeadLetterTopicWhenTheJobIsMade() {
        String topic = topic(1);
        TableDefinition table =
                KafkaTable.ids(broker.bootstrapServers(), topic).with("dead-letter.topic", "no-such-letters").make();
        Errors.expect(
                ErrorCode.TOPIC_NOT_FOUND,
                "no-such-letters",
                () -> ReadRows.source(connector, table).resolveSplits());
    }
}
