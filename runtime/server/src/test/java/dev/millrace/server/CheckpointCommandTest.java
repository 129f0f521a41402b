// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads and damages what a small job has stored. */
@Tag("integration")
@Timeout(30)
final class CheckpointCommandTest {
    private static final int THREADS = 2;
    private static final int FLIPS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCRIPT = """
            SET 'partitions' = '2';
            SET 'checkpoint.interval' = '100 ms';
            CREATE TABLE orders (order_id BIGINT, customer_id BIGINT)
              WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '2000', 'splits' = '2');
            CREATE TABLE counts (customer_id BIGINT, n BIGINT) WITH ('connector' = 'blackhole');
            INSERT INTO counts SELECT customer_id, COUNT(*) FROM orders GROUP BY customer_id EMIT CHANGES;
            """;

    private static long begin;

    @TempDir
    static Path made;

    @TempDir
    Path directory;

    @BeforeAll
    static void runAJob() {
        begin = System.currentTimeMillis();
        Path state = made.resolve("state");
        try (Node node = start(state)) {
            awaitEpoch(node, 3);
            node.createSavepoint(new SavepointName("counts", "before"));
            awaitEpoch(node, 6);
            CommandRun beside = checkpoint(state, "verify");
            assertEquals(ExitCode.SUCCESS, beside.exitCode(), beside.out() + beside.err());
        }
    }

    @Test
    void shouldListLogsByTheNamesOfTheirJobs() throws IOException {
        List<JsonNode> logs = json(checkpoint(made.resolve("state"), "ls", "--json"), ExitCode.SUCCESS);

        List<String> names = logs.stream().map(log -> log.path("log").asText()).toList();
        assertEquals(
                List.of("counts/0/0", "counts/0/1", "counts/before/0/0", "counts/before/0/1", "counts", "registry"),
                names);
        JsonNode first = logs.getFirst();
        assertEquals("partition", first.path("of").asText());
        assertEquals(1, first.path("first_epoch").asLong());
        assertTrue(first.path("last_epoch").asLong() >= 6, first::toString);
        assertTrue(first.path("state_bytes").asLong() > 0, first::toString);
        assertTrue(first.path("newest_millis").asLong() >= begin, first::toString);
        assertEquals(first.path("last_epoch").asLong() + 1, first.path("events").asLong(), "the claim comes first");
        CommandRun table = checkpoint(made.resolve("state"), "ls");
        assertTrue(table.out().startsWith("log "), table.out());
        assertEquals(2 + names.size(), table.out().lines().count());
    }

    @Test
    void shouldFindNothingWhereAllIsSound() throws IOException {
        CommandRun verified = checkpoint(made.resolve("state"), "verify");

        assertEquals(ExitCode.SUCCESS, verified.exitCode(), verified.out());
        assertEquals("", verified.out());
        assertTrue(verified.err().matches("6 logs, [\\d,]+ events, \\d+ snapshots?, [\\d,]+ bytes: all is sound\n"),
                verified.err());
        assertEquals(0,
                json(checkpoint(made.resolve("state"), "verify", "--json"), 0).getLast().path("damages").asInt());
    }

    @Test
    void shouldNameEveryFileInWhichAByteIsFlipped() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Path state = copy();
        for (Path file : files(state)) {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < FLIPS; i++) {
                byte[] flipped = bytes.clone();
                int at = random.nextInt(bytes.length);
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, flipped);
                String place = "byte " + at + " of " + file + ", seed " + seed;

                CommandRun verified = checkpoint(state, "verify");

                assertEquals(ExitCode.FAILED, verified.exitCode(), place);
                assertTrue(verified.out().contains(file + ": "), () -> place + ": " + verified.out());
                verified.assertNoStackTrace();
            }
            Files.write(file, bytes);
        }
        assertEquals(ExitCode.SUCCESS, checkpoint(state, "verify").exitCode());
    }

    @Test
    void shouldNameWhatIsMissing() throws IOException {
        Path state = copy();
        JsonNode partition = log(state, "counts/0/0");
        JsonNode image = log(state, "counts/before/0/1");
        Path directoryOfLog = Path.of(partition.path("directory").asText());
        Files.delete(slots(directoryOfLog).get(2));
        Path directoryOfImage = Path.of(image.path("directory").asText());
        for (Path slot : slots(directoryOfImage)) {
            Files.delete(slot);
        }

        List<JsonNode> damages = json(checkpoint(state, "verify", "--json"), ExitCode.FAILED);

        assertEquals(3, damages.size(), damages::toString);
        assertEquals(directoryOfLog.toString(), damages.get(0).path("file").asText());
        assertEquals(partition.path("id").asText(), damages.get(0).path("id").asText());
        assertTrue(damages.get(0).path("what").asText().contains("slot 3 is missing"), damages::toString);
        assertEquals(image.path("id").asText(), damages.get(1).path("id").asText());
        assertTrue(damages.get(1).path("what").asText().contains("of savepoint counts/before is missing"),
                damages::toString);
        assertEquals(2, damages.get(2).path("damages").asInt());
        CommandRun listed = checkpoint(state, "ls");
        assertEquals(ExitCode.FAILED, listed.exitCode());
        assertEquals("2 damages; millrace checkpoint verify tells of them\n", listed.err());
    }

    @Test
    void shouldShowALogInDetail() throws IOException {
        Path state = made.resolve("state");
        List<JsonNode> events = json(checkpoint(state, "inspect", "counts/0/1", "--json"), ExitCode.SUCCESS);

        assertEquals("started", events.getFirst().path("what").asText());
        assertEquals(1, events.getFirst().path("start").asLong());
        long rows = 0;
        for (JsonNode event : events.subList(1, events.size())) {
            assertEquals(event.path("event").asLong() - 1, event.path("epoch").asLong());
            assertTrue(event.path("rows_read").asLong() >= rows, event::toString);
            rows = event.path("rows_read").asLong();
        }
        assertTrue(events.get(1).path("begins").asBoolean());
        JsonNode last = events.getLast();
        assertEquals(List.of("0.0.0", "0.0.1"), last.path("inputs").findValuesAsText("input"));
        assertTrue(last.path("inputs").path(0).path("position").asLong() > 0, last::toString);

        CommandRun second = checkpoint(state, "inspect", log(state, "counts/0/1").path("id").asText(), "--epoch", "2");

        List<String> lines = second.out().lines().toList();
        assertEquals("inputs at epoch 2:", lines.get(4), second.out());
        assertEquals(9, lines.size(), second.out());
        CommandRun job = checkpoint(state, "inspect", "counts");
        assertTrue(job.out().contains("created"), job.out());
        assertFalse(job.out().contains("INSERT"), job.out());
    }

    @Test
    void shouldRefuseWhatHasNoMeaning() {
        Path state = made.resolve("state");
        assertRefused("MR-6001  log \"cuonts/0/1\" not found\n  did you mean \"counts/0/1\"?",
                checkpoint(state, "inspect", "cuonts/0/1"));
        assertRefused("MR-6001  the log holds no epoch 999999\n  it holds epochs 1 to ",
                checkpoint(state, "inspect", "counts/0/1", "--epoch", "999999"));
        assertRefused("MR-6001  inspect needs a LOG", checkpoint(state, "inspect"));
        assertRefused("MR-6001  only inspect takes a log", checkpoint(state, "verify", "counts"));
        assertRefused("MR-6001  \"verfy\" is not known\n  did you mean \"verify\"?", checkpoint(state, "verfy"));
        assertRefused("MR-6001  " + directory + " is not a state directory", checkpoint(directory, "verify"));
        assertRefused("MR-6001  only a state directory can be read, not jdbc:postgresql://localhost/a",
                CommandRun.of("checkpoint", "ls", "--state", "jdbc:postgresql://localhost/a"));
    }

    private static void assertRefused(String beginning, CommandRun run) {
        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
        assertTrue(run.err().startsWith(beginning), run.err());
        run.assertNoStackTrace();
    }

    private static CommandRun checkpoint(Path state, String... words) {
        List<String> all = new ArrayList<>(List.of("checkpoint"));
        all.addAll(List.of(words));
        all.addAll(List.of("--state", state.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static List<JsonNode> json(CommandRun run, int exitCode) throws IOException {
        assertEquals(exitCode, run.exitCode(), run.out() + run.err());
        List<JsonNode> objects = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            objects.add(JSON.readTree(line));
        }
        return objects;
    }

    private static JsonNode log(Path state, String name) throws IOException {
        return json(checkpoint(state, "ls", "--json"), ExitCode.SUCCESS).stream()
                .filter(log -> log.path("log").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Path copy() throws IOException {
        Path from = made.resolve("state");
        Path to = directory.resolve("state");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    private static List<Path> files(Path state) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String part : List.of("journal", "snapshots")) {
            try (Stream<Path> all = Files.exists(state.resolve(part)) ? Files.walk(state.resolve(part)) : Stream.of()) {
                all.filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0).forEach(files::add);
            }
        }
        return files;
    }

    private static List<Path> slots(Path log) throws IOException {
        try (Stream<Path> all = Files.list(log)) {
            return all.filter(file -> file.toString().endsWith(".slot")).sorted().toList();
        }
    }

    private static Node start(Path state) {
        Connectors connectors = BuiltInConnectors.create(new PrintStream(OutputStream.nullOutputStream()));
        Node node = Node.start(
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, state.resolve("dead-letters"), true, THREADS),
                connectors);
        ScriptPlan plan = ScriptPlan.of(SCRIPT, List.of(), connectors, THREADS);
        assertEquals(List.of(), plan.errors());
        for (PlacedStatement statement : plan.statements()) {
            if (statement.planned() instanceof PlannedStatement.Job job) {
                node.submit(job.plan(), null);
            }
        }
        return node;
    }

    private static void awaitEpoch(Node node, long epoch) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            List<JobStatus> jobs = node.jobs();
            if (!jobs.isEmpty() && jobs.getFirst().partitions().size() == THREADS
                    && jobs.getFirst().partitions().stream().allMatch(partition -> partition.epoch() >= epoch)) {
                return;
            }
            assertTrue(System.nanoTime() < end, jobs::toString);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
