// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.JobHandle;
import dev.millrace.cluster.JobOutcome;
import dev.millrace.cluster.JobState;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.filesystem.FilesystemConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final int ROWS = 60_000;
    private static final int THREADS = 2;
    private static final List<String> JOBS = List.of("plain", "windows", "totals", "moving");

    private static final String INSERTS = """
            CREATE TABLE plain (id BIGINT, b BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'collecting');
            CREATE TABLE windows (window_start TIMESTAMP(3), k STRING, a BIGINT, b BIGINT, c DECIMAL(38, 2), m DOUBLE,
              u BIGINT)
              WITH ('connector' = 'collecting');
            CREATE TABLE totals (k STRING, g INT, a BIGINT, b BIGINT, c DECIMAL(38, 2), m TIMESTAMP(3), u BIGINT,
              PRIMARY KEY (k, g) NOT ENFORCED) WITH ('connector' = 'collecting');
            CREATE TABLE moving (id BIGINT, a BIGINT, m DOUBLE, c BIGINT, l BIGINT, w STRING)
              WITH ('connector' = 'collecting');
            INSERT INTO plain SELECT id, v * 2, ts FROM long_events WHERE flag;
            INSERT INTO windows SELECT window_start, k, COUNT(*), SUM(v), SUM(a), AVG(d), COUNT(DISTINCT v)
              FROM TABLE(TUMBLE(TABLE long_events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start,
                window_end, k;
            INSERT INTO totals SELECT k, g, COUNT(*), SUM(v), SUM(a), MAX(ts), COUNT(DISTINCT v)
              FROM long_events GROUP BY k, g EMIT CHANGES;
            INSERT INTO moving SELECT * FROM (SELECT id, SUM(v) OVER (PARTITION BY k ORDER BY ts ROWS 99 PRECEDING),
                AVG(d) OVER (PARTITION BY k ORDER BY ts ROWS 99 PRECEDING),
                COUNT(*) OVER (PARTITION BY k ORDER BY ts ROWS UNBOUNDED PRECEDING),
                LAG(v, 7) OVER (PARTITION BY k ORDER BY ts), MAX(k) OVER (PARTITION BY k ORDER BY ts ROWS 3 PRECEDING)
              FROM long_events) WHERE MOD(id, 16) = 3;
            """;

    @TempDir
    Path directory;

    private final CollectingConnector sink = new CollectingConnector();

    @Test
    void shouldGoOnFromSavepointsOnMoreAndOnFewerPartitions(Oracle oracle) throws Exception {
        String tables = tables(oracle);
        try (Node node = start(1)) {
            submit(node, tables + partitions(4) + INSERTS, 1);
            sink.awaitRows("plain", 5_000);
            stopWithSavepoint(node, "four");
        }
        try (Node node = start(1)) {
            submit(node, tables + partitions(16) + from("four", INSERTS), 1);
            sink.awaitRows("plain", sink.rows("plain") + 1);
            stopWithSavepoint(node, "sixteen");
        }
        assertTrue(sink.rows("totals") < ROWS, "stopped in the middle");
        runToTheEnd(tables + partitions(3) + from("sixteen", INSERTS));
        check(oracle);
    }

    @Test
    void shouldSpreadARunningJobOverOtherPartitions(Oracle oracle) throws Exception {
        String tables = tables(oracle);
        try (Node node = start(1)) {
            submit(node, tables + partitions(2) + INSERTS, 1);
            sink.awaitRows("plain", 5_000);
            for (String job : JOBS) {
                awaitRunning(node, job);
                node.alter(job, Map.of("partitions", "5"));
                assertEquals(5, node.job(job).partitions().size());
                node.createSavepoint(new SavepointName(job, "kept"));
            }
            assertEquals(4, node.savepoints().size());
        }
        runToTheEnd(tables + partitions(2) + INSERTS);
        check(oracle);
    }

    @Test
    void shouldKeepTheAggregatesThatAQueryStillHas(Oracle oracle) throws Exception {
        String tables = tables(oracle);
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
        try (Node node = start(1)) {
            submit(node, tables + sinks + before, 1);
            sink.awaitRows("totals", 5_000);
            node.stopWithSavepoint(new SavepointName("totals", "s"));
        }
        runToTheEnd(tables + sinks + "SET 'savepoint' = 'totals/s';" + after);
        Relation meaning = oracle.meaning("""
                SELECT k, g, SUM(v) AS b, COUNT(*) AS a, 0 AS z FROM long_events GROUP BY k, g""");
        assertSame(meaning, Relation.ofJson(sink.lines("more")).last(2));
    }

    @Test
    void shouldRefuseAQueryThatLosesState(Oracle oracle) throws Exception {
        String tables = tables(oracle);
        String sinks = """
                CREATE TABLE totals (k STRING, a BIGINT, b BIGINT, PRIMARY KEY (k) NOT ENFORCED)
                  WITH ('connector' = 'collecting');
                """;
        try (Node node = start(1)) {
            submit(node, tables + sinks
                    + "INSERT INTO totals SELECT k, COUNT(*), SUM(v) FROM long_events GROUP BY k EMIT CHANGES;", 1);
            sink.awaitRows("totals", 1_000);
            node.stopWithSavepoint(new SavepointName("totals", "s"));
            JobHandle other = submit(node, tables + sinks + "SET 'savepoint' = 'totals/s'; SET 'job.name' = 'other';"
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
        String tables = tables(oracle);
        String sinks = """
                CREATE TABLE totals (k STRING, a BIGINT, b BIGINT, PRIMARY KEY (k) NOT ENFORCED)
                  WITH ('connector' = 'collecting');
                """;
        String before = "INSERT INTO totals SELECT k, COUNT(*), SUM(v) FROM long_events GROUP BY k EMIT CHANGES;";
        String after = "INSERT INTO totals SELECT k, COUNT(*), 2 * SUM(v) FROM long_events GROUP BY k EMIT CHANGES;";
        try (Node node = start(1)) {
            submit(node, tables + sinks + before, 1);
            sink.awaitRows("totals", 1_000);
            node.stopWithSavepoint(new SavepointName("totals", "s"));
        }
        runToTheEnd(tables + sinks + from("s", after));
        assertSame(
                oracle.meaning("SELECT k, COUNT(*) AS a, 2 * SUM(v) AS b FROM long_events GROUP BY k"),
                Relation.ofJson(sink.lines("totals")).last(1));
        long rows = sink.rows("totals");
        runToTheEnd(tables + sinks + from("s", after));
        assertEquals(rows, sink.rows("totals"), "a script that runs again goes on where it stood");
    }

    @Test
    void shouldRefuseToAppendRowsAgain(Oracle oracle) throws Exception {
        String tables = tables(oracle);
        String sinks = "CREATE TABLE plain (id BIGINT) WITH ('connector' = 'collecting');";
        String insert = "INSERT INTO plain SELECT id FROM long_events;";
        try (Node node = start(1)) {
            submit(node, tables + sinks + insert, 1);
            sink.awaitRows("plain", 1_000);
            awaitRunning(node, "plain");
            node.createSavepoint(new SavepointName("plain", "s"));
            node.stop("plain");
            JobHandle again = submit(node, tables + sinks + from("plain/s", "SET 'job.name' = 'again';" + insert), 1)
                    .getFirst();
            assertEquals(ErrorCode.SAVEPOINT_REFUSED, again.outcome().get(20, TimeUnit.SECONDS).code());
        }
    }

    private String tables(Oracle oracle) {
        DataTable events = new DataGenerator(Oracle.SEED).events("long_events", ROWS, 4, 3);
        oracle.add(events);
        return TableFiles.write(events, TextFormat.JSON, directory.resolve("files"), Oracle.SEED);
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

    private void check(Oracle oracle) {
        assertSame(
                oracle.meaning("SELECT id, v * 2 AS b, ts FROM long_events WHERE flag"),
                Relation.ofJson(sink.lines("plain")));
        assertSame(oracle.meaning("""
                SELECT make_timestamp(start * 1000) AS window_start, k, COUNT(*) AS a, SUM(v) AS b, SUM(a) AS c,
                  AVG(d) AS m,
                  COUNT(DISTINCT v) AS u
                FROM (SELECT *, epoch_ms(ts) - epoch_ms(ts) % 60000 AS start, max(epoch_ms(ts) - 5000) OVER (
                    PARTITION BY _split ORDER BY _position ROWS BETWEEN UNBOUNDED PRECEDING
                      AND 1 PRECEDING) - 1 AS before
                  FROM long_events)
                WHERE ts IS NOT NULL AND (before IS NULL OR start + 59999 > before) GROUP BY window_start, k"""),
                Relation.ofJson(sink.lines("windows")));
        assertEquals(ROWS, sink.rows("totals"), "a change for every row");
        assertSame(oracle.meaning("""
                SELECT k, g, COUNT(*) AS a, SUM(v) AS b, SUM(a) AS c, MAX(ts) AS m, COUNT(DISTINCT v) AS u
                FROM long_events GROUP BY k, g"""),
                Relation.ofJson(sink.lines("totals")).last(2));
        assertSame(oracle.meaning("""
                SELECT id, SUM(v) OVER f AS a, AVG(d) OVER f AS m, COUNT(*) OVER o AS c, LAG(v, 7) OVER o AS l, k AS w
                FROM (SELECT *, max(epoch_ms(ts) - 5000) OVER (
                    PARTITION BY _split ORDER BY _position ROWS BETWEEN UNBOUNDED PRECEDING
                      AND 1 PRECEDING) - 1 AS before
                  FROM long_events)
                WHERE ts IS NOT NULL AND (before IS NULL OR epoch_ms(ts) > before)
                WINDOW f AS (PARTITION BY k ORDER BY ts, _split, _position ROWS 99 PRECEDING),
                  o AS (PARTITION BY k ORDER BY ts, _split, _position ROWS UNBOUNDED PRECEDING)
                QUALIFY id % 16 = 3"""),
                Relation.ofJson(sink.lines("moving")));
    }

    private static void assertSame(Relation expected, Relation actual) {
        assertNull(actual.difference(expected));
    }

    private void runToTheEnd(String script) throws Exception {
        try (Node node = start(Integer.MAX_VALUE)) {
            for (JobHandle job : submit(node, script, Integer.MAX_VALUE)) {
                JobOutcome outcome = job.outcome().get(20, TimeUnit.SECONDS);
                assertEquals(JobState.FINISHED, outcome.state(), job.name() + ": " + outcome.reason());
            }
        }
    }

    private Node start(int batchesMax) {
        Path state = directory.resolve("state");
        return Node.start(
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, state.resolve("dead-letters"), THREADS),
                connectors(batchesMax));
    }

    private Connectors connectors(int batchesMax) {
        GatedConnector files = new GatedConnector(new FilesystemConnector(Path.of(""), System::nanoTime), batchesMax);
        return new Connectors(List.of(files), List.of(sink));
    }

    private List<JobHandle> submit(Node node, String script, int batchesMax) {
        ScriptPlan plan = ScriptPlan.of(script, List.of(), connectors(batchesMax), THREADS);
        assertEquals(List.of(), plan.errors());
        List<JobHandle> jobs = new ArrayList<>();
        for (PlacedStatement statement : plan.statements()) {
            if (statement.planned() instanceof PlannedStatement.Job job) {
                jobs.add(node.submit(job.plan(), null));
            }
        }
        return jobs;
    }
}
