// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.upgrade.SavepointName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that go on from savepoints on other numbers of partitions and as other queries: the same rows as without. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class SavepointOracleTest {
    private static final List<String> JOBS = List.of("plain", "windows", "totals", "moving");

    @TempDir
    Path directory;

    private LongEvents events;

    @Test
    void shouldGoOnFromSavepointsOnMoreAndOnFewerPartitions(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        try (Node node = events.start(1)) {
            events.submit(node, partitions(4) + LongEvents.INSERTS, 1);
            events.sink.awaitRows("plain", 5_000);
            stopWithSavepoint(node, "four");
        }
        try (Node node = events.start(1)) {
            events.submit(node, partitions(16) + from("four", LongEvents.INSERTS), 1);
            events.sink.awaitRows("plain", events.sink.rows("plain") + 1);
            stopWithSavepoint(node, "sixteen");
        }
        assertTrue(events.sink.rows("totals") < LongEvents.ROWS, "stopped in the middle");
        events.runToTheEnd(partitions(3) + from("sixteen", LongEvents.INSERTS));
        events.check(oracle);
    }

    @Test
    void shouldSpreadARunningJobOverOtherPartitions(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        try (Node node = events.start(1)) {
            events.submit(node, partitions(2) + LongEvents.INSERTS, 1);
            events.sink.awaitRows("plain", 5_000);
            for (String job : JOBS) {
                awaitRunning(node, job);
                node.alter(job, Map.of("partitions", "5"));
                assertEquals(5, node.job(job).partitions().size());
                node.createSavepoint(new SavepointName(job, "kept"));
            }
            assertEquals(4, node.savepoints().size());
        }
        events.runToTheEnd(partitions(2) + LongEvents.INSERTS);
        events.check(oracle);
    }

    @Test
    void shouldKeepTheAggregatesThatAQueryStillHas(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        String before = "INSERT INTO totals SELECT k, g, COUNT(*), SUM(v) FROM long_events GROUP BY k, g EMIT CHANGES;";
        String after =
                """
                        INSERT INTO more SELECT k, g, SUM(v), COUNT(*), COUNT(*) FILTER (WHERE id < 0) FROM long_events GROUP BY k, g EMIT CHANGES;
                        """;
        String sinks = """
                CREATE TABLE totals (k STRING, g INT, a BIGINT, b BIGINT, PRIMARY KEY (k, g) NOT ENFORCED)
                  WITH ('connector' = 'collecting');
                CREATE TABLE more (k STRING, g INT, b BIGINT, a BIGINT, z BIGINT,
                  PRIMARY KEY (k, g) NOT ENFORCED) WITH ('connector' = 'collecting');
                """;
        try (Node node = events.start(1)) {
            events.submit(node, sinks + before, 1);
            events.sink.awaitRows("totals", 5_000);
            node.stopWithSavepoint(new SavepointName("totals", "s"));
        }
        events.runToTheEnd(sinks + "SET 'savepoint' = 'totals/s';" + after);
        Relation meaning = oracle.meaning("""
                SELECT k, g, SUM(v) AS b, COUNT(*) AS a, 0 AS z FROM long_events GROUP BY k, g""");
        LongEvents.assertSame(meaning, Relation.ofJson(events.sink.lines("more")).last(2));
    }

    @Test
    void shouldRefuseAQueryThatLosesState(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        String sinks = """
                CREATE TABLE totals (k STRING, a BIGINT, b BIGINT, PRIMARY KEY (k) NOT ENFORCED)
                  WITH ('connector' = 'collecting');
                """;
        try (Node node = events.start(1)) {
            events.submit(node, sinks
                    + "INSERT INTO totals SELECT k, COUNT(*), SUM(v) FROM long_events GROUP BY k EMIT CHANGES;", 1);
            events.sink.awaitRows("totals", 1_000);
            node.stopWithSavepoint(new SavepointName("totals", "s"));
            JobHandle other = events.submit(node, sinks + "SET 'savepoint' = 'totals/s'; SET 'job.name' = 'other';"
                    + "INSERT INTO totals SELECT CAST(g AS STRING), COUNT(*), SUM(v) FROM long_events"
                    + " GROUP BY CAST(g AS STRING) EMIT CHANGES;", 1)
                    .getFirst();
            JobOutcome outcome = other.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(ErrorCode.SAVEPOINT_REFUSED, outcome.code());
            assertTrue(outcome.reason().contains("the key was (k)"), outcome.reason());
        }
    }

    @Test
    void shouldGoOnUnderItsNameWithAnotherStatement(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        String sinks = """
                CREATE TABLE totals (k STRING, a BIGINT, b BIGINT, PRIMARY KEY (k) NOT ENFORCED)
                  WITH ('connector' = 'collecting');
                """;
        String before = "INSERT INTO totals SELECT k, COUNT(*), SUM(v) FROM long_events GROUP BY k EMIT CHANGES;";
        String after = "INSERT INTO totals SELECT k, COUNT(*), 2 * SUM(v) FROM long_events GROUP BY k EMIT CHANGES;";
        try (Node node = events.start(1)) {
            events.submit(node, sinks + before, 1);
            events.sink.awaitRows("totals", 1_000);
            node.stopWithSavepoint(new SavepointName("totals", "s"));
        }
        events.runToTheEnd(sinks + from("s", after));
        LongEvents.assertSame(
                oracle.meaning("SELECT k, COUNT(*) AS a, 2 * SUM(v) AS b FROM long_events GROUP BY k"),
                Relation.ofJson(events.sink.lines("totals")).last(1));
        long rows = events.sink.rows("totals");
        events.runToTheEnd(sinks + from("s", after));
        assertEquals(rows, events.sink.rows("totals"), "a script that runs again goes on where it stood");
    }

    @Test
    void shouldRefuseToAppendRowsAgain(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        String sinks = "CREATE TABLE plain (id BIGINT) WITH ('connector' = 'collecting');";
        String insert = "INSERT INTO plain SELECT id FROM long_events;";
        try (Node node = events.start(1)) {
            events.submit(node, sinks + insert, 1);
            events.sink.awaitRows("plain", 1_000);
            awaitRunning(node, "plain");
            node.createSavepoint(new SavepointName("plain", "s"));
            node.stop("plain");
            JobHandle again = events.submit(node, sinks + from("plain/s", "SET 'job.name' = 'again';" + insert), 1)
                    .getFirst();
            assertEquals(ErrorCode.SAVEPOINT_REFUSED, again.outcome().get(20, TimeUnit.SECONDS).code());
        }
    }

    private static String partitions(int number) {
        return "SET 'partitions' = '" + number + "';\n";
    }

    /** The option is for the next job only. */
    private static String from(String savepoint, String inserts) {
        return inserts.replace("INSERT INTO", "SET 'savepoint' = '" + savepoint + "';\nINSERT INTO");
    }

    private static void awaitRunning(Node node, String job) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (node.jobs().stream()
                .noneMatch(status -> status.name().equals(job) && status.state() == JobState.RUNNING)) {
            assertTrue(System.nanoTime() < deadline, job + " does not run");
        }
    }

    private static void stopWithSavepoint(Node node, String name) {
        for (String job : JOBS) {
            awaitRunning(node, job);
            node.stopWithSavepoint(new SavepointName(job, name));
            assertEquals(JobState.STOPPED, node.job(job).state());
            node.drop(job);
        }
    }
}
