// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.CommandRun;
import dev.millrace.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose state is kept in PostgreSQL. */
@Tag("cluster")
@Timeout(60)
final class StateInPostgresTest {
    private static PostgresServer server;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        server = PostgresServer.shared();
    }

    @Test
    void shouldKnowAFinishedJobAgainAndTellNobodyThePassword() throws IOException {
        server.execute("CREATE SCHEMA state_of_jobs AUTHORIZATION " + PostgresServer.USER);
        Path script = Files.writeString(directory.resolve("copy.sql"),
                """
                        CREATE TABLE orders (order_id BIGINT) WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '500');
                        CREATE TABLE copies (order_id BIGINT) WITH ('connector' = 'print');
                        INSERT INTO copies SELECT order_id FROM orders;
                        """);
        String place = server.url() + "?currentSchema=state_of_jobs&user=" + PostgresServer.USER + "&password=";
        String[] words = {"run", script.toString(), "--state", place + PostgresServer.PASSWORD};

        CommandRun first = CommandRun.of(words);
        assertEquals(0, first.exitCode(), first.err());
        assertEquals(501, first.err().lines().count(), first.err());
        assertFalse(first.err().contains(PostgresServer.PASSWORD), first.err());
        List<String> ids = server.query("SELECT DISTINCT persistence_id FROM state_of_jobs.event_journal ORDER BY 1");
        assertTrue(ids.size() > 2, ids::toString);

        CommandRun second = CommandRun.of(words);
        assertEquals(0, second.exitCode(), second.err());
        assertEquals(1, second.err().lines().count(), second.err());

        CommandRun refused = CommandRun.of("run", script.toString(), "--state", place + "not-the-word");
        assertEquals(1, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("MR-5013"), refused.err());
        assertFalse(refused.err().contains("not-the-word"), refused.err());
    }
}
