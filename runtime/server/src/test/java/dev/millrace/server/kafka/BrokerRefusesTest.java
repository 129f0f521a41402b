// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.ToldProcess;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a script says of a broker that can't serve it: soon, with the way out, and the process ends. */
@Tag("integration")
@Timeout(30)
final class BrokerRefusesTest {
    /** A person waits that long, with the start of a process on a busy machine. */
    private static final Duration TOLD_MAX = Duration.ofSeconds(20);

    private static final String NOBODY = "127.0.0.1:1";
    private static final String WRONG = "not-the-password";
    private static final String LOST = "CREATE TABLE lost (id BIGINT) WITH ('connector' = 'blackhole');\n";

    private static KafkaBroker broker;
    private static KafkaTopics topics;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.shared();
        topics = broker.topics();
    }

    private static String topic() {
        String topic = "refused-" + UUID.randomUUID();
        topics.create(topic, 2);
        return topic;
    }

    private static String table(String name, String servers, String topic, Map<String, String> properties) {
        Map<String, String> options = new HashMap<>(Map.of(
                "connector", "kafka", "topic", topic, "properties.bootstrap.servers", servers, "format", "json",
                "scan.startup.mode", "earliest-offset"));
        properties.forEach((key, value) -> options.put("properties." + key, value));
        return "CREATE TABLE " + name + " (id BIGINT) WITH (\n"
                + options.entrySet()
                        .stream()
                        .map(option -> "  '" + option.getKey() + "' = '" + option.getValue() + "'")
                        .collect(Collectors.joining(",\n"))
                + ");\n";
    }

    private String refused(String... statements) throws Exception {
        long start = System.nanoTime();
        try (ToldProcess run = ToldProcess.start(directory, "run", script(statements))) {
            assertEquals(1, run.exitCode(), run::told);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(time.compareTo(TOLD_MAX) < 0, time + "\n" + run.told());
            assertFalse(run.told().contains("\tat "), run::told);
            return run.told();
        }
    }

    private String script(String... statements) throws Exception {
        return Files.writeString(directory.resolve("script.sql"), String.join("", statements)).toString();
    }

    private static void assertSays(String told, String... parts) {
        for (String part : parts) {
            assertTrue(told.contains(part), () -> "\"" + part + "\" in:\n" + told);
        }
    }

    @Test
    void shouldNameTheBrokersThatDoNotAnswer() throws Exception {
        assertSays(
                refused(
                        table("orders", broker.bootstrapServers(), topic(), Map.of()),
                        table("away", NOBODY, "orders", Map.of()),
                        LOST,
                        "INSERT INTO lost SELECT id FROM away;\n",
                        "INSERT INTO away SELECT id FROM orders;\n"),
                "MR-3030  job \"lost\" failed: the brokers 127.0.0.1:1 of table \"away\" do not answer",
                "MR-3030  job \"away\" failed: the brokers 127.0.0.1:1 of table \"away\" do not answer",
                "  check 'properties.bootstrap.servers', that a broker runs there");
    }

    @Test
    void shouldNameTheTopicThatIsMissing() throws Exception {
        String topic = topic();
        String missing = topic.replace("refused", "refusde");

        assertSays(
                refused(
                        table("orders", broker.bootstrapServers(), topic, Map.of()),
                        table("away", broker.bootstrapServers(), missing, Map.of()),
                        LOST,
                        "INSERT INTO lost SELECT id FROM away;\n",
                        "INSERT INTO away SELECT id FROM orders;\n"),
                "MR-3032  job \"lost\" failed: topic '" + missing + "' of table \"away\" does not exist",
                "MR-3032  job \"away\" failed: topic '" + missing + "' of table \"away\" does not exist",
                "did you mean \"" + topic + "\"?",
                "--create --topic " + missing);
    }

    @Test
    void shouldSayThatCredentialsAreRefusedAndNotShowThem() throws Exception {
        String told = refused(
                table("orders", broker.passwordBootstrapServers(), topic(),
                        KafkaBroker.credentials(KafkaBroker.USER, WRONG)),
                "SELECT * FROM orders;\n");

        assertSays(told,
                "MR-3031  SELECT failed: the brokers " + broker.passwordBootstrapServers()
                        + " refuse the credentials of table \"orders\"",
                "  check 'properties.sasl.jaas.config'");
        assertFalse(told.contains(WRONG), told);
    }

    @Test
    void shouldSuspendTheJobWhoseTopicIsDeletedAndLetTheOtherGoOn() throws Exception {
        String topic = topic();
        String kept = topic();
        topics.append(topic, 0, "{\"id\":1}");
        String script = script(
                // The first one never ends: what happens to the second must be told all the same.
                table("kept", broker.bootstrapServers(), kept, Map.of()),
                table("orders", broker.bootstrapServers(), topic, Map.of()),
                LOST,
                "CREATE TABLE shown (id BIGINT) WITH ('connector' = 'print');\n",
                "INSERT INTO lost SELECT id FROM kept;\n",
                "INSERT INTO shown SELECT id FROM orders;\n");
        try (ToldProcess run = ToldProcess.start(directory, "run", script)) {
            run.await("1");
            topics.delete(topic);

            assertSays(run.await("MR-3033"), "job \"shown\" failed: ", "topic '" + topic + "' was deleted");
            run.await("job \"shown\" failed: 1 rows read");
            run.signal("TERM");
            run.await("job \"lost\" stopped: 0 rows read");
            assertEquals(143, run.exitCode(), run::told);
            assertEquals(List.of(), topics.values(kept));
        }
    }
}
