// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

        Process first = start(words);
        try (BufferedReader err = first.errorReader(StandardCharsets.UTF_8)) {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                if (rows.size() == 100) {
                    // SIGTERM, after which what is left still comes.
                    signal(first, "TERM");
                }
                rows.add(line);
            }
        }
        assertEquals(143, first.waitFor(), () -> String.join("\n", rows));
        assertTrue(rows.removeLast().startsWith("job \"copies\" stopped: "), rows::toString);
        assertTrue(rows.size() < 20_000, "stopped in the middle");

        Process second = start(words);
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

        Process process = start("run", script.toString(), "--format", "csv");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertEquals("order_id", out.readLine());
        out.close();

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.exitValue());
    }

    @Test
    void shouldEndTheDemoByASignalWithoutFailure() throws Exception {
        Process process = start("demo");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null && !line.contains("TRADER"); line = out.readLine()) {
            assertTrue(process.isAlive());
        }

        signal(process, "INT");

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    /** Not {@code destroy()}: that would close the streams before the last words have come. */
    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.home=" + root(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(Arrays.asList(words));
        return new ProcessBuilder(command).directory(directory.toFile()).start();
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("build-support"))) {
            root = root.getParent();
        }
        return root;
    }
}
