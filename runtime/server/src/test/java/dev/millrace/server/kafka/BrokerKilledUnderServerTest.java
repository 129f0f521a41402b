// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.CommandRun;
import dev.millrace.server.ToldProcess;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server says of its jobs, and how they fare, when the broker is away, back, and does without a topic. */
@Tag("cluster")
@Timeout(60)
final class BrokerKilledUnderServerTest {
    private static final Pattern READY = Pattern.compile("millrace server is ready at (http://\\S+), state in .*");
    private static final String TABLES = """
            CREATE TABLE pages (id BIGINT)
            WITH ('connector' = 'kafka', 'topic' = 'pages', 'properties.bootstrap.servers' = '%1$s',
              'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
            CREATE TABLE copies (id BIGINT)
            WITH ('connector' = 'kafka', 'topic' = 'copies', 'properties.bootstrap.servers' = '%1$s',
              'format' = 'json');
            """;

    @TempDir
    Path directory;

    private String address;
    private MillraceClient client;

    @Test
    void shouldShowTheProblemWhileItLastsAndTheReasonOfAnEnd() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        KafkaTopics topics = broker.topics();
        topics.create("pages", 2);
        try (ToldProcess server = ToldProcess.start(
                directory, "server", "--http", "0", "--port", "0", "--state", directory.resolve("state").toString())) {
            Matcher ready = READY.matcher(server.await("millrace server is ready"));
            assertTrue(ready.matches(), server::told);
            address = ready.group(1);
            client = MillraceClient.of(address);
            try {
                refuseAMissingTopic(broker);
                topics.create("copies", 1);
                holdUpAndGoOn(broker, topics);
                suspendWithoutTopic(topics);
            } finally {
                client.close();
            }
        }
    }

    /** Nothing is left of a job that could not start: its name is free, for other SQL too. */
    private void refuseAMissingTopic(KafkaBroker broker) {
        CommandRun tables = submit(TABLES.formatted(broker.bootstrapServers()));
        assertEquals(0, tables.exitCode(), tables::err);

        CommandRun missing = submit("INSERT INTO copies SELECT id + 0 FROM pages;");

        assertEquals(1, missing.exitCode(), missing::err);
        assertTrue(missing.err().contains("MR-3032  job \"copies\" failed: topic 'copies' of table \"copies\""),
                missing::err);
        assertTrue(missing.err().contains("--create --topic copies"), missing::err);
        assertEquals(0, client.jobs().size());
        assertEquals(1, command("job", "copies").exitCode());
    }

    private void holdUpAndGoOn(KafkaBroker broker, KafkaTopics topics) {
        CommandRun started = submit("INSERT INTO copies SELECT id FROM pages;\nSHOW JOBS;");
        assertEquals(0, started.exitCode(), started::err);
        assertTrue(started.out().contains("copies"), started::out);
        topics.append("pages", 0, "{\"id\":1}");
        await(job -> job.path("rows_written").asLong() == 1);

        broker.kill();
        try {
            JsonNode held = await(job -> job.path("problem").isTextual());
            assertEquals("running", held.path("state").asText());
            assertTrue(held.path("problem").asText().contains(broker.bootstrapServers()), held::toString);
            CommandRun shown = command("job", "copies");
            assertEquals(0, shown.exitCode(), shown::err);
            assertTrue(shown.out().contains("the brokers " + broker.bootstrapServers()), shown::out);
        } finally {
            broker.restart();
        }
        await(job -> job.path("problem").isNull());
        topics.append("pages", 1, "{\"id\":2}");
        Set<String> seen = new HashSet<>();
        while (!seen.equals(Set.of("{\"id\":1}", "{\"id\":2}"))) {
            seen.addAll(topics.values("copies"));
        }
        assertFalse(command("job", "copies").out().contains("brokers"));
    }

    private void suspendWithoutTopic(KafkaTopics topics) {
        topics.delete("pages");

        JsonNode failed = await(job -> job.path("state").asText().equals("failed"));

        assertEquals("MR-3033", failed.path("code").asText());
        assertTrue(failed.path("reason").asText().contains("topic 'pages' was deleted"), failed::toString);
        assertTrue(command("job", "copies").out().contains("topic 'pages' was deleted"));
        CommandRun dropped = command("drop", "copies");
        assertEquals(0, dropped.exitCode(), dropped::err);
        assertEquals(0, client.jobs().size());
    }

    private CommandRun submit(String sql) {
        return CommandRun.withInput(sql, "submit", "-", "--server", address);
    }

    private CommandRun command(String order, String job) {
        return CommandRun.of(order, job, "--server", address);
    }

    private JsonNode await(Predicate<JsonNode> condition) {
        JsonNode job = client.job("copies");
        while (!condition.test(job)) {
            Thread.onSpinWait();
            job = client.job("copies");
        }
        return job;
    }
}
