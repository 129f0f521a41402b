// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.client.MillraceClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server as a process of its own, killed without a word, started again, and asked to end. */
@Tag("cluster")
@Timeout(60)
final class ServerKilledWhileJobRunsTest {
    private static final Pattern READY = Pattern.compile("millrace server is ready at (http://\\S+), state in .*");
    private static final int ROWS = 20_000;

    @TempDir
    Path directory;

    private Process process;
    private MillraceClient client;

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        process.destroyForcibly().waitFor();
    }

    @Test
    void shouldGoOnWithJobsAndTables() throws Exception {
        start();
        client.statements("""
                CREATE TABLE orders (order_id BIGINT, status STRING)
                  WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '%d', 'rows-per-second' = '4000',
                    'splits' = '2');
                CREATE TEMPORARY TABLE passing (a BIGINT) WITH ('connector' = 'blackhole');
                CREATE TABLE mistake (a BIGINT) WITH ('connector' = 'blackhole');
                DROP TABLE mistake;
                CREATE VIEW statuses AS SELECT status FROM orders;
                SET 'partitions' = '4';
                SET 'checkpoint.interval' = '100 ms';
                CREATE TABLE counts WITH ('connector' = 'blackhole')
                  AS SELECT status, COUNT(*) AS n FROM statuses GROUP BY status EMIT CHANGES;
                """.formatted(ROWS), Map.of());
        await(job -> job.path("rows_read").asLong() > ROWS / 10);

        process.destroyForcibly().waitFor();
        client.close();
        start();

        assertEquals(
                List.of("counts", "orders", "statuses"), client.tables().findValuesAsText("name").stream()
                        .filter(name -> List.of("counts", "orders", "statuses", "mistake", "passing").contains(name))
                        .toList());
        await(job -> job.path("state").asText().equals("finished"));
        assertEquals(ROWS, client.job("counts").path("rows_read").asLong());

        new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor();

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(143, process.exitValue());
    }

    private void await(Predicate<JsonNode> condition) {
        JsonNode job = client.job("counts");
        while (!condition.test(job)) {
            job = client.job("counts");
            String state = job.path("state").asText();
            assertTrue(List.of("recovering", "running", "finished").contains(state), job::toString);
        }
    }

    /** Starts the server on the same state and reads the address that it says. */
    private void start() throws IOException {
        process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "server", "--http", "0", "--port", "0", "--state", directory.resolve("state").toString())
                .directory(directory.toFile())
                .start();
        BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
        Matcher ready = READY.matcher(String.valueOf(err.readLine()));
        assertTrue(ready.matches(), ready::toString);
        client = MillraceClient.of(ready.group(1));
    }
}
