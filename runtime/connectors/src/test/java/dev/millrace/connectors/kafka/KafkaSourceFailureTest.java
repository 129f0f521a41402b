// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class KafkaSourceFailureTest {
    private static final int NAMED_SECONDS_MAX = 15;

    private static KafkaBroker broker;
    private static KafkaTopics topics;

    private final KafkaConnector connector = new KafkaConnector();

    @BeforeAll
    static void start() {
        broker = KafkaBroker.shared();
        topics = broker.topics();
    }

    private static String topic() {
        String topic = KafkaTable.newTopic("failing");
        topics.create(topic, 1);
        return topic;
    }

    private ReadRows open(TableDefinition table, long position) {
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();
        return ReadRows.open(source, table, split, position, Batch.ROWS);
    }

    private TableDefinition endless(String topic) {
        return KafkaTable.ids(broker.bootstrapServers(), topic).without("scan.bounded.mode").make();
    }

    /** Tests have less time than a person. */
    private static TableDefinition impatient(String servers) {
        return KafkaTable.ids(servers, "orders")
                .with("properties.default.api.timeout.ms", "2000")
                .with("properties.request.timeout.ms", "2000")
                .make();
    }

    private MillraceException refused(ErrorCode code, String part, TableDefinition table) {
        long start = System.nanoTime();
        MillraceException e = Errors.expect(
                code, part, () -> ReadRows.source(connector, table).resolveSplits());
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        assertTrue(seconds < NAMED_SECONDS_MAX, seconds + " s");
        return e;
    }

    @Test
    void shouldNameTheServersWhenNobodyListensThere() {
        refused(
                ErrorCode.SERVER_UNREACHABLE,
                "127.0.0.1:1 of table \"orders\" do not answer",
                impatient("127.0.0.1:1"));
    }

    @Test
    void shouldNameTheServersWhenTheyDoNotSpeakKafka() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String servers = "127.0.0.1:" + mute.getLocalPort();
            refused(ErrorCode.SERVER_UNREACHABLE, servers,
                    impatient(servers));
        }
    }

    @Test
    void shouldNameTheServersWhenTheirNamesMeanNothing() {
        refused(
                ErrorCode.SERVER_UNREACHABLE,
                "nowhere.invalid:9092",
                KafkaTable.ids("nowhere.invalid:9092", "orders").make());
    }

    @Test
    void shouldSuggestTheNearestTopicWhenItDoesNotExist() {
        String topic = topic();
        refused(
                ErrorCode.TOPIC_NOT_FOUND,
                "did you mean \"" + topic + "\"?",
                KafkaTable.ids(broker.bootstrapServers(), topic.replace("ai", "ia")).make());
    }

    @Test
    void shouldSayThatCredentialsAreRefused() {
        String topic = topic();
        MillraceException e = refused(
                ErrorCode.ACCESS_DENIED,
                "sasl.jaas.config",
                KafkaTable.ids(broker.passwordBootstrapServers(), topic)
                        .withAll(KafkaBroker.credentials(KafkaBroker.USER, "not-the-password"))
                        .make());
        assertFalse(e.render(null).contains("not-the-password"), e.render(null));

        topics.append(topic, 0, "{\"id\":1}");
        TableDefinition allowed = KafkaTable.ids(broker.passwordBootstrapServers(), topic)
                .withAll(KafkaBroker.credentials(KafkaBroker.USER, KafkaBroker.PASSWORD))
                .make();
        assertEquals(List.of("0{\"id\":1}"), ReadRows.all(connector, allowed));
    }

    @Test
    void shouldSayWhichSettingIsWrong() {
        refused(
                ErrorCode.OPTION_INVALID,
                "security.protocol",
                KafkaTable.ids(broker.bootstrapServers(), "orders")
                        .with("properties.security.protocol", "TELEPATHY")
                        .make());
    }

    @Test
    void shouldGoOnWhenAKilledBrokerIsBack() {
        String topic = topic();
        topics.append(topic, 0, "{\"id\":1}");
        try (ReadRows read = open(endless(topic), 0)) {
            read.rows(1);
            broker.kill();
            try {
                read.until(() -> read.problem() != null);
                assertTrue(read.problem().contains(broker.bootstrapServers()), read.problem());
                assertTrue(read.problem().contains("do not answer since 2"), read.problem());
            } finally {
                broker.restart();
            }
            topics.append(topic, 0, "{\"id\":2}");

            assertEquals(List.of("0{\"id\":1}", "1{\"id\":2}"), read.rows(2));
            read.until(() -> read.problem() == null);
            assertNull(read.problem());
        }
    }

    @Test
    void shouldSuspendWhenTheTopicIsDeleted() {
        String topic = topic();
        topics.append(topic, 0, "{\"id\":1}");
        try (ReadRows read = open(endless(topic), 0)) {
            read.rows(1);
            topics.delete(topic);
            Errors.expect(ErrorCode.SOURCE_GONE, "was deleted", () -> read.until(() -> false));
        }
    }

    @Test
    void shouldSuspendWhenTheTopicIsAnotherOneOfTheSameName() {
        String topic = topic();
        topics.append(topic, 0, "{\"id\":1}");
        TableDefinition table = endless(topic);
        Source source = ReadRows.source(connector, table);
        Split split = source.resolveSplits().getFirst();
        topics.delete(topic);
        topics.create(topic, 1);
        topics.append(topic, 0, "{\"id\":2}");
        try (ReadRows read = ReadRows.open(source, table, split, 0, Batch.ROWS)) {
            Errors.expect(ErrorCode.SOURCE_GONE, "created again", () -> read.until(() -> false));
            assertEquals(List.of(), read.rows);
        }
    }

    @Test
    void shouldSuspendWhenRecordsAreDeletedBeforeTheyAreRead() {
        String topic = topic();
        topics.append(topic, 0, "{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
        topics.deleteRecords(topic, 0, 2);
        try (ReadRows read = open(endless(topic), 1)) {
            Errors.expect(ErrorCode.SOURCE_GONE, "it holds 2 to 3", () -> read.until(() -> false));
        }
        assertEquals(
                List.of("2{\"id\":3}"),
                ReadRows.all(connector, KafkaTable.ids(broker.bootstrapServers(), topic).make()));
    }
}
