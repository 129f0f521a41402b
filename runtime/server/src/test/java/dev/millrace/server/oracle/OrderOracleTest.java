// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** INSERTs with ORDER BY on several partitions, stopped in the middle: the rows, and their order. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class OrderOracleTest {
    private static final List<Integer> PARTITIONS = List.of(1, 3, 8);
    @TempDir
    Path directory;

    @Test
    void shouldOrderWindowsOfAllPartitionsByTheirEnd(Oracle oracle) throws Exception {
        String query = """
                SELECT window_end, k, COUNT(*) AS n, SUM(v) AS b, AVG(d) AS m
                FROM TABLE(TUMBLE(TABLE long_events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
                GROUP BY window_start, window_end, k ORDER BY window_end, n DESC, k""";
        String meaning = """
                SELECT make_timestamp((start + 60000) * 1000) AS window_end, k, COUNT(*) AS n, SUM(v) AS b, AVG(d) AS m
                """ + notLate("start + 59999") + """
                GROUP BY window_end, k ORDER BY window_end, n DESC, k NULLS FIRST""";
        run(oracle, "window_end TIMESTAMP(3), k STRING, n BIGINT, b BIGINT, m DOUBLE", query, meaning, false);
    }

    @Test
    void shouldOrderWindowsByTheirBeginning(Oracle oracle) throws Exception {
        String query = """
                SELECT k, SUM(v) AS b
                FROM TABLE(TUMBLE(TABLE long_events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
                GROUP BY window_start, window_end, k ORDER BY window_start, k DESC""";
        String meaning = "SELECT k, SUM(v) AS b " + notLate("start + 59999")
                + "GROUP BY start, k ORDER BY start, k DESC NULLS LAST";
        run(oracle, "k STRING, b BIGINT", query, meaning, true);
    }

    @Test
    void shouldOrderResultsOfOverByTime(Oracle oracle) throws Exception {
        String query = """
                SELECT ts, id, SUM(v) OVER (PARTITION BY k ORDER BY ts ROWS 99 PRECEDING) AS a
                FROM long_events ORDER BY ts, id""";
        String meaning = "SELECT ts, id, SUM(v) OVER (PARTITION BY k ORDER BY ts, _split, _position ROWS 99 PRECEDING)"
                + " AS a " + notLate("epoch_ms(ts)") + "ORDER BY ts, id";
        run(oracle, "ts TIMESTAMP(3), id BIGINT, a BIGINT", query, meaning, true);
    }

    @Test
    void shouldOrderRowsWithoutStateByTime(Oracle oracle) throws Exception {
        run(oracle, "id BIGINT, b BIGINT", "SELECT id, v * 2 AS b FROM long_events WHERE flag ORDER BY ts, id",
                "SELECT id, v * 2 AS b " + notLate("epoch_ms(ts)") + "AND flag ORDER BY ts, id", true);
    }

    @Test
    void shouldOrderWhatEndsByAnything(Oracle oracle) throws Exception {
        run(oracle, "k STRING, g INT, n BIGINT",
                "SELECT k, g, COUNT(*) AS n FROM long_events GROUP BY k, g ORDER BY n DESC, g, k LIMIT 7 OFFSET 2",
                "SELECT k, g, COUNT(*) AS n FROM long_events GROUP BY k, g"
                        + " ORDER BY n DESC, g NULLS FIRST, k NULLS FIRST LIMIT 7 OFFSET 2",
                false);
    }

    /** Rows wait in both stages when the number of partitions changes. */
    @Test
    void shouldGoOnOnOtherNumbersOfPartitions(Oracle oracle) throws Exception {
        LongEvents events = new LongEvents(oracle, directory).endless();
        String rows = "SELECT ts, id, SUM(v) OVER (PARTITION BY k ORDER BY ts ROWS 99 PRECEDING) AS a FROM long_events";
        String script = """
                CREATE TABLE moving (ts TIMESTAMP(3), id BIGINT, a BIGINT) WITH ('connector' = 'collecting');
                SET 'partitions' = '3';
                INSERT INTO moving\s""" + rows + " ORDER BY ts, id;\n";
        try (Node node = events.start(1)) {
            events.submit(node, script, 1);
            events.sink.awaitRows("moving", 5);
            for (String partitions : List.of("5", "2")) {
                awaitRunning(node);
                node.alter("moving", Map.of("partitions", partitions));
                assertEquals(Integer.parseInt(partitions) + 1, node.job("moving").partitions().size());
            }
        }
        events.runToTheEnd(script);
        String meaning = "SELECT ts, id, SUM(v) OVER (PARTITION BY k ORDER BY ts, _split, _position ROWS 99 PRECEDING)"
                + " AS a " + notLate("epoch_ms(ts)") + "ORDER BY ts, id";
        assertOrdered(oracle.meaning(meaning), Relation.ofJson(events.sink.lines("moving")), "2 partitions");
    }

    private static void awaitRunning(Node node) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (node.job("moving").state() != JobState.RUNNING) {
            assertTrue(System.nanoTime() < deadline, "the job does not run");
        }
    }

    /** Runs a query on each number of partitions side by side; after a part of the input all jobs stop and go on. */
    private void run(Oracle oracle, String columns, String query, String meaning, boolean endless) throws Exception {
        LongEvents events = endless ? new LongEvents(oracle, directory).endless() : new LongEvents(oracle, directory);
        Relation expected = oracle.meaning(meaning);
        StringBuilder script = new StringBuilder();
        for (int partitions : PARTITIONS) {
            script.append("CREATE TABLE on").append(partitions).append(" (").append(columns)
                    .append(") WITH ('connector' = 'collecting');\n")
                    .append("SET 'partitions' = '").append(partitions).append("';\n")
                    .append("INSERT INTO on").append(partitions).append(' ').append(query).append(";\n");
        }
        boolean atTheEnd = query.contains("LIMIT");
        try (Node node = events.start(1)) {
            List<JobHandle> jobs = events.submit(node, script.toString(), 1);
            for (int partitions : PARTITIONS) {
                events.sink.awaitRows("on" + partitions, atTheEnd ? 0 : 5);
            }
            jobs.forEach(JobHandle::stop);
            for (JobHandle job : jobs) {
                JobOutcome outcome = job.outcome().get(20, TimeUnit.SECONDS);
                assertEquals(JobState.STOPPED, outcome.state(), job.name() + ": " + outcome.reason());
            }
        }
        for (int partitions : PARTITIONS) {
            long rows = events.sink.rows("on" + partitions);
            assertTrue(rows < expected.rows().size(), "stopped in the middle, with " + rows + " rows");
        }
        events.runToTheEnd(script.toString());
        for (int partitions : PARTITIONS) {
            assertOrdered(expected, Relation.ofJson(events.sink.lines("on" + partitions)), partitions + " partitions");
        }
    }

    /** @param end the last moment, in milliseconds, at which a row is not late */
    private static String notLate(String end) {
        return """
                FROM (SELECT *, epoch_ms(ts) - epoch_ms(ts) % 60000 AS start, max(epoch_ms(ts) - 5000) OVER (
                    PARTITION BY _split ORDER BY _position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - 1
                    AS before
                  FROM long_events)
                WHERE ts IS NOT NULL AND (before IS NULL OR""" + " " + end + " > before) ";
    }

    private static void assertOrdered(Relation expected, Relation actual, String how) {
        assertEquals(expected.rows().size(), actual.rows().size(), how);
        for (int i = 0; i < expected.rows().size(); i++) {
            String difference = new Relation(actual.names(), List.of(actual.rows().get(i)))
                    .difference(new Relation(expected.names(), List.of(expected.rows().get(i))));
            assertNull(difference, how + ", row " + i + ", seed " + Oracle.SEED);
        }
    }
}
