// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** GROUP BY, HAVING and DISTINCT with EMIT FINAL. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class AggregateOracleTest {
    @Test
    void shouldCountGroups(Oracle oracle) {
        oracle.check("SELECT k, COUNT(*) AS a, COUNT(i) AS b, COUNT(k) AS c FROM t GROUP BY k EMIT FINAL",
                "SELECT k, COUNT(*) AS a, COUNT(i) AS b, COUNT(k) AS c FROM t GROUP BY k");
        oracle.check("SELECT COUNT(*) AS a FROM t GROUP BY k, g, flag EMIT FINAL",
                "SELECT COUNT(*) AS a FROM t GROUP BY k, g, flag");
    }

    @Test
    void shouldGroupByKeysOfEveryType(Oracle oracle) {
        for (String key : new String[] {"k", "g", "flag", "l", "d", "p", "q", "z", "s", "ts", "dt", "x"}) {
            oracle.check("SELECT " + key + ", COUNT(*) AS a, SUM(i) AS b FROM t GROUP BY " + key + " EMIT FINAL",
                    "SELECT " + key + ", COUNT(*) AS a, SUM(i) AS b FROM t GROUP BY " + key);
        }
    }

    @Test
    void shouldGroupBySeveralKeysAndExpressions(Oracle oracle) {
        oracle.check("SELECT k, g, flag, COUNT(*) AS a, SUM(n) AS b FROM t GROUP BY k, g, flag EMIT FINAL",
                "SELECT k, g, flag, COUNT(*) AS a, SUM(n) AS b FROM t GROUP BY k, g, flag");
        oracle.check("SELECT UPPER(k) AS u, i / 5 AS v, COUNT(*) AS a FROM t GROUP BY UPPER(k), i / 5 EMIT FINAL",
                "SELECT UPPER(k) AS u, i // 5 AS v, COUNT(*) AS a FROM t GROUP BY UPPER(k), i // 5");
        oracle.check("SELECT i > 0 AS u, MAX(n) + 1 AS v, SUM(i) * 2 - COUNT(*) AS a FROM t GROUP BY i > 0 EMIT FINAL",
                "SELECT i > 0 AS u, MAX(n) + 1 AS v, SUM(i) * 2 - COUNT(*) AS a FROM t GROUP BY i > 0");
        oracle.check("SELECT CASE WHEN n > 0 THEN 'p' ELSE k END AS u, COUNT(*) AS a FROM t"
                + " GROUP BY CASE WHEN n > 0 THEN 'p' ELSE k END EMIT FINAL",
                "SELECT CASE WHEN n > 0 THEN 'p' ELSE k END AS u, COUNT(*) AS a FROM t GROUP BY u");
        oracle.check("SELECT FLOOR(ts TO YEAR) AS u, EXTRACT(MONTH FROM dt) AS v, COUNT(*) AS a FROM t"
                + " GROUP BY FLOOR(ts TO YEAR), EXTRACT(MONTH FROM dt) EMIT FINAL",
                "SELECT DATE_TRUNC('year', ts)::TIMESTAMP AS u, EXTRACT(MONTH FROM dt) AS v, COUNT(*) AS a FROM t"
                        + " GROUP BY u, v");
    }

    @Test
    void shouldAddUpNumbersOfEveryType(Oracle oracle) {
        oracle.check("SELECT k, SUM(i) AS a, SUM(n) AS b, SUM(d) AS c, SUM(p) AS e, SUM(q) AS f FROM t GROUP BY k"
                + " EMIT FINAL",
                "SELECT k, SUM(i) AS a, SUM(n) AS b, SUM(d) AS c, SUM(p) AS e, SUM(q) AS f FROM t GROUP BY k");
        oracle.check("SELECT g, SUM(i * n) AS a, SUM(p * 2) AS b, SUM(p * p) AS c FROM t GROUP BY g EMIT FINAL",
                "SELECT g, SUM(i * n) AS a, SUM(p * 2) AS b, SUM(p::DECIMAL(20, 2) * p) AS c FROM t GROUP BY g");
    }

    @Test
    void shouldAverageNumbersOfEveryType(Oracle oracle) {
        oracle.check("SELECT k, AVG(i) AS a, AVG(n) AS b, AVG(d) AS c, AVG(l) AS e FROM t GROUP BY k EMIT FINAL",
                "SELECT k, AVG(i) AS a, AVG(n) AS b, AVG(d) AS c, SUM(l) / COUNT(l) AS e FROM t GROUP BY k");
        oracle.check("SELECT k, AVG(p) AS a, AVG(q) AS b FROM t GROUP BY k EMIT FINAL", """
                SELECT k, average(SUM(p), COUNT(p), 2)::DECIMAL(38, 6) AS a,
                  average(SUM(q), COUNT(q), 10)::DECIMAL(38, 10) AS b FROM t GROUP BY k""");
    }

    @Test
    void shouldFindExtremesOfEveryType(Oracle oracle) {
        for (String column : new String[] {"i", "l", "d", "x", "p", "q", "z", "s", "flag", "ts", "dt"}) {
            String query = "SELECT k, MIN(" + column + ") AS a, MAX(" + column + ") AS b FROM t GROUP BY k";
            oracle.check(query + " EMIT FINAL", query);
        }
    }

    @Test
    void shouldAggregateDistinctOperands(Oracle oracle) {
        oracle.check("SELECT k, COUNT(DISTINCT g) AS a, SUM(DISTINCT i) AS b, COUNT(DISTINCT s) AS c, MAX(DISTINCT n)"
                + " AS e,"
                + " COUNT(*) AS f FROM t GROUP BY k EMIT FINAL",
                "SELECT k, COUNT(DISTINCT g) AS a, SUM(DISTINCT i) AS b, COUNT(DISTINCT s) AS c, MAX(DISTINCT n) AS e,"
                        + " COUNT(*) AS f FROM t GROUP BY k");
        oracle.check("SELECT COUNT(DISTINCT k) AS a, AVG(DISTINCT g) AS b, SUM(DISTINCT p) AS c, COUNT(DISTINCT d) AS"
                + " e,"
                + " COUNT(DISTINCT z) AS f, COUNT(DISTINCT flag) AS h, COUNT(DISTINCT ts) AS j FROM t EMIT FINAL",
                "SELECT COUNT(DISTINCT k) AS a, AVG(DISTINCT g) AS b, SUM(DISTINCT p) AS c, COUNT(DISTINCT d) AS e,"
                        + " COUNT(DISTINCT z) AS f, COUNT(DISTINCT flag) AS h, COUNT(DISTINCT ts) AS j FROM t");
    }

    @Test
    void shouldFilterOperands(Oracle oracle) {
        String query = """
                SELECT k, COUNT(*) FILTER (WHERE flag) AS a, SUM(n) FILTER (WHERE i > 0) AS b,
                  MIN(s) FILTER (WHERE g = 1) AS c, COUNT(DISTINCT g) FILTER (WHERE flag) AS e, COUNT(*) AS f
                FROM t GROUP BY k""";
        oracle.check(query + " EMIT FINAL", query);
    }

    @Test
    void shouldAnswerOneRowForAll(Oracle oracle) {
        String query = "SELECT COUNT(*) AS a, SUM(i) AS b, MIN(k) AS c, MAX(ts) AS e, AVG(d) AS f, SUM(q) AS h FROM ";
        oracle.check(query + "t EMIT FINAL", query + "t");
        oracle.check(query + "big EMIT FINAL", query + "big");
        oracle.check(query + "nothing EMIT FINAL", query + "nothing");
        oracle.check(query + "t WHERE FALSE EMIT FINAL", query + "t WHERE FALSE");
        oracle.check("SELECT k, COUNT(*) AS a FROM nothing GROUP BY k EMIT FINAL",
                "SELECT k, COUNT(*) AS a FROM nothing GROUP BY k");
        oracle.check("SELECT COUNT(*) AS a FROM t HAVING COUNT(*) < 0 EMIT FINAL",
                "SELECT COUNT(*) AS a FROM t HAVING COUNT(*) < 0");
    }

    @Test
    void shouldAggregateMoreRowsAndGroupsThanABatch(Oracle oracle) {
        String query = "SELECT l, k, COUNT(*) AS a, SUM(n) AS b, MAX(s) AS c FROM big GROUP BY l, k";
        oracle.check(query + " EMIT FINAL", query);
        String few = "SELECT g, COUNT(*) AS a, SUM(p) AS b, MIN(w) AS c, COUNT(DISTINCT id) AS e FROM big GROUP BY g";
        oracle.check(few + " EMIT FINAL", few);
    }

    @Test
    void shouldKeepGroupsThatPassHaving(Oracle oracle) {
        String query = "SELECT k, g, COUNT(*) AS a FROM t GROUP BY k, g HAVING COUNT(*) > 5 AND SUM(i) < 20";
        oracle.check(query + " EMIT FINAL", query);
        String other = "SELECT k FROM t GROUP BY k HAVING MIN(i) < -15 OR k IS NULL";
        oracle.check(other + " EMIT FINAL", other);
        String never = "SELECT k, COUNT(*) AS a FROM t WHERE i > 0 GROUP BY k HAVING MAX(p) IS NULL";
        oracle.check(never + " EMIT FINAL", never);
    }

    @Test
    void shouldSelectDistinctRows(Oracle oracle) {
        oracle.check("SELECT DISTINCT k FROM t EMIT FINAL", "SELECT DISTINCT k FROM t");
        oracle.check("SELECT DISTINCT k, g, flag FROM t EMIT FINAL", "SELECT DISTINCT k, g, flag FROM t");
        oracle.check("SELECT DISTINCT i / 3 AS a, d FROM t WHERE g IS NOT NULL EMIT FINAL",
                "SELECT DISTINCT i // 3 AS a, d FROM t WHERE g IS NOT NULL");
    }

    @Test
    void shouldAggregateWhatAQueryAnswers(Oracle oracle) {
        String query = "SELECT u, SUM(v) AS a FROM (SELECT UPPER(k) AS u, n + i AS v FROM t WHERE flag) GROUP BY u";
        oracle.check(query + " EMIT FINAL", query);
        String union = "SELECT k, COUNT(*) AS a FROM (SELECT k FROM t UNION ALL SELECT w FROM t WHERE i > 0) GROUP BY"
                + " k";
        oracle.check(union + " EMIT FINAL", union);
    }

    @Test
    void shouldSortAndLimit(Oracle oracle) {
        oracle.checkOrdered("SELECT id, k FROM t WHERE i > 5 ORDER BY id, k LIMIT 20",
                "SELECT id, k FROM t WHERE i > 5 ORDER BY id, k LIMIT 20");
        oracle.checkOrdered("SELECT k, COUNT(*) AS a FROM t GROUP BY k ORDER BY k DESC",
                "SELECT k, COUNT(*) AS a FROM t GROUP BY k ORDER BY k DESC NULLS LAST");
        oracle.checkOrdered("SELECT k, g, SUM(n) AS a FROM t GROUP BY k, g ORDER BY g, k LIMIT 12",
                "SELECT k, g, SUM(n) AS a FROM t GROUP BY k, g ORDER BY g NULLS FIRST, k NULLS FIRST LIMIT 12");
        oracle.checkOrdered("SELECT DISTINCT q, z FROM t ORDER BY q DESC, z OFFSET 10 ROWS FETCH NEXT 15 ROWS ONLY",
                "SELECT DISTINCT q, z FROM t ORDER BY q DESC NULLS LAST, z NULLS FIRST LIMIT 15 OFFSET 10");
        oracle.checkOrdered("SELECT DISTINCT s, x FROM t ORDER BY s NULLS LAST, x",
                "SELECT DISTINCT s, x FROM t ORDER BY s NULLS LAST, x NULLS FIRST");
    }
}
