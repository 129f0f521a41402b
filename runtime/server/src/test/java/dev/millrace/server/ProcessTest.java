// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: signals, pipes, exit codes. */
@Tag("integration")
@Timeout(30)
final class ProcessTest {
    @TempDir
    Path directory;

    @Test
    void shouldGoOnWhereAStoppedScriptStood() throws Exception {
        Path script = Files.writeString(directory.resolve("copy.sql"), """
                CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE,
                  order_time TIMESTAMP(3))
                WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '20000', 'rows-per-second' = '10000',
                  'splits' = '2');
                CREATE TABLE copies (order_id BIGINT) WITH ('connector' = 'print');
                SET 'partitions' = '2';
                INSERT INTO copies SELECT order_id FROM orders;
                """);
        String[] words = {"run", script.toString(), "--state", directory.resolve("state").toString()};
        List<String> rows = new ArrayList<>();

        Process first = MillraceProcess.start(directory, words);
        try (BufferedReader err = first.errorReader(StandardCharsets.UTF_8)) {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                if (rows.size() == 100) {
                    // SIGTERM, after which what is left still comes.
                    MillraceProcess.signal(first, "TERM");
                }
                rows.add(line);
            }
        }
        assertEquals(143, first.waitFor(), () -> String.join("\n", rows));
        assertTrue(rows.removeLast().startsWith("job \"copies\" stopped: "), rows::toString);
        assertTrue(rows.size() < 20_000, "stopped in the middle");

        Process second = MillraceProcess.start(directory, words);
        second.errorReader(StandardCharsets.UTF_8).lines().forEach(rows::add);
        assertEquals(0, second.waitFor());
        assertTrue(rows.removeLast().startsWith("job \"copies\" finished: 20,000 rows read"), rows::toString);
        assertEquals(20_000, rows.size());
        assertEquals(20_000, rows.stream().distinct().count());
    }

    @Test
    void shouldEndQuietlyWhenNobodyReadsAnyMore() throws Exception {
        Path script = Files.writeString(directory.resolve("endless.sql"), """
                CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE,
                  order_time TIMESTAMP(3)) WITH ('connector' = 'workload', 'workload' = 'orders');
                SELECT order_id FROM orders;
                """);

        Process process = MillraceProcess.start(directory, "run", script.toString(), "--format", "csv");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertEquals("order_id", out.readLine());
        out.close();

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.exitValue());
    }

    @Test
    void shouldEndTheDemoByASignalWithoutFailure() throws Exception {
        Process process = MillraceProcess.start(directory, "demo");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null && !line.contains("TRADER"); line = out.readLine()) {
            assertTrue(process.isAlive());
        }

        // Not INT, which the processes of a build in the background of a shell ignore.
        MillraceProcess.signal(process, "TERM");

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }
}
