// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.oracle.Oracle.Deployment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** OVER on rows out of order, with ties, in several splits. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class OverOracleTest {
    /** The rows of {@code e} that are not late for OVER. */
    private static final String IN_TIME =
            "(SELECT * FROM judged(60000, 0, 0) WHERE before IS NULL OR ms > before)";

    private static String ordered(String partitionBy, String frame) {
        return "(" + partitionBy + " ORDER BY ts, _split, _position " + frame + ")";
    }

    private static void checkFrame(Oracle oracle, String items, String meant, String partitionBy, String frame) {
        oracle.check(
                "SELECT id, " + items.replace(" w", " OVER (" + partitionBy + " ORDER BY ts " + frame + ")")
                        + " FROM e",
                "SELECT id, " + meant.replace(" w", " OVER " + ordered(partitionBy, frame)) + " FROM " + IN_TIME);
    }

    private static void checkFrame(Oracle oracle, String items, String partitionBy, String frame) {
        checkFrame(oracle, items, items, partitionBy, frame);
    }

    @Test
    void shouldAggregateTheLastRowsOfAKey(Oracle oracle) {
        String items = "COUNT(*) w AS a, COUNT(v) w AS b, SUM(v) w AS c, AVG(v) w AS f, MIN(k) w AS h, MAX(k) w AS i, "
                + "SUM(d) w AS j, AVG(d) w AS l, MIN(d) w AS m, MAX(v) w AS n, SUM(a) w AS o, MIN(a) w AS p, "
                + "MAX(flag) w AS q, MAX(ts) w AS r, MIN(g) w AS s";
        checkFrame(oracle, items, "PARTITION BY g", "ROWS BETWEEN 4 PRECEDING AND CURRENT ROW");
        checkFrame(oracle, items, "PARTITION BY k, flag", "ROWS 10 PRECEDING");
        checkFrame(oracle, items, "PARTITION BY k", "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
        checkFrame(oracle, items, "", "ROWS CURRENT ROW");
    }

    @Test
    void shouldAverageDecimalsExactly(Oracle oracle) {
        checkFrame(
                oracle, "AVG(a) w AS o", "average(SUM(a) w, COUNT(a) w, 2)::DECIMAL(38, 6) AS o", "PARTITION BY g",
                "ROWS 6 PRECEDING");
    }

    @Test
    void shouldLookBackAndNumberRows(Oracle oracle) {
        checkFrame(
                oracle,
                "LAG(v) w AS a, LAG(k, 3) w AS b, LAG(a, 2, 7) w AS c, LAG(flag, 2, flag) w AS f, LAG(ts) w AS h, "
                        + "LAG(d, 5, 0) w AS j, ROW_NUMBER() w AS n",
                "PARTITION BY g", "");
    }

    @Test
    void shouldTakeDifferentFramesInExpressionsAndConditions(Oracle oracle) {
        oracle.check(
                """
                        SELECT * FROM (
                          SELECT id, v - LAG(v) OVER (PARTITION BY k ORDER BY ts) AS step,
                            MAX(v + 1) OVER (PARTITION BY k ORDER BY ts ROWS 5 PRECEDING) AS best,
                            CASE WHEN COUNT(v) OVER (PARTITION BY k ORDER BY ts ROWS 2 PRECEDING) > 1 THEN 'some' END AS c
                          FROM e WHERE flag) WHERE best > 0""",
                """
                        SELECT * FROM (
                          SELECT id, v - LAG(v) OVER w AS step,
                            MAX(v + 1) OVER (PARTITION BY k ORDER BY ts, _split, _position ROWS 5 PRECEDING) AS best,
                            CASE WHEN COUNT(v) OVER (PARTITION BY k ORDER BY ts, _split, _position ROWS 2 PRECEDING) > 1
                              THEN 'some' END AS c
                          FROM (SELECT * FROM judged(60000, 0, 0) WHERE (before IS NULL OR ms > before) AND flag)
                          WINDOW w AS (PARTITION BY k ORDER BY ts, _split, _position)) WHERE best > 0""");
    }

    @Test
    void shouldKeepTheFirstRowOfAKey(Oracle oracle) {
        oracle.check(
                "SELECT id, k FROM (SELECT id, k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS n FROM e) WHERE n = 1",
                "SELECT id, k FROM " + IN_TIME + " QUALIFY ROW_NUMBER() OVER " + ordered("PARTITION BY k", "")
                        + " = 1");
    }

    @Test
    void shouldOrderAllRowsWithDuplicatesAtTheEndWithoutAWatermark(Oracle oracle) {
        String items = "COUNT(*) w AS a, SUM(n) w AS b, LAG(id) v AS c, MIN(s) w AS h, MAX(d) w AS j, MAX(q) w AS l, "
                + "MIN(z) w AS m";
        for (String table : new String[] {"t", "nothing"}) {
            oracle.check(
                    "SELECT id, " + items
                            .replace(" w", " OVER (PARTITION BY g ORDER BY ts ROWS 3 PRECEDING)")
                            .replace(" v", " OVER (PARTITION BY g ORDER BY ts)") + " FROM " + table,
                    "SELECT id, " + items.replace(" w", " OVER " + ordered("PARTITION BY g", "ROWS 3 PRECEDING"))
                            .replace(" v", " OVER " + ordered("PARTITION BY g", "")) + " FROM " + table
                            + " WHERE ts IS NOT NULL");
        }
    }

    @Test
    void shouldLeaveOutRowsWhoseSumIsOutOfRange(Oracle oracle) {
        oracle.check(
                "SELECT id, SUM(l) OVER (PARTITION BY k ORDER BY ts ROWS 1 PRECEDING) AS a FROM t",
                "SELECT id, a FROM (SELECT id, SUM(l) OVER " + ordered("PARTITION BY k", "ROWS 1 PRECEDING")
                        + " AS a FROM t WHERE ts IS NOT NULL)"
                        + " WHERE a IS NULL OR a BETWEEN -9223372036854775808 AND 9223372036854775807");
    }

    @Test
    void shouldCountLateRows(Oracle oracle) {
        long late = oracle.count("SELECT COUNT(*) FROM judged(60000, 0, 0) WHERE ms <= before");
        assertTrue(late > 10, "rows are late");
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            Answer answer = oracle.check(
                    "SELECT id, COUNT(*) OVER (PARTITION BY k ORDER BY ts ROWS 1 PRECEDING) AS a FROM e",
                    "SELECT id, COUNT(*) OVER " + ordered("PARTITION BY k", "ROWS 1 PRECEDING") + " AS a FROM "
                            + IN_TIME,
                    deployment);
            assertEquals(late, answer.late(), answer.err());
        }
    }
}
