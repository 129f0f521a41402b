// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
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
                ErrorCode.NOT_SUPPORTED,
                "at-least-once",
                table("kafka").with("sink.delivery-guarantee", "exactly-once"));
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
