// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.oracle.Oracle.Deployment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tumbling windows on event time, with rows that are late. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class WindowOracleTest {
    private static final String AGGREGATES = "COUNT(*) AS a, SUM(v) AS b, MAX(ts) AS c, MIN(id) AS m, SUM(a) AS u";
    private static final String MEANING = "SELECT window_start, window_end, k, " + AGGREGATES
            + " FROM tumbled(60000, 0, 0) GROUP BY window_start, window_end, k";

    @BeforeAll
    static void checkThatRowsAreLate(Oracle oracle) {
        assertTrue(oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 0) WHERE late") > 10, "rows are late");
        assertTrue(oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 0) WHERE NOT late AND ms <= before") > 10,
                "rows are behind the watermark and not late");
    }

    @Test
    void shouldCloseWindowsOfTheTableFunction(Oracle oracle) {
        oracle.check("SELECT window_start, window_end, k, " + AGGREGATES
                + " FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start,"
                + " window_end, k",
                MEANING);
        oracle.check("SELECT window_start, window_end, k, " + AGGREGATES
                + " FROM TABLE(TUMBLE(DATA => TABLE e, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '60' SECOND))"
                + " GROUP BY k, window_end, window_start EMIT FINAL",
                MEANING);
    }

    @Test
    void shouldCloseWindowsOfTheGroupFunction(Oracle oracle) {
        oracle.check("SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) AS window_start, TUMBLE_END(ts, INTERVAL '1'"
                + " MINUTE) AS window_end,"
                + " k, " + AGGREGATES + " FROM e GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), k",
                MEANING);
        oracle.check("SELECT TUMBLE_ROWTIME(ts, INTERVAL '1' HOUR) AS r, COUNT(*) AS a FROM e GROUP BY TUMBLE(ts,"
                + " INTERVAL '1' HOUR)",
                "SELECT window_end - INTERVAL '1' MILLISECOND AS r, COUNT(*) AS a FROM tumbled(3600000, 0, 0) GROUP"
                        + " BY window_end");
    }

    @Test
    void shouldCloseWindowsOfTheClauseInAllItsForms(Oracle oracle) {
        for (String clauses : new String[] {
            "GROUP BY k WINDOW TUMBLING (SIZE 1 MINUTE)",
            "WINDOW TUMBLING (SIZE 60 SECONDS) GROUP BY k",
            "GROUP BY k WINDOW TUMBLING(1m)",
            "WINDOW TUMBLING(60s) GROUP BY k EMIT FINAL",
            "GROUP BY k WINDOW TUMBLING(ts, INTERVAL '1' MINUTE)",
            "GROUP BY k WINDOW TUMBLING(ts, 1m) EMIT FINAL",
            "GROUP BY k WINDOW TUMBLING (SIZE INTERVAL '1' MINUTE)"
        }) {
            oracle.check("SELECT window_start, window_end, k, " + AGGREGATES + " FROM e " + clauses, MEANING);
        }
    }

    @Test
    void shouldKeepWindowsOpenForTheGracePeriod(Oracle oracle) {
        long lateWithout = oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 0) WHERE late");
        long lateWith = oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 20000) WHERE late");
        assertTrue(0 < lateWith && lateWith < lateWithout, lateWith + " of " + lateWithout + " late rows");
        String meaning = MEANING.replace("tumbled(60000, 0, 0)", "tumbled(60000, 0, 20000)");
        for (String clauses : new String[] {
            "GROUP BY k WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 20 SECONDS)",
            "WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD INTERVAL '20' SECOND) GROUP BY k EMIT FINAL",
            "GROUP BY k WINDOW TUMBLING (ts, 1m, GRACE PERIOD 20s)"
        }) {
            oracle.check("SELECT window_start, window_end, k, " + AGGREGATES + " FROM e " + clauses, meaning);
        }
    }

    @Test
    void shouldTakeTheWatermarkFromTheTable(Oracle oracle) {
        String aggregates = "COUNT(*) AS a, SUM(v) AS b, MIN(id) AS c";
        oracle.check("SELECT window_start, k, " + aggregates + " FROM ascending GROUP BY k WINDOW TUMBLING(1m)",
                "SELECT window_start, k, " + aggregates
                        + " FROM tumbled(60000, 0, 0, delay := 0) GROUP BY window_start, k");
        oracle.check("SELECT window_start, k, " + aggregates + " FROM texted GROUP BY k WINDOW TUMBLING(1m)",
                "SELECT window_start, k, " + aggregates + " FROM tumbled(60000, 0, 0) GROUP BY window_start, k");
    }

    @Test
    void shouldMoveTheWatermarkByRowsThatFail(Oracle oracle) {
        oracle.check("SELECT window_start, k, COUNT(*) AS a FROM e WHERE 10 / g > 0 GROUP BY k WINDOW TUMBLING(1m)",
                "SELECT window_start, k, COUNT(*) AS a FROM tumbled(60000, 0, 0) WHERE g <> 0"
                        + " GROUP BY window_start, k");
        oracle.check("SELECT window_start, k, SUM(v / g) AS a FROM e GROUP BY k WINDOW TUMBLING(1m)",
                "SELECT window_start, k, SUM(v // g) AS a FROM tumbled(60000, 0, 0)"
                        + " WHERE (g = 0 AND v IS NOT NULL) IS NOT TRUE GROUP BY window_start, k");
    }

    @Test
    void shouldCountLateRowsAndRowsWithoutTime(Oracle oracle) {
        long late = oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 0) WHERE late");
        long timeless = oracle.count("SELECT COUNT(*) FROM e WHERE ts IS NULL");
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            Answer answer = oracle.check(
                    "SELECT window_start, COUNT(*) AS a FROM e GROUP BY k WINDOW TUMBLING (SIZE 1 MINUTE)",
                    "SELECT window_start, COUNT(*) AS a FROM tumbled(60000, 0, 0) GROUP BY window_start, k",
                    deployment);
            assertEquals(late, answer.late(), answer.err());
            assertEquals(timeless, answer.bad(), answer.err());
        }
    }

    @Test
    void shouldJudgeLatenessByAllRowsOfTheSplit(Oracle oracle) {
        String meaning = "SELECT window_start, g, COUNT(*) AS a FROM tumbled(60000, 0, 0) WHERE flag GROUP BY"
                + " window_start, g";
        oracle.check("SELECT window_start, g, COUNT(*) AS a FROM e WHERE flag GROUP BY g WINDOW TUMBLING(1m)", meaning);
        oracle.check("SELECT window_start, g, COUNT(*) AS a FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1'"
                + " MINUTE))"
                + " WHERE flag GROUP BY window_start, window_end, g", meaning);
    }

    @Test
    void shouldCloseWindowsOfOddSizesAndOffsets(Oracle oracle) {
        for (int seconds : new int[] {1, 7, 61, 3600}) {
            oracle.check("SELECT window_start, window_end, COUNT(*) AS a, SUM(d) AS b FROM e WINDOW TUMBLING (SIZE "
                    + seconds + " SECONDS)",
                    "SELECT window_start, window_end, COUNT(*) AS a, SUM(d) AS b FROM tumbled(" + seconds
                            + " * 1000, 0, 0) GROUP BY window_start, window_end");
        }
        oracle.check("SELECT window_start, window_end, COUNT(*) AS a"
                + " FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '17' SECOND))"
                + " GROUP BY window_start, window_end",
                "SELECT window_start, window_end, COUNT(*) AS a FROM tumbled(60000, 17000, 0) GROUP BY window_start,"
                        + " window_end");
        oracle.check("SELECT window_start, COUNT(*) AS a FROM e WINDOW TUMBLING (SIZE 250 MILLISECONDS)",
                "SELECT window_start, COUNT(*) AS a FROM tumbled(250, 0, 0) GROUP BY window_start");
    }

    @Test
    void shouldUseEveryAggregateInWindows(Oracle oracle) {
        String aggregates = """
                COUNT(v) AS a, COUNT(DISTINCT k) AS b, AVG(v) AS c, AVG(d) AS e, MIN(k) AS f, MAX(flag) AS h,
                SUM(v) FILTER (WHERE flag) AS j, SUM(DISTINCT g) AS m""";
        oracle.check("SELECT window_start, g, " + aggregates + ", AVG(a) AS o FROM e GROUP BY g WINDOW TUMBLING(2m)",
                "SELECT window_start, g, " + aggregates + ", average(SUM(a), COUNT(a), 2)::DECIMAL(38, 6) AS o"
                        + " FROM tumbled(120000, 0, 0) GROUP BY window_start, g");
    }

    @Test
    void shouldKeepWindowsThatPassHaving(Oracle oracle) {
        oracle.check("SELECT window_end, k, COUNT(*) AS a FROM e GROUP BY k WINDOW TUMBLING(1m) HAVING COUNT(*) > 3"
                + " AND SUM(v) > 0",
                "SELECT window_end, k, COUNT(*) AS a FROM tumbled(60000, 0, 0) GROUP BY window_end, k"
                        + " HAVING COUNT(*) > 3 AND SUM(v) > 0");
    }

    @Test
    void shouldCloseAllWindowsAtTheEndWithoutAWatermark(Oracle oracle) {
        oracle.check("SELECT window_start, k, COUNT(*) AS a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '100'"
                + " DAY(3)))"
                + " GROUP BY window_start, window_end, k",
                """
                        SELECT make_timestamp((ms - (ms % size + size) % size) * 1000) AS window_start, k,
                          COUNT(*) AS a
                        FROM (SELECT epoch_ms(ts) AS ms, 8640000000 AS size, k FROM t WHERE ts IS NOT NULL)
                        GROUP BY window_start, k""");
    }

    @Test
    void shouldChangeWindowsWithEveryRow(Oracle oracle) {
        checkChanges(oracle, "(SIZE 1 MINUTE)", "tumbled(60000, 0, 0)");
        checkChanges(oracle, "(SIZE 1 MINUTE, GRACE PERIOD 20 SECONDS)", "tumbled(60000, 0, 20000)");
    }

    private static void checkChanges(Oracle oracle, String window, String rows) {
        String aggregates = "SELECT window_start, k, COUNT(*) AS a, SUM(v) AS b, COUNT(DISTINCT g) AS c";
        String meaning = aggregates + " FROM " + rows + " GROUP BY window_start, k";
        String query = aggregates + " FROM e GROUP BY k WINDOW TUMBLING " + window + " EMIT CHANGES";
        Relation expected = oracle.meaning(meaning);
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            Relation changes = oracle.run(query, deployment).relation();
            String what = Oracle.describe(query, meaning, deployment);
            assertEquals(oracle.count("SELECT COUNT(*) FROM " + rows), changes.rows().size(), what);
            assertNull(changes.last(2).difference(expected), what);
        }
    }
}
