// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.server.oracle.Oracle.Deployment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EMIT CHANGES: which rows leave, and what they add up to. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class ChangesOracleTest {
    @Test
    void shouldGiveTheNewRowOfItsGroupForEveryRow(Oracle oracle) {
        // One split has one order, so every single change is known.
        oracle.check("SELECT k, COUNT(*) AS a, SUM(v) AS b, MIN(v) AS c, MAX(ts) AS e, SUM(a) AS f, AVG(d) AS h"
                + " FROM f GROUP BY k EMIT CHANGES", """
                        SELECT CASE WHEN COUNT(*) OVER u = 1 THEN '+I' ELSE '+U' END AS op, k, COUNT(*) OVER u AS a,
                          SUM(v) OVER u AS b,
                          MIN(v) OVER u AS c, MAX(ts) OVER u AS e, SUM(a) OVER u AS f, AVG(d) OVER u AS h
                        FROM f WINDOW u AS (PARTITION BY k ORDER BY _position ROWS UNBOUNDED PRECEDING)""");
        oracle.check("SELECT k, g, COUNT(DISTINCT v) AS a, SUM(v) FILTER (WHERE flag) AS b, MAX(flag) AS c, MIN(k) AS e"
                + " FROM f WHERE d > 0 GROUP BY k, g",
                """
                        SELECT CASE WHEN COUNT(*) OVER u = 1 THEN '+I' ELSE '+U' END AS op, k, g,
                          COUNT(DISTINCT v) OVER u AS a,
                          SUM(v) FILTER (WHERE flag) OVER u AS b, MAX(flag) OVER u AS c, MIN(k) OVER u AS e
                        FROM f WHERE d > 0
                        WINDOW u AS (PARTITION BY k, g ORDER BY _position ROWS UNBOUNDED PRECEDING)""");
        oracle.check("SELECT COUNT(*) AS a, SUM(v) + 1 AS b FROM f EMIT CHANGES", """
                SELECT CASE WHEN COUNT(*) OVER u = 1 THEN '+I' ELSE '+U' END AS op, COUNT(*) OVER u AS a,
                  SUM(v) OVER u + 1 AS b
                FROM f WINDOW u AS (ORDER BY _position ROWS UNBOUNDED PRECEDING)""");
    }

    @Test
    void shouldEndWithTheRowOfTheWholeGroup(Oracle oracle) {
        for (String table : new String[] {"t", "big"}) {
            String query = "SELECT k, g, COUNT(*) AS a, SUM(n) AS b, MIN(s) AS c, MAX(l) AS e, SUM(q) AS f, AVG(d) AS"
                    + " h,"
                    + " COUNT(DISTINCT i) AS j FROM " + table + " GROUP BY k, g";
            checkLast(oracle, query, 2, oracle.count("SELECT COUNT(*) FROM " + table));
        }
        checkLast(oracle, "SELECT flag, MAX(x) AS a, COUNT(*) FILTER (WHERE i > 0) AS b FROM t WHERE n > 0 GROUP BY"
                + " flag", 1,
                oracle.count("SELECT COUNT(*) FROM t WHERE n > 0"));
    }

    private static void checkLast(Oracle oracle, String query, int keys, long rows) {
        Relation expected = oracle.meaning(query);
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            Relation changes = oracle.run(query + " EMIT CHANGES", deployment).relation();
            assertEquals(rows, changes.rows().size(), Oracle.describe(query, query, deployment));
            assertNull(changes.last(keys).difference(expected), Oracle.describe(query, query, deployment));
        }
    }

    @Test
    void shouldRetractGroupsThatPassHavingNoMore(Oracle oracle) {
        String query = "SELECT k, COUNT(*) AS a, SUM(v) AS b FROM f GROUP BY k HAVING SUM(v) > 0";
        Relation expected = oracle.meaning(query);
        String changes = """
                SELECT COUNT(*) FROM (
                  SELECT coalesce(s > 0, FALSE) AS passes, coalesce(LAG(s) OVER v > 0, FALSE) AS passed FROM (
                    SELECT k, _position,
                      SUM(v) OVER (PARTITION BY k ORDER BY _position ROWS UNBOUNDED PRECEDING) AS s FROM f)
                  WINDOW v AS (PARTITION BY k ORDER BY _position)) WHERE\s""";
        long all = oracle.count(changes + "passes OR passed");
        long deletes = oracle.count(changes + "passed AND NOT passes");
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            Relation answer = oracle.run(query + " EMIT CHANGES", deployment).relation();
            String what = Oracle.describe(query, changes, deployment);
            assertNull(answer.last(1).difference(expected), what);
            assertEquals(all, answer.rows().size(), what);
            assertEquals(deletes, answer.rows().stream().filter(row -> row.getFirst().equals("\"-D\"")).count(), what);
        }
    }

    @Test
    void shouldGiveARowForARowWithoutGroups(Oracle oracle) {
        oracle.check("SELECT id, i + 1 AS a FROM t WHERE flag EMIT CHANGES", "SELECT id, i + 1 AS a FROM t WHERE flag");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "10 ms", "1 h"})
    void shouldKeepTheLastChangeOfAGroupInABatchOrAnIntervalIfAsked(String coalesce, Oracle oracle) {
        String query = "SELECT k, COUNT(*) AS a, SUM(n) AS b, MAX(s) AS c FROM big GROUP BY k";
        Relation expected = oracle.meaning(query);
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            String set = "SET 'emit.coalesce' = '" + coalesce + "';\n";
            Relation answer = oracle.run(set + query + " EMIT CHANGES", deployment).relation();
            assertNull(answer.last(1).difference(expected), Oracle.describe(query, set, deployment));
            if (coalesce.equals("1 h")) {
                assertEquals(expected.rows().size(), answer.rows().size(), "one change a group, at the end");
            }
        }
    }
}
