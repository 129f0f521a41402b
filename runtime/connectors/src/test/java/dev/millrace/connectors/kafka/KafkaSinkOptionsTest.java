// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KafkaSinkOptionsTest {
    private static KafkaTable table(String connector) {
        return KafkaTable.of(connector, "localhost:9092", "orders").column("id", SqlType.BIGINT);
    }

    private static void refused(SinkConnector connector, ErrorCode code, String part, KafkaTable table) {
        Errors.expect(code, part, () -> connector.validateSink(table.make()));
    }

    @Test
    void shouldRefuseWhatASinkCanNotDo() {
        KafkaConnector kafka = new KafkaConnector();
        refused(kafka, ErrorCode.OPTION_INVALID, "one topic", table("kafka").with("topic", "a;b"));
        refused(
                kafka,
                ErrorCode.OPTION_INVALID,
                "'sink.delivery-guarantee'",
                table("kafka").with("sink.delivery-guarantee", "exactly-twice"));
        refused(
                kafka,
                ErrorCode.NOT_SUPPORTED,
                "'sink.partitioner' = 'round-robin'",
                table("kafka").with("sink.partitioner", "round-robin"));
        refused(
                kafka,
                ErrorCode.INSERT_MISMATCH,
                "VIRTUAL",
                table("kafka").metadata("o", SqlType.BIGINT, "offset"));
    }

    @Test
    void shouldLetTheTableDecideBeforeTheJob() {
        KafkaConnector kafka = new KafkaConnector();
        Map<String, String> atLeastOnce = Map.of("guarantee", "at-least-once");
        assertEquals(Guarantee.EXACTLY_ONCE, Guarantee.of(kafka, table("kafka").make(), Map.of()));
        assertEquals(Guarantee.AT_LEAST_ONCE, Guarantee.of(kafka, table("kafka").make(), atLeastOnce));
        Map.of(
                "exactly-once", Guarantee.EXACTLY_ONCE,
                "at-least-once", Guarantee.AT_LEAST_ONCE,
                "none", Guarantee.AT_LEAST_ONCE).forEach((option, guarantee) -> {
                    TableDefinition table = table("kafka").with("sink.delivery-guarantee", option).make();
                    kafka.validateSink(table);
                    assertEquals(guarantee, Guarantee.of(kafka, table, Map.of()));
                    assertEquals(guarantee, Guarantee.of(kafka, table, atLeastOnce));
                });
    }

    @Test
    void shouldSayThatAPrefixForTransactionalIdsIsNotNeeded() {
        KafkaConnector kafka = new KafkaConnector();
        TableDefinition table = table("kafka").with("sink.transactional-id-prefix", "mine").make();
        kafka.validateSink(table);
        assertEquals(1, kafka.warnings(table).size());
        assertTrue(kafka.warnings(table).getFirst().contains("is not needed"));
        assertEquals(List.of(), kafka.warnings(table("kafka").make()));
    }

    @Test
    void shouldWantTransactionsOfVersionTwoForExactlyOnce() {
        ClientSettings settings = ClientSettings.of(table("kafka").make());
        new TransactionVersion(2, 2).check(settings, "topic 'orders'");
        String old = assertThrows(
                MillraceException.class, () -> new TransactionVersion(0, 0).check(settings, "topic 'orders'")).hint();
        assertTrue(old.contains("from Kafka 4.0 on") && old.contains("'at-least-once'"), old);
        String off = assertThrows(
                MillraceException.class, () -> new TransactionVersion(1, 2).check(settings, "topic 'orders'")).hint();
        assertTrue(off.contains("--feature transaction.version=2") && off.contains("'at-least-once'"), off);
    }

    @Test
    void shouldKeepLittleInMemoryForEachPartitionUnlessToldOtherwise() {
        assertEquals(2L << 20, ClientSettings.of(table("kafka").make()).forEpochs("id").get("buffer.memory"));
        assertEquals("9000000", ClientSettings.of(table("kafka").with("properties.buffer.memory", "9000000").make())
                .forEpochs("id").get("buffer.memory"));
    }

    @Test
    void shouldWantAPrimaryKeyAndItsFormatForUpserts() {
        UpsertKafkaConnector upsert = new UpsertKafkaConnector();
        refused(upsert, ErrorCode.INVALID_QUERY, "PRIMARY KEY", table("upsert-kafka").with("key.format", "json"));
        refused(upsert, ErrorCode.OPTION_MISSING, "'key.format'", table("upsert-kafka").key("id"));
        refused(
                upsert,
                ErrorCode.OPTION_INVALID,
                "leave it out",
                table("upsert-kafka").key("id").with("key.format", "json").with("key.fields", "id"));
    }

    @Test
    void shouldKeepBadRecordsInFilesUnlessATopicIsNamed() {
        assertNull(new KafkaConnector().openDeadLetters(table("kafka").make()));
        Errors.expect(
                ErrorCode.OPTION_INVALID,
                "leave out one of them",
                () -> new KafkaConnector().validateSource(
                        table("kafka").with("dead-letter.topic", "t").with("dead-letter.path", "f").make()));
    }
}
