// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class KafkaSourceTest {
    private static KafkaTopics topics;
    private static String servers;

    private final KafkaConnector connector = new KafkaConnector();

    @BeforeAll
    static void start() {
        topics = KafkaBroker.shared().topics();
        servers = KafkaBroker.shared().bootstrapServers();
    }

    private static String topic(int partitions) {
        String topic = KafkaTable.newTopic("source");
        topics.create(topic, partitions);
        return topic;
    }

    private static String[] ids(int from, int to) {
        String[] values = new String[to - from];
        for (int i = from; i < to; i++) {
            values[i - from] = "{\"id\":" + i + "}";
        }
        return values;
    }

    private static ProducerRecord<String, String> record(String topic, long timestamp, String key, String value) {
        return new ProducerRecord<>(topic, 0, timestamp, key, value);
    }

    @Test
    void shouldReadAllPartitionsToWhatThereWasWhenTheJobWasMade() {
        String topic = topic(2);
        topics.append(topic, 0, ids(0, 3));
        topics.append(topic, 1, ids(10, 12));
        TableDefinition table = KafkaTable.ids(servers, topic).make();
        Source source = ReadRows.source(connector, table);
        List<Split> splits = source.resolveSplits();
        topics.append(topic, 0, ids(3, 5));

        List<String> rows = new ArrayList<>();
        for (Split split : splits) {
            try (ReadRows read = ReadRows.open(source, table, split, split.start(), Batch.ROWS)) {
                rows.addAll(read.toEnd());
                assertEquals(split.end(), read.position());
            }
        }

        assertEquals(List.of("0{\"id\":0}", "1{\"id\":1}", "2{\"id\":2}", "0{\"id\":10}", "1{\"id\":11}"), rows);
    }

    @Test
    void shouldStartAndEndWhereTheOptionsSay() {
        String topic = topic(1);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            records.add(record(topic, 1_000L * i, null, "{\"id\":" + i + "}"));
        }
        topics.append(records);
        topics.commit("group-" + topic, topic, Map.of(0, 2L));

        assertEquals(6, count(KafkaTable.ids(servers, topic)));
        assertEquals(6, count(KafkaTable.ids(servers, topic).with("scan.startup.mode", "earliest-offset")));
        assertEquals(0, count(KafkaTable.ids(servers, topic).with("scan.startup.mode", "latest-offset")));
        assertEquals(
                3,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.startup.mode", "timestamp")
                                .with("scan.startup.timestamp-millis", "2500")));
        assertEquals(
                0,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.startup.mode", "timestamp")
                                .with("scan.startup.timestamp-millis", "999999")));
        assertEquals(4, count(KafkaTable.ids(servers, topic).with("properties.group.id", "group-" + topic)));
        assertEquals(6, count(KafkaTable.ids(servers, topic).with("properties.group.id", "nobody")));
        assertEquals(
                0,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("properties.group.id", "nobody")
                                .with("properties.auto.offset.reset", "latest")));
        assertEquals(
                5,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.startup.mode", "specific-offsets")
                                .with("scan.startup.specific-offsets", "partition:0,offset:1")));
        assertEquals(
                2,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.startup.mode", "earliest-offset")
                                .with("scan.bounded.mode", "group-offsets")
                                .with("properties.group.id", "group-" + topic)));
        assertEquals(
                3,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.bounded.mode", "timestamp")
                                .with("scan.bounded.timestamp-millis", "3000")));
        assertEquals(
                4,
                count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.bounded.mode", "specific-offsets")
                                .with("scan.bounded.specific-offsets", "partition:0,offset:4")));
    }

    private int count(KafkaTable table) {
        return ReadRows.all(connector, table.make()).size();
    }

    @Test
    void shouldRefuseOffsetsThatDoNotFitTheTopic() {
        String topic = topic(1);
        Errors.expect(
                ErrorCode.OPTION_INVALID,
                "names offset 9 for partition 0, which ends at 0",
                () -> count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.startup.mode", "specific-offsets")
                                .with("scan.startup.specific-offsets", "partition:0,offset:9")));
        Errors.expect(
                ErrorCode.OPTION_INVALID,
                "names partition 1, but the topic has 1",
                () -> count(
                        KafkaTable.ids(servers, topic)
                                .with("scan.startup.mode", "specific-offsets")
                                .with("scan.startup.specific-offsets", "partition:1,offset:0")));
    }

    @Test
    void shouldFillMetadataColumnsFromTheRecord() {
        String topic = topic(1);
        topics.append(List.of(record(topic, 1_767_225_600_123L, "käse", "{\"id\":7}"), record(topic, 5, null, "{}")));
        TableDefinition table = KafkaTable.of("kafka", servers, topic)
                .metadata("topic", SqlType.STRING, "topic")
                .metadata("part", SqlType.INTEGER, "partition")
                .column("id", SqlType.BIGINT)
                .metadata("place", SqlType.BIGINT, "offset")
                .metadata("at", SqlType.timestampLtz(3), "timestamp")
                .metadata("micros", SqlType.timestamp(6), "timestamp")
                .metadata("kind", SqlType.STRING, "timestamp-type")
                .metadata("k", SqlType.STRING, "key")
                .metadata("epoch", SqlType.INTEGER, "leader-epoch")
                .with("scan.bounded.mode", "latest-offset")
                .make();

        assertEquals(
                List.of(
                        "0{\"topic\":\"" + topic
                                + "\",\"part\":0,\"id\":7,\"place\":0,\"at\":\"2026-01-01 00:00:00.123\","
                                + "\"micros\":\"2026-01-01 00:00:00.123000\",\"kind\":\"CreateTime\",\"k\":\"käse\","
                                + "\"epoch\":0}",
                        "1{\"topic\":\"" + topic + "\",\"part\":0,\"id\":null,\"place\":1,"
                                + "\"at\":\"1970-01-01 00:00:00.005\",\"micros\":\"1970-01-01 00:00:00.005000\","
                                + "\"kind\":\"CreateTime\",\"k\":null,\"epoch\":0}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldReadHeadersAsAnObject() {
        String topic = topic(1);
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, null, "{\"id\":1}");
        record.headers()
                .add("source", "käse \"x\"".getBytes(StandardCharsets.UTF_8))
                .add("none", null)
                .add("twice", new byte[] {'1'})
                .add("twice", new byte[] {'2'})
                .add("trace", new byte[] {(byte) 0xFF, 0});
        topics.append(List.of(record, new ProducerRecord<>(topic, 0, null, "{\"id\":2}")));
        TableDefinition table = KafkaTable.of("kafka", servers, topic)
                .column("id", SqlType.BIGINT)
                .metadata("headers", SqlType.STRING, "headers")
                .with("scan.bounded.mode", "latest-offset")
                .make();

        String object = "{\"source\":\"käse \\\"x\\\"\",\"none\":null,\"twice\":\"2\","
                + "\"trace\":{\"base64\":\"/wA=\"}}";
        String quoted = object.replace("\\", "\\\\").replace("\"", "\\\"");
        assertEquals(
                List.of("0{\"id\":1,\"headers\":\"" + quoted + "\"}", "1{\"id\":2,\"headers\":\"{}\"}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldReadKeyColumnsFromTheKey() {
        String topic = topic(1);
        topics.append(
                List.of(
                        record(topic, 0, "{\"id\":1,\"x\":0}", "{\"name\":\"a\",\"id\":9}"),
                        record(topic, 0, "{\"id\":\"?\"}", "{\"name\":\"b\"}"),
                        record(topic, 0, "{\"id\":3}", "{\"name\":\"c\"}")));
        KafkaTable table = KafkaTable.of("kafka", servers, topic)
                .column("key_id", SqlType.BIGINT)
                .column("name", SqlType.STRING)
                .with("key.format", "json")
                .with("key.fields", "key_id")
                .with("key.fields-prefix", "key_")
                .with("value.fields-include", "EXCEPT_KEY")
                .with("scan.bounded.mode", "latest-offset");
        Source source = ReadRows.source(connector, table.make());
        Split split = source.resolveSplits().getFirst();

        try (ReadRows read = ReadRows.open(source, table.make(), split, 0, Batch.ROWS)) {
            assertEquals(
                    List.of("0{\"key_id\":1,\"name\":\"a\"}", "2{\"key_id\":3,\"name\":\"c\"}"), read.toEnd());
            assertEquals(1, read.bad.size());
            assertTrue(read.bad.getFirst().reason().contains("in its key"), read.bad.getFirst().reason());
        }
    }

    @Test
    void shouldTakeOneRowFromARecordWhateverItsLines() {
        String topic = topic(1);
        topics.append(
                topic,
                0,
                "{\n  \"id\" : 1\n}\n",
                "{\"id\":2}\n{\"id\":3}",
                "\n\n{\"id\":4}\n",
                "",
                "[]",
                "{\"id\":5}");
        topics.append(topic, 0, (String) null);
        TableDefinition table = KafkaTable.ids(servers, topic).make();
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();

        try (ReadRows read = ReadRows.open(source, table, split, 0, 2)) {
            assertEquals(List.of("0{\"id\":1}", "2{\"id\":4}", "5{\"id\":5}"), read.toEnd());
            assertEquals(
                    List.of(1L, 3L, 4L, 6L), read.bad.stream().map(record -> record.position()).toList());
            assertEquals("{\"id\":2}\n{\"id\":3}", new String(read.bad.get(0).bytes(), StandardCharsets.UTF_8));
            assertEquals(7, read.position());
        }
    }

    @Test
    void shouldReadQuotedLinesOfCsvAsOneRow() {
        String topic = topic(1);
        topics.append(topic, 0, "1,\"a\nb\"", "2,c\n", "3,d\n4,e", "5,f");
        TableDefinition table = KafkaTable.of("kafka", servers, topic)
                .column("id", SqlType.BIGINT)
                .column("name", SqlType.STRING)
                .with("format", "csv")
                .with("scan.bounded.mode", "latest-offset")
                .make();

        assertEquals(
                List.of(
                        "0{\"id\":1,\"name\":\"a\\nb\"}",
                        "1{\"id\":2,\"name\":\"c\"}",
                        "3{\"id\":5,\"name\":\"f\"}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldReadTheSameAgainFromAnyOffset() {
        String topic = topic(1);
        topics.append(topic, 0, ids(0, 3));
        topics.appendInTransaction(topic, 0, true, ids(3, 5));
        topics.appendInTransaction(topic, 0, false, ids(5, 8));
        topics.append(topic, 0, ids(8, 10));
        TableDefinition table = KafkaTable.ids(servers, topic).make();
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();
        List<String> all = ReadRows.all(connector, table);
        assertEquals(
                List.of(
                        "0{\"id\":0}", "1{\"id\":1}", "2{\"id\":2}", "3{\"id\":3}", "4{\"id\":4}", "10{\"id\":8}",
                        "11{\"id\":9}"),
                all);

        for (long from = 0; from <= split.end(); from++) {
            long start = from;
            try (ReadRows read = ReadRows.open(source, table, split, from, 2)) {
                List<String> expected = all.stream()
                        .filter(row -> Long.parseLong(row.substring(0, row.indexOf('{'))) >= start)
                        .toList();
                assertEquals(expected, read.toEnd());
                assertEquals(split.end(), read.position());
            }
        }
    }

    @Test
    void shouldStepOverMarkersAndAbortedRowsAtTheEnd() {
        String topic = topic(1);
        topics.appendInTransaction(topic, 0, true, ids(0, 2));
        topics.appendInTransaction(topic, 0, false, ids(2, 4));
        TableDefinition table = KafkaTable.ids(servers, topic).without("scan.bounded.mode").make();
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();

        try (ReadRows read = ReadRows.open(source, table, split, 0, Batch.ROWS)) {
            read.until(() -> read.position() == 6);
            assertEquals(List.of("0{\"id\":0}", "1{\"id\":1}"), read.rows);
        }
    }

    @Test
    void shouldReadMoreThanItsQueueHoldsInSmallBatches() {
        String topic = topic(1);
        topics.append(topic, 0, ids(0, 20_000));
        TableDefinition table = KafkaTable.ids(servers, topic).with("properties.max.poll.records", "100").make();
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();

        try (ReadRows read = ReadRows.open(source, table, split, 0, 64)) {
            List<String> rows = read.toEnd();
            assertEquals(20_000, rows.size());
            for (int i = 0; i < rows.size(); i++) {
                assertEquals(i + "{\"id\":" + i + "}", rows.get(i));
            }
        }
    }

    @Test
    void shouldFindNewPartitionsAndStartAtTheirBeginning() {
        String topic = topic(1);
        topics.append(topic, 0, ids(0, 3));
        TableDefinition table = KafkaTable.ids(servers, topic)
                .without("scan.bounded.mode")
                .with("scan.startup.mode", "latest-offset")
                .make();
        Source source = ReadRows.source(connector, table);
        List<Split> known = source.resolveSplits();
        assertEquals(3, known.getFirst().start());
        assertSame(known, source.discoverSplits(known));

        topics.addPartitions(topic, 2);
        topics.append(topic, 1, ids(5, 6));
        List<Split> more = source.discoverSplits(known);

        assertEquals(2, more.size());
        assertEquals(known.getFirst(), more.getFirst());
        assertEquals(0, more.get(1).start());
        try (ReadRows read = ReadRows.open(source, table, more.get(1), 0, Batch.ROWS)) {
            assertEquals(List.of("0{\"id\":5}"), read.rows(1));
            assertNull(read.problem());
        }
    }
}
