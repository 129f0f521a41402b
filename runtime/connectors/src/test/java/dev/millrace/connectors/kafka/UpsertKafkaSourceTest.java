// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class UpsertKafkaSourceTest {
    private static KafkaTopics topics;
    private static String servers;

    private final UpsertKafkaConnector connector = new UpsertKafkaConnector();

    @BeforeAll
    static void start() {
        topics = KafkaBroker.shared().topics();
        servers = KafkaBroker.shared().bootstrapServers();
    }

    private static String topic() {
        String topic = KafkaTable.newTopic("upserts");
        topics.create(topic, 1, Map.of("cleanup.policy", "compact"));
        return topic;
    }

    private static KafkaTable table(String topic) {
        return KafkaTable.of("upsert-kafka", servers, topic)
                .with("key.format", "json")
                .with("scan.bounded.mode", "latest-offset")
                .key("id");
    }

    private static ProducerRecord<String, String> record(String topic, String key, String value) {
        return new ProducerRecord<>(topic, 0, 1_000L, key, value);
    }

    @Test
    void shouldReadRecordsWithoutAValueAsDeletesOfTheirKey() {
        String topic = topic();
        topics.append(List.of(
                record(topic, "{\"id\":1}", "{\"id\":1,\"name\":\"a\"}"),
                record(topic, "{\"id\":2}", "{\"id\":2,\"name\":\"b\"}"),
                record(topic, "{\"id\":1}", null),
                record(topic, "{\"id\":1}", "{\"id\":1,\"name\":null}")));
        TableDefinition table = table(topic)
                .column("name", SqlType.STRING)
                .column("id", SqlType.BIGINT.withNullable(false))
                .metadata("at", SqlType.BIGINT, "offset")
                .make();

        assertEquals(
                List.of(
                        "0{\"name\":\"a\",\"id\":1,\"at\":0}",
                        "1{\"name\":\"b\",\"id\":2,\"at\":1}",
                        "2{\"op\":\"-D\",\"name\":null,\"id\":1,\"at\":null}",
                        "3{\"name\":null,\"id\":1,\"at\":3}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldDeleteRowsWithColumnsThatAreNeverNull() {
        String topic = topic();
        topics.append(List.of(record(topic, "{\"id\":1}", "{\"n\":5}"), record(topic, "{\"id\":1}", null)));
        TableDefinition table = table(topic)
                .with("value.fields-include", "EXCEPT_KEY")
                .column("id", SqlType.BIGINT.withNullable(false))
                .column("n", SqlType.BIGINT.withNullable(false))
                .make();

        assertEquals(
                List.of("0{\"id\":1,\"n\":5}", "1{\"op\":\"-D\",\"id\":1,\"n\":null}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldTakeColumnsOfTheKeyFromTheKey() {
        String topic = topic();
        topics.append(List.of(record(topic, "{\"id\":1}", "{\"id\":7,\"n\":5}")));
        TableDefinition table = table(topic).column("id", SqlType.BIGINT).column("n", SqlType.BIGINT).make();

        assertEquals(List.of("0{\"id\":1,\"n\":5}"), ReadRows.all(connector, table));
    }

    @Test
    void shouldReadKeysWithSeveralColumnsAndAPrefix() {
        String topic = topic();
        topics.append(List.of(
                record(topic, "7,x", "{\"n\":5}"), record(topic, "7,x", null), record(topic, "8,y", "{\"n\":6}")));
        TableDefinition table = table(topic)
                .with("key.format", "csv")
                .with("key.fields-prefix", "k_")
                .with("value.fields-include", "EXCEPT_KEY")
                .key("k_id", "k_name")
                .column("n", SqlType.BIGINT)
                .column("k_id", SqlType.BIGINT)
                .column("k_name", SqlType.STRING)
                .make();

        assertEquals(
                List.of(
                        "0{\"n\":5,\"k_id\":7,\"k_name\":\"x\"}",
                        "1{\"op\":\"-D\",\"n\":null,\"k_id\":7,\"k_name\":\"x\"}",
                        "2{\"n\":6,\"k_id\":8,\"k_name\":\"y\"}"),
                ReadRows.all(connector, table));
    }

    @Test
    void shouldReadATableOfNothingButItsKey() {
        String topic = topic();
        topics.append(List.of(record(topic, "{\"id\":1}", "anything"), record(topic, "{\"id\":1}", null)));
        TableDefinition table =
                table(topic).with("value.fields-include", "EXCEPT_KEY").column("id", SqlType.BIGINT).make();

        assertEquals(List.of("0{\"id\":1}", "1{\"op\":\"-D\",\"id\":1}"), ReadRows.all(connector, table));
    }

    @Test
    void shouldRejectRecordsWithoutAKeyAndGoOn() {
        // A topic that is compacted takes none.
        String topic = KafkaTable.newTopic("upserts");
        topics.create(topic, 1);
        topics.append(topic, 0, "{\"id\":1,\"n\":5}");
        topics.append(List.of(
                record(topic, "{\"id\":2}", "{\"n\":"),
                record(topic, "no key", null),
                record(topic, "{\"id\":3}", null),
                record(topic, "{\"id\":4}", "{\"n\":6}")));
        TableDefinition table = table(topic).column("id", SqlType.BIGINT).column("n", SqlType.BIGINT).make();
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();

        try (ReadRows read = ReadRows.open(source, table, split, 0, Batch.ROWS)) {
            assertEquals(
                    List.of("3{\"op\":\"-D\",\"id\":3,\"n\":null}", "4{\"id\":4,\"n\":6}"), read.toEnd());
            assertEquals(List.of(0L, 1L, 2L), read.bad.stream().map(record -> record.position()).toList());
            assertTrue(read.bad.getFirst().reason().startsWith("in its key: it is NULL"), read.bad.toString());
            assertTrue(read.bad.get(2).reason().startsWith("in its key: "), read.bad.toString());
        }
    }

    @Test
    void shouldReadFromTheOldestRecordOn() {
        String topic = topic();
        topics.append(List.of(record(topic, "{\"id\":1}", "{\"n\":5}"), record(topic, "{\"id\":2}", "{\"n\":6}")));
        topics.commit("group-" + topic, topic, Map.of(0, 2L));
        KafkaTable table = table(topic)
                .with("properties.group.id", "group-" + topic)
                .column("id", SqlType.BIGINT)
                .column("n", SqlType.BIGINT);
        assertEquals(2, ReadRows.all(connector, table.make()).size());
        assertTrue(connector.isBounded(table.make()));
        assertFalse(connector.isBounded(table.without("scan.bounded.mode").make()));
        Errors.expect(
                ErrorCode.OPTION_INVALID, "reads from the oldest record on",
                () -> connector.validateSource(table.with("scan.startup.mode", "earliest-offset").make()));
        Errors.expect(
                ErrorCode.OPTION_INVALID, "a key stands in one topic",
                () -> connector.validateSource(table.without("scan.startup.mode").with("topic", "a;b").make()));
    }
}
