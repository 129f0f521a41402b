// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.server.oracle.Oracle.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows and results that can't be computed, and records that can't be read: they are left out and counted. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class RowErrorOracleTest {
    private static final String MAX = "9223372036854775807";
    private static final String MIN = "(-9223372036854775807 - 1)";

    @Test
    void shouldLeaveOutRowsThatOverflow(Oracle oracle) {
        check(oracle, "l + 1", "l + 1", "l = " + MAX);
        check(oracle, "l - 1", "l - 1", "l = " + MIN);
        check(oracle, "-l", "-l", "l = " + MIN);
        check(oracle, "ABS(l)", "ABS(l)", "l = " + MIN);
        check(oracle, "l * 2", "l * 2", "l > 4611686018427387903 OR l < -4611686018427387904");
        check(oracle, "CAST(l AS INT)", "CAST(l AS INT)", "l > 2147483647 OR l < -2147483648");
        check(oracle, "CAST(n AS TINYINT)", "CAST(n AS TINYINT)", "n > 127 OR n < -128");
        check(oracle, "l / -1", "-l", "l = " + MIN);
        check(oracle, "z + z", "z + z", "abs(z) >= 50000000000000000000000000000000000000::DECIMAL(38, 0)");
        check(oracle, "CAST(q AS DECIMAL(20, 10))", "CAST(q AS DECIMAL(20, 10))", "abs(q) >= 10000000000");
        check(oracle, "CAST(z AS BIGINT)", "CAST(z AS BIGINT)", "z > " + MAX + " OR z < -9223372036854775808");
        check(oracle, "CAST(x AS BIGINT)", "CAST(TRUNC(x) AS BIGINT)", "abs(x) > 9e18");
    }

    @Test
    void shouldLeaveOutRowsThatDivideByZero(Oracle oracle) {
        check(oracle, "n / g", "n // g", "g = 0 AND n IS NOT NULL");
        check(oracle, "MOD(n, i)", "n % i", "i = 0 AND n IS NOT NULL");
        check(oracle, "p / g", "pointed(quotient(digits(p) * power_of_ten(11), NULLIF(g, 0)), 13)::DECIMAL(38, 13)",
                "g = 0 AND p IS NOT NULL");
    }

    @Test
    void shouldLeaveOutRowsThatCannotBeCast(Oracle oracle) {
        check(oracle, "CAST(w AS INT)", "CAST(TRUNC(w::DECIMAL(10, 2)) AS INT)", "w NOT IN ('12', '-7', '3.50')");
        check(oracle, "CAST(w AS DATE)", "CAST(NULL AS DATE)", "w IS NOT NULL");
        check(oracle, "CAST(w AS BOOLEAN)", "w = 'true'", "w <> 'true'");
    }

    private static void check(Oracle oracle, String expression, String meaning, String bad) {
        oracle.checkBad("SELECT id, " + expression + " AS a FROM t",
                "SELECT id, " + meaning + " AS a FROM t WHERE (" + bad + ") IS NOT TRUE",
                "SELECT COUNT(*) FROM t WHERE " + bad);
    }

    @Test
    void shouldLeaveOutRowsWhoseConditionFails(Oracle oracle) {
        oracle.checkBad("SELECT id FROM t WHERE 10 / g > 3", "SELECT id FROM t WHERE g <> 0 AND 10 // g > 3",
                "SELECT COUNT(*) FROM t WHERE g = 0");
        oracle.checkBad("SELECT k, COUNT(*) AS a FROM t WHERE l + 1 > 0 GROUP BY k EMIT FINAL",
                "SELECT k, COUNT(*) AS a FROM t WHERE l < " + MAX + " AND l + 1 > 0 GROUP BY k",
                "SELECT COUNT(*) FROM t WHERE l = " + MAX);
    }

    @Test
    void shouldLeaveRowsOutOfAllAggregates(Oracle oracle) {
        oracle.checkBad("SELECT k, COUNT(*) AS a, SUM(n / g) AS b FROM t GROUP BY k EMIT FINAL",
                "SELECT k, COUNT(*) AS a, SUM(n // g) AS b FROM t WHERE (g = 0 AND n IS NOT NULL) IS NOT TRUE GROUP"
                        + " BY k",
                "SELECT COUNT(*) FROM t WHERE g = 0 AND n IS NOT NULL");
        oracle.checkBad("SELECT 100 / g AS u, COUNT(*) AS a FROM t GROUP BY 100 / g EMIT FINAL",
                "SELECT 100 // g AS u, COUNT(*) AS a FROM t WHERE (g = 0) IS NOT TRUE GROUP BY u",
                "SELECT COUNT(*) FROM t WHERE g = 0");
    }

    @Test
    void shouldLeaveOutGroupsWhoseSumIsOutOfRangeInTheEnd(Oracle oracle) {
        for (String table : new String[] {"t", "big"}) {
            String query = "SELECT n, COUNT(*) AS a, SUM(l) AS b, AVG(l) AS c FROM " + table + " GROUP BY n";
            String outOfRange = "SUM(l::HUGEINT) > " + MAX + " OR SUM(l::HUGEINT) < " + MIN;
            oracle.checkBad(query + " EMIT FINAL",
                    query + " HAVING (" + outOfRange + ") IS NOT TRUE",
                    "SELECT COUNT(*) FROM (" + query + " HAVING " + outOfRange + ")");
        }
    }

    @Test
    void shouldEvaluateOnlyTheBranchTaken(Oracle oracle) {
        oracle.check("SELECT id, CASE WHEN g = 0 THEN 0 ELSE n / g END AS a, COALESCE(i, n / NULLIF(g, 0)) AS b FROM t",
                "SELECT id, CASE WHEN g = 0 THEN 0 ELSE n // g END AS a, COALESCE(i, n // NULLIF(g, 0)) AS b FROM t");
        oracle.check("SELECT id FROM t WHERE g <> 0 AND n / g > 10", "SELECT id FROM t WHERE g <> 0 AND n // g > 10");
    }

    @Test
    void shouldLeaveOutRecordsThatCannotBeRead(Oracle oracle) throws IOException {
        Path file = oracle.directory().resolve("malformed.jsonl");
        Files.writeString(file, """
                {"id":1,"v":10}
                not json at all
                {"id":2,"v":"many"}
                {"id":3,"v":30
                {"id":4}

                {"id":5,"v":99999999999999999999}
                {"id":6,"v":1.5}
                {"id":7,"v":70,"more":[{}]}
                """);
        checkMalformed(oracle, file, "json", 5);
        Path lines = oracle.directory().resolve("malformed.csv");
        Files.writeString(lines, """
                id,v
                1,10
                2
                3,x
                4,
                5,50,51
                6,"60"x
                7,70
                """);
        checkMalformed(oracle, lines, "csv", 4);
    }

    private static void checkMalformed(Oracle oracle, Path file, String format, long bad) {
        for (Deployment deployment : Oracle.DEPLOYMENTS) {
            Answer answer = oracle.run("CREATE TABLE m (id BIGINT, v BIGINT) WITH ('connector' = 'filesystem', 'path'"
                    + " = '" + file
                    + "', 'format' = '" + format + "', 'dead-letter.path' = '" + file + ".dead');\nSET 'partitions' = '"
                    + deployment.partitions() + "';\nSELECT id, v FROM m;\n");
            Relation expected = oracle.meaning("SELECT * FROM (VALUES (1, 10), (4, NULL), (7, 70)) AS u (id, v)");
            assertNull(answer.relation().difference(expected), answer.err());
            assertEquals(bad, answer.bad(), answer.err());
        }
    }
}
