// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.filesystem.FilesystemConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Jobs over one table of events, with a node that can be ended and started again on the same state: the readers stand still
 * after some batches, so that there is a middle to stop in.
 */
final class LongEvents {
    static final int ROWS = 60_000;
    private static final int THREADS = 2;

    /** A job of each kind; they are named by their tables. */
    static final String INSERTS = """
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

    final CollectingConnector sink = new CollectingConnector();
    private final Path directory;
    private final String table;
    private boolean endless;

    LongEvents(Oracle oracle, Path directory) {
        this.directory = directory;
        DataTable events = new DataGenerator(Oracle.SEED).events("long_events", ROWS, 4, 3);
        oracle.add(events);
        table = TableFiles.write(events, TextFormat.JSON, directory.resolve("files"), Oracle.SEED);
    }

    /** The same events, of which a query does not know that they end. */
    LongEvents endless() {
        endless = true;
        return this;
    }

    /** Compares what the jobs have written with what they mean. */
    void check(Oracle oracle) {
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

    static void assertSame(Relation expected, Relation actual) {
        assertNull(actual.difference(expected));
    }

    void runToTheEnd(String script) throws Exception {
        try (Node node = start(Integer.MAX_VALUE)) {
            for (JobHandle job : submit(node, script, Integer.MAX_VALUE)) {
                JobOutcome outcome = job.outcome().get(20, TimeUnit.SECONDS);
                assertEquals(JobState.FINISHED, outcome.state(), job.name() + ": " + outcome.reason());
            }
        }
    }

    Node start(int batchesMax) {
        Path state = directory.resolve("state");
        return Node.start(
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, state.resolve("dead-letters"), THREADS),
                connectors(batchesMax));
    }

    private Connectors connectors(int batchesMax) {
        GatedConnector files = new GatedConnector(new FilesystemConnector(Path.of(""), System::nanoTime), batchesMax);
        return new Connectors(List.of(endless ? files.endless() : files), List.of(sink));
    }

    List<JobHandle> submit(Node node, String script, int batchesMax) {
        ScriptPlan plan = ScriptPlan.of(table + script, List.of(), connectors(batchesMax), THREADS);
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
