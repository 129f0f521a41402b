// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class KafkaOptionsTest {
    private final KafkaConnector connector = new KafkaConnector();

    private static KafkaTable table() {
        return KafkaTable.of("kafka", "localhost:9092", "orders").column("id", SqlType.BIGINT);
    }

    private void refused(ErrorCode code, String part, KafkaTable table) {
        Errors.expect(code, part, () -> connector.validateSource(table.make()));
    }

    @Test
    void shouldSuggestTheNearestName() {
        refused(
                ErrorCode.OPTION_UNKNOWN,
                "did you mean \"scan.startup.mode\"?",
                table().with("scan.startup.mod", "earliest-offset"));
        refused(
                ErrorCode.OPTION_INVALID,
                "did you mean \"earliest-offset\"?",
                table().with("scan.startup.mode", "earliest-ofset"));
        refused(ErrorCode.OPTION_INVALID, "did you mean \"offset\"?", table().metadata("o", SqlType.BIGINT, "ofset"));
        refused(ErrorCode.FORMAT_UNKNOWN, "did you mean \"json\"?", table().with("value.format", "jsn"));
        refused(
                ErrorCode.COLUMN_NOT_FOUND,
                "did you mean \"id\"?",
                table().with("key.format", "json").with("key.fields", "ip"));
    }

    @Test
    void shouldNameWhatIsMissing() {
        refused(ErrorCode.OPTION_MISSING, "'topic'", table().without("topic"));
        refused(ErrorCode.OPTION_MISSING, "'format'", table().without("format"));
        refused(
                ErrorCode.OPTION_MISSING,
                "'properties.bootstrap.servers'",
                table().without("properties.bootstrap.servers"));
        refused(ErrorCode.OPTION_MISSING, "'key.format'", table().with("key.fields", "id"));
        refused(ErrorCode.OPTION_MISSING, "'key.fields'", table().with("key.format", "json"));
        refused(
                ErrorCode.OPTION_MISSING,
                "'scan.startup.timestamp-millis'",
                table().with("scan.startup.mode", "timestamp"));
        refused(
                ErrorCode.OPTION_MISSING,
                "'scan.startup.specific-offsets'",
                table().with("scan.startup.mode", "specific-offsets"));
        refused(
                ErrorCode.OPTION_MISSING,
                "'properties.group.id'",
                table().with("scan.bounded.mode", "group-offsets"));
    }

    @Test
    void shouldRefuseMetadataThatTheColumnCanNotHold() {
        refused(
                ErrorCode.TYPE_MISMATCH,
                "declare it as BIGINT",
                table().metadata("place", SqlType.STRING, "offset"));
        refused(ErrorCode.TYPE_MISMATCH, "declare it as STRING", table().metadata("h", SqlType.BYTES, "headers"));
    }

    @Test
    void shouldRefuseAPrefixOfKeysThatStandInTheValueToo() {
        refused(
                ErrorCode.OPTION_INVALID,
                "EXCEPT_KEY",
                table().with("key.format", "json").with("key.fields", "id").with("key.fields-prefix", "i"));
    }

    @Test
    void shouldEndByItselfOnlyIfBounded() {
        assertFalse(connector.isBounded(table().make()));
        assertTrue(connector.isBounded(table().with("scan.bounded.mode", "latest-offset").make()));
    }

    @Test
    void shouldLookForNewPartitionsUnlessToldNotTo() {
        assertEquals(Duration.ofMinutes(5), connector.discoveryInterval(table().make()));
        KafkaTable often = table().with("scan.topic-partition-discovery.interval", "10 s");
        assertEquals(Duration.ofSeconds(10), connector.discoveryInterval(often.make()));
        KafkaTable never = table().with("scan.topic-partition-discovery.interval", "0");
        assertEquals(null, connector.discoveryInterval(never.make()));
        KafkaTable bounded = table().with("scan.bounded.mode", "latest-offset");
        assertEquals(null, connector.discoveryInterval(bounded.make()));
    }

    @Test
    void shouldNotShowSecrets() {
        ClientSettings settings = ClientSettings.of(table().with("properties.sasl.jaas.config", "secret").make());
        assertFalse(settings.toString().contains("secret"));
    }

    @Test
    void shouldKeepPositionsOutOfTheHandsOfGroups() {
        ClientSettings settings = ClientSettings.of(
                table().with("properties.group.id", "g")
                        .with("properties.enable.auto.commit", "true")
                        .with("properties.auto.offset.reset", "latest")
                        .with("properties.linger.ms", "7")
                        .with("properties.fetch.min.bytes", "9")
                        .make());
        var consumer = settings.forConsumer("0");
        assertFalse(consumer.containsKey("group.id"));
        assertEquals("none", consumer.get("auto.offset.reset"));
        assertEquals("false", consumer.get("enable.auto.commit"));
        assertEquals("9", consumer.get("fetch.min.bytes"));
        assertFalse(consumer.containsKey("linger.ms"));
        assertEquals("7", settings.forSink().get("linger.ms"));
        assertFalse(settings.forSink().containsKey("fetch.min.bytes"));
    }
}
