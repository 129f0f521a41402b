// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of which one has nine rows of ten, with rows that are combined before they travel and with rows that are not. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class SkewOracleTest {
    private static final String KEY = "CASE WHEN MOD(id, 10) <> 0 THEN 'hot' ELSE k END";
    private static final String DUCK_KEY = "CASE WHEN id % 10 <> 0 THEN 'hot' ELSE k END";
    private static final String AGGREGATES = "COUNT(*) AS a, COUNT(v) AS b, SUM(v) AS c, MIN(d) AS e, MAX(ts) AS h,"
            + " MAX(k) AS i, MIN(flag) AS j, AVG(v) AS m, SUM(a) AS n, COUNT(*) FILTER (WHERE flag) AS o,"
            + " SUM(v) FILTER (WHERE g = 1) AS p";

    @TempDir
    Path directory;

    private LongEvents events;

    private static void checkAll(Oracle oracle, String sql, String meaning) {
        for (String mode : List.of("always", "auto", "never")) {
            oracle.check("SET 'pre-aggregation' = '" + mode + "';\n" + sql, meaning);
        }
    }

    @Test
    void shouldGiveFinalResultsPerKey(Oracle oracle) {
        checkAll(oracle,
                "SELECT " + KEY + " AS s, " + AGGREGATES + ", AVG(a) AS q FROM e GROUP BY " + KEY + " EMIT FINAL",
                "SELECT " + DUCK_KEY + " AS s, " + AGGREGATES + ", average(SUM(a), COUNT(a), 2)::DECIMAL(38, 6) AS q"
                        + " FROM e GROUP BY s");
        checkAll(oracle,
                "SELECT s, g, COUNT(*) AS a, SUM(v) AS b FROM (SELECT " + KEY + " AS s, g, v FROM e WHERE v > -500)"
                        + " GROUP BY s, g HAVING COUNT(*) > 3 EMIT FINAL",
                "SELECT " + DUCK_KEY + " AS s, g, COUNT(*) AS a, SUM(v) AS b FROM e WHERE v > -500 GROUP BY s, g"
                        + " HAVING COUNT(*) > 3");
    }

    @Test
    void shouldCloseWindowsWithLateRowsLeftOut(Oracle oracle) {
        String meaning = "SELECT window_start, " + DUCK_KEY + " AS s, " + AGGREGATES
                + " FROM tumbled(60000, 0, 0) GROUP BY window_start, s";
        String sql = "SELECT window_start, s, " + AGGREGATES + " FROM (SELECT *, " + KEY + " AS s FROM e) GROUP BY s"
                + " WINDOW TUMBLING(1m)";
        checkAll(oracle, sql, meaning);
        long late = oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 0) WHERE late");
        long timeless = oracle.count("SELECT COUNT(*) FROM e WHERE ts IS NULL");
        assertTrue(late > 10, "rows are late");
        for (Oracle.Deployment deployment : Oracle.DEPLOYMENTS) {
            Answer answer = oracle.check("SET 'pre-aggregation' = 'always';\n" + sql, meaning, deployment);
            assertEquals(late, answer.late(), answer.err());
            assertEquals(timeless, answer.bad(), answer.err());
            assertEquals(oracle.count("SELECT COUNT(*) FROM e"), answer.read(), answer.err());
        }
    }

    @Test
    void shouldAggregateAllRowsInTwoPhases(Oracle oracle) {
        checkAll(oracle, "SELECT " + AGGREGATES + " FROM e EMIT FINAL", "SELECT " + AGGREGATES + " FROM e");
        checkAll(oracle,
                "SELECT window_start, " + AGGREGATES + " FROM e WINDOW TUMBLING (SIZE 7 SECONDS)",
                "SELECT window_start, " + AGGREGATES + " FROM tumbled(7000, 0, 0) GROUP BY window_start");
        checkAll(oracle, "SELECT COUNT(*) AS a, SUM(id) AS b FROM nothing EMIT FINAL",
                "SELECT COUNT(*) AS a, SUM(id) AS b FROM nothing");
        checkAll(oracle, "SELECT COUNT(*) AS a, SUM(id) AS b, MAX(id) AS c FROM big EMIT FINAL",
                "SELECT COUNT(*) AS a, SUM(id) AS b, MAX(id) AS c FROM big");
    }

    @Test
    void shouldLeaveRowsThatFailOut(Oracle oracle) {
        for (String mode : List.of("always", "never")) {
            oracle.checkBad(
                    "SET 'pre-aggregation' = '" + mode + "';\nSELECT s, COUNT(*) AS a, SUM(q) AS b"
                            + " FROM (SELECT " + KEY + " AS s, v / g AS q FROM e) GROUP BY s EMIT FINAL",
                    "SELECT " + DUCK_KEY + " AS s, COUNT(*) AS a, SUM(v // g) AS b FROM e"
                            + " WHERE (g = 0 AND v IS NOT NULL) IS NOT TRUE GROUP BY s",
                    "SELECT COUNT(*) FROM e WHERE g = 0 AND v IS NOT NULL");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void shouldGiveTheSameRowsAfterStopsInTheMiddle(int partitions, Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        String script = "SET 'partitions' = '" + partitions + "';\nSET 'pre-aggregation' = 'always';\n"
                + "SET 'emit.coalesce' = '10 ms';\n"
                + """
                        CREATE TABLE windows (window_start TIMESTAMP(3), s STRING, a BIGINT, b BIGINT, m DOUBLE)
                          WITH ('connector' = 'collecting');
                        CREATE TABLE totals (s STRING, g INT, a BIGINT, b BIGINT, c TIMESTAMP(3), m DECIMAL(38, 2),
                          PRIMARY KEY (s, g) NOT ENFORCED) WITH ('connector' = 'collecting');
                        CREATE TABLE overall (z INT, a BIGINT, b BIGINT, c DECIMAL(38, 2), PRIMARY KEY (z) NOT ENFORCED)
                          WITH ('connector' = 'collecting');
                        INSERT INTO windows SELECT window_start, s, COUNT(*), SUM(v), AVG(v)
                          FROM (SELECT *, %s AS s FROM long_events) GROUP BY s WINDOW TUMBLING(1m);
                        INSERT INTO totals SELECT s, g, COUNT(*), SUM(v), MAX(ts), SUM(a)
                          FROM (SELECT *, %s AS s FROM long_events) GROUP BY s, g EMIT CHANGES;
                        INSERT INTO overall SELECT 1, COUNT(*), SUM(v), SUM(a) FROM long_events EMIT CHANGES;
                        """.formatted(KEY, KEY);
        runUntil(script, 1);
        runUntil(script, events.sink.rows("overall") + 1);
        events.runToTheEnd(script);

        LongEvents.assertSame(
                oracle.meaning("SELECT " + DUCK_KEY + " AS s, g, COUNT(*) AS a, SUM(v) AS b, MAX(ts) AS c, SUM(a) AS m"
                        + " FROM long_events GROUP BY s, g"),
                Relation.ofJson(events.sink.lines("totals")).last(2));
        LongEvents.assertSame(
                oracle.meaning("SELECT 1 AS z, COUNT(*) AS a, SUM(v) AS b, SUM(a) AS c FROM long_events"),
                Relation.ofJson(events.sink.lines("overall")).last(1));
        LongEvents.assertSame(oracle.meaning("""
                SELECT make_timestamp(start * 1000) AS window_start, %s AS s, COUNT(*) AS a, SUM(v) AS b, AVG(v) AS m
                FROM (SELECT *, epoch_ms(ts) - epoch_ms(ts) %% 60000 AS start, max(epoch_ms(ts) - 5000) OVER (
                    PARTITION BY _split ORDER BY _position ROWS BETWEEN UNBOUNDED PRECEDING
                      AND 1 PRECEDING) - 1 AS before
                  FROM long_events)
                WHERE ts IS NOT NULL AND (before IS NULL OR start + 59999 > before) GROUP BY window_start, s"""
                .formatted(DUCK_KEY)), Relation.ofJson(events.sink.lines("windows")));
    }

    private void runUntil(String script, long rows) throws Exception {
        try (Node node = events.start(1)) {
            List<JobHandle> jobs = events.submit(node, script, 1);
            events.sink.awaitRows("overall", rows);
            jobs.forEach(JobHandle::stop);
            for (JobHandle job : jobs) {
                JobOutcome outcome = job.outcome().get(20, TimeUnit.SECONDS);
                assertEquals(JobState.STOPPED, outcome.state(), job.name() + ": " + outcome.reason());
            }
        }
    }
}
