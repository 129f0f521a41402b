// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** SELECT and WHERE: expressions of one row. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class SelectOracleTest {
    @Test
    void shouldReadEveryColumn(Oracle oracle) {
        oracle.check("SELECT id, k, g, flag, i, n, l, d, x, p, q, z, s, w, ts, dt FROM t");
        oracle.check("SELECT * FROM t WHERE id < 50",
                "SELECT * EXCLUDE (_split, _position) FROM t WHERE id < 50");
        oracle.check("SELECT dt, id, id AS again, 1 AS uno, 'x' AS x FROM t");
    }

    @Test
    void shouldReadColumnsOfNarrowAndFineTypes(Oracle oracle) {
        DataGenerator data = new DataGenerator(Oracle.SEED);
        oracle.add(data.typed("typed", 200));
        oracle.check("SELECT id, ti, si, f, t0, t6, tm, v FROM typed");
        oracle.check("SELECT id, ti + 1 AS a, si - ti AS b, f * 2 AS c, t6 + INTERVAL '1' SECOND AS e, t6 < t0 AS h,"
                + " EXTRACT(SECOND FROM t6) AS j, v || '!' AS m FROM typed");
        String groups = "SELECT v, SUM(ti) AS a, AVG(si) AS b, MAX(t6) AS c, MIN(t0) AS e, MAX(f) AS h, MIN(tm) AS j,"
                + " COUNT(DISTINCT t6) AS m, COUNT(DISTINCT f) AS o FROM typed GROUP BY v";
        oracle.check(groups + " EMIT FINAL", groups);
    }

    @Test
    void shouldReadLongTexts(Oracle oracle) {
        DataGenerator data = new DataGenerator(Oracle.SEED);
        oracle.add(data.wide("wide", 120, 60_000));
        oracle.check("SELECT id, s FROM wide");
        oracle.check("SELECT id, CHAR_LENGTH(s) AS a, s || s AS b, UPPER(r) AS c FROM wide WHERE s > 'm' OR r IS NULL");
        String groups = "SELECT id / 10 AS u, MIN(s) AS a, MAX(s) AS b, COUNT(DISTINCT s) AS c FROM wide GROUP BY ";
        oracle.check(groups + "id / 10 EMIT FINAL", groups.replace("id / 10", "id // 10") + "id // 10");
        oracle.check("SELECT s, COUNT(*) AS a FROM wide GROUP BY s EMIT FINAL",
                "SELECT s, COUNT(*) AS a FROM wide GROUP BY s");
    }

    @Test
    void shouldReadManyFiles(Oracle oracle) {
        DataGenerator data = new DataGenerator(Oracle.SEED);
        oracle.add(data.mixed("many", 1_000, 40, 20));
        oracle.check("SELECT id, k, s FROM many");
        String groups = "SELECT k, COUNT(*) AS a, SUM(q) AS b, MAX(s) AS c FROM many GROUP BY k";
        oracle.check(groups + " EMIT FINAL", groups);
    }

    @Test
    void shouldReadMoreRowsThanABatch(Oracle oracle) {
        oracle.check("SELECT id, s, ts, q FROM big WHERE i > 0 AND flag");
        oracle.check("SELECT id FROM big WHERE w LIKE '%e%' OR l < 0");
    }

    @Test
    void shouldFindNothingInNothing(Oracle oracle) {
        oracle.check("SELECT id, k, q FROM nothing");
        oracle.check("SELECT id FROM t WHERE 1 = 0");
        oracle.check("SELECT id FROM t WHERE flag AND NOT flag");
    }

    @Test
    void shouldCalculateWithIntegers(Oracle oracle) {
        oracle.check("SELECT id, i + n AS a, i - g AS b, n * i AS c, -i AS e, i * i + g AS f, +n AS h, 7 - n * 2 AS j"
                + " FROM t");
        oracle.check("SELECT id, n / NULLIF(i, 0) AS a, MOD(n, NULLIF(i, 0)) AS b, 100 / 7 AS c, -100 / 7 AS e, i / 3"
                + " AS f FROM t",
                "SELECT id, n // NULLIF(i, 0) AS a, n % NULLIF(i, 0) AS b, 14 AS c, -14 AS e, i // 3 AS f FROM t");
        oracle.check("SELECT id, MOD(l, 5) AS a, MOD(i, 1000000007) AS b, MOD(5, NULLIF(l, 0)) AS c FROM t",
                "SELECT id, l % 5 AS a, i AS b, 5 % NULLIF(l, 0) AS c FROM t");
        oracle.check("SELECT id, ABS(i) AS a, SIGN(i) AS b, ABS(n) AS c FROM t",
                "SELECT id, ABS(i) AS a, SIGN(i)::INT AS b, ABS(n) AS c FROM t");
    }

    @Test
    void shouldCalculateWithDecimals(Oracle oracle) {
        oracle.check("SELECT id, p + p AS a, p - 1.5 AS b, p * p AS c, -p AS e, p * i AS f, p + i AS h, i - p AS j"
                + " FROM t",
                """
                        SELECT id, p + p AS a, p - 1.5::DECIMAL(2, 1) AS b, p::DECIMAL(20, 2) * p AS c, -p AS e,
                          p::DECIMAL(20, 2) * i AS f, p + i AS h, i - p AS j FROM t""");
        oracle.check("SELECT id, p / 7 AS a FROM t",
                // DECIMAL(10, 2) / INT: scale 2 + 10 + 1.
                "SELECT id, pointed(quotient(digits(p) * power_of_ten(11), 7), 13)::DECIMAL(38, 13) AS a FROM t");
        oracle.check("SELECT id, p / NULLIF(p, 0) AS a, p / NULLIF(g, 0) AS b FROM t", """
                SELECT id, CASE WHEN p <> 0 THEN 1 END::DECIMAL(38, 13) AS a,
                  pointed(quotient(digits(p) * power_of_ten(11), NULLIF(g, 0)), 13)::DECIMAL(38, 13) AS b FROM t""");
        oracle.check("SELECT id, q / p AS a FROM t WHERE p <> 0",
                "SELECT id, pointed(quotient(digits(q), digits(p) * 100), 6)::DECIMAL(38, 6) AS a FROM t WHERE p <> 0");
        oracle.check("SELECT id, q * p AS a FROM t WHERE ABS(q) < 100000000",
                "SELECT id, pointed(digits(q) * digits(p), 12)::DECIMAL(38, 12) AS a FROM t"
                        + " WHERE ABS(q) < 100000000");
        oracle.check("SELECT id, ABS(q) AS a, q + p AS b, FLOOR(p) AS c, CEIL(p) AS e FROM t WHERE ABS(q) < 1000000",
                "SELECT id, ABS(q) AS a, q + p AS b, FLOOR(p)::DECIMAL(38, 0) AS c, CEIL(p)::DECIMAL(38, 0) AS e"
                        + " FROM t WHERE ABS(q) < 1000000");
    }

    @Test
    void shouldCalculateWithDoubles(Oracle oracle) {
        oracle.check("SELECT id, d + 1 AS a, d * d AS b, d / 3 AS c, d - i AS e, -d AS f, d + p AS h, ABS(d) AS j"
                + " FROM t");
        oracle.check("SELECT id, SQRT(ABS(d)) AS a, EXP(d / 1000) AS b, LN(ABS(d) + 1) AS c, LOG10(ABS(d) + 1) AS e,"
                + " POWER(d, 2) AS f, FLOOR(d) AS h, CEIL(d) AS j, ROUND(d) AS m FROM t");
    }

    @Test
    void shouldCompareNumbersOfDifferentTypes(Oracle oracle) {
        oracle.check("SELECT id, i < n AS a, i = g AS b, p > i AS c, d >= i AS e, q <> p AS f, l <= 0 AS h, p = 0 AS"
                + " j FROM t");
        oracle.check("SELECT id FROM t WHERE p BETWEEN -10.5 AND 1000 OR l IN (1, -1, 9223372036854775807)");
        oracle.check("SELECT id FROM t WHERE n NOT BETWEEN i AND 500 AND g NOT IN (1, 2)");
        oracle.check("SELECT id FROM t WHERE z > 99999999999999999999 OR z < -12345678901234567890123456789");
    }

    @Test
    void shouldCompareTextsByCodePoint(Oracle oracle) {
        oracle.check("SELECT id, s < w AS a, s = w AS b, k >= 'b' AS c, s > '😀' AS e, s < '\uFFFD' AS f FROM t");
        oracle.check("SELECT id, k FROM t WHERE k IN ('a', '', '😀') OR w BETWEEN 'A' AND 'c'");
    }

    @Test
    void shouldKnowThreeTruthValues(Oracle oracle) {
        oracle.check("""
                SELECT id, flag AND i > 0 AS a, flag OR i > 0 AS b, NOT flag AS c, flag IS NULL AS e, flag IS TRUE AS f,
                  flag IS NOT TRUE AS h, flag IS FALSE AS j, flag IS NOT FALSE AS m, (i > 0) IS NULL AS o,
                  flag IS NOT NULL AS r, (flag AND i > 0) IS NULL AS u FROM t""");
        oracle.check("SELECT id FROM t WHERE NOT (flag AND i > 0 AND n < 0)");
        oracle.check("SELECT id FROM t WHERE flag OR i > 3 OR g = 2 OR d < 0");
        oracle.check("SELECT id FROM t WHERE NOT (i = NULL OR flag)");
        oracle.check("SELECT id, i IS DISTINCT FROM g AS a, k IS NOT DISTINCT FROM w AS b, i IS DISTINCT FROM NULL AS"
                + " c FROM t");
        oracle.check("SELECT id FROM t WHERE i IN (1, 2, NULL)");
        oracle.check("SELECT id FROM t WHERE i NOT IN (1, 2, NULL)");
        oracle.check("SELECT id, flag = TRUE AS a, flag <> (i > 0) AS b, flag < TRUE AS c FROM t");
    }

    @Test
    void shouldChooseByCase(Oracle oracle) {
        oracle.check("""
                SELECT id, CASE WHEN i > 10 THEN 'many' WHEN i > 0 THEN 'some' WHEN i = 0 THEN '' END AS a,
                  CASE g WHEN 0 THEN n WHEN 1 THEN i ELSE -1 END AS b,
                  CASE WHEN flag THEN p ELSE 0 END AS c,
                  CASE WHEN i = 0 THEN NULL ELSE n / i END AS e,
                  CASE WHEN flag THEN d ELSE i END AS f,
                  CASE WHEN ts IS NULL THEN TIMESTAMP '2020-01-01 00:00:00.000' ELSE ts END AS h FROM t""", """
                SELECT id, CASE WHEN i > 10 THEN 'many' WHEN i > 0 THEN 'some' WHEN i = 0 THEN '' END AS a,
                  CASE g WHEN 0 THEN n WHEN 1 THEN i ELSE -1 END AS b,
                  CASE WHEN flag THEN p ELSE 0 END::DECIMAL(12, 2) AS c,
                  n // NULLIF(i, 0) AS e,
                  CASE WHEN flag THEN d ELSE i END AS f,
                  CASE WHEN ts IS NULL THEN TIMESTAMP '2020-01-01 00:00:00.000' ELSE ts END AS h FROM t""");
        oracle.check("""
                SELECT id, COALESCE(k, w, 'none') AS a, COALESCE(i, g, 0) AS b, NULLIF(k, 'a') AS c, NULLIF(i, g) AS e,
                  COALESCE(p, 0) AS f, COALESCE(NULLIF(w, ''), s) AS h, COALESCE(ts,
                    TIMESTAMP '1970-01-01 00:00:00') AS j,
                  COALESCE(flag, FALSE) AS m FROM t""");
        oracle.check("SELECT id, GREATEST(i, g) AS a, LEAST(n, i) AS b, IF(flag, 'yes', 'no') AS c, IFNULL(i, -99) AS"
                + " e FROM t",
                """
                        SELECT id, CASE WHEN i IS NULL OR g IS NULL THEN NULL ELSE GREATEST(i, g) END AS a,
                          CASE WHEN i IS NULL OR n IS NULL THEN NULL ELSE LEAST(n, i) END AS b,
                          CASE WHEN flag THEN 'yes' ELSE 'no' END AS c, IFNULL(i, -99) AS e FROM t""");
    }

    @Test
    void shouldCastNumbers(Oracle oracle) {
        oracle.check("""
                SELECT id, CAST(i AS BIGINT) AS a, CAST(i AS DOUBLE) AS b, CAST(i AS DECIMAL(10, 2)) AS c,
                  CAST(n AS INT) AS e, CAST(p AS DOUBLE) AS f, CAST(i AS SMALLINT) AS h, CAST(i AS TINYINT) AS j,
                  CAST(p AS DECIMAL(38, 10)) AS m, CAST(l AS DECIMAL(19, 0)) AS o, CAST(g AS BOOLEAN) AS r FROM t""");
        oracle.check("SELECT id, CAST(d AS BIGINT) AS a, CAST(d AS INT) AS b, CAST(p AS BIGINT) AS c FROM t",
                "SELECT id, CAST(TRUNC(d) AS BIGINT) AS a, CAST(TRUNC(d) AS INT) AS b, CAST(TRUNC(p) AS BIGINT) AS c"
                        + " FROM t");
        oracle.check("SELECT id, CAST(d AS DECIMAL(20, 6)) AS a FROM t");
    }

    @Test
    void shouldCastTexts(Oracle oracle) {
        oracle.check("SELECT id, CAST(i AS STRING) AS a, CAST(l AS VARCHAR) AS b, CAST(p AS STRING) AS c, CAST(q AS"
                + " STRING) AS e,"
                + " CAST(dt AS STRING) AS f FROM t");
        oracle.check("SELECT id, CAST(w AS INT) AS a FROM t WHERE w IN ('12', '-7')");
        oracle.check("SELECT id, CAST(w AS DECIMAL(10, 3)) AS a, CAST(w AS DOUBLE) AS b FROM t WHERE w IN ('12',"
                + " '-7', '3.50')");
        oracle.check("SELECT id, TRY_CAST(w AS BIGINT) AS a, TRY_CAST(w AS DOUBLE) AS b, TRY_CAST(w AS BOOLEAN) AS c"
                + " FROM t",
                // The dialect cuts off the fraction of a number in a text.
                """
                        SELECT id, CASE WHEN w = '3.50' THEN 3 ELSE TRY_CAST(w AS BIGINT) END AS a,
                          TRY_CAST(w AS DOUBLE) AS b,
                          CASE WHEN w = 'true' THEN TRUE END AS c FROM t""");
        oracle.check("SELECT id, CAST('2024-02-29' AS DATE) AS a, CAST('2024-02-29 12:34:56.789' AS TIMESTAMP(3)) AS"
                + " b FROM t");
    }

    @Test
    void shouldWorkOnTexts(Oracle oracle) {
        oracle.check("""
                SELECT id, UPPER(w) AS a, LOWER(w) AS b, CHAR_LENGTH(s) AS c, w || '-' || k AS e, TRIM(w) AS f,
                  SUBSTRING(s, 2, 3) AS h, SUBSTRING(s FROM 2) AS j, REPLACE(w, 'X', '😀') AS m,
                  POSITION('a' IN w) AS o, REVERSE(k) AS r FROM t""");
        oracle.check("SELECT id, OCTET_LENGTH(s) AS a, CHARACTER_LENGTH(k) AS b, LENGTH(s) AS c FROM t",
                "SELECT id, OCTET_LENGTH(encode(s)) AS a, LENGTH(k) AS b, LENGTH(s) AS c FROM t");
        oracle.check("""
                SELECT id, LTRIM(w) AS a, RTRIM(w) AS b, TRIM(LEADING 'a' FROM w) AS c, TRIM(TRAILING 'e' FROM w) AS e,
                  TRIM(BOTH 'x' FROM w) AS f, LPAD(w, 5, '*') AS h, RPAD(w, 5, '😀') AS j, LEFT(s, 2) AS m,
                  RIGHT(s, 2) AS o, REPEAT(k, 2) AS r FROM t""", """
                SELECT id, LTRIM(w) AS a, RTRIM(w) AS b, LTRIM(w, 'a') AS c, RTRIM(w, 'e') AS e,
                  TRIM(w, 'x') AS f, LPAD(w, 5, '*') AS h, RPAD(w, 5, '😀') AS j, LEFT(s, 2) AS m,
                  RIGHT(s, 2) AS o, REPEAT(k, 2) AS r FROM t""");
        oracle.check("SELECT id, CONCAT(w, k) AS a, CONCAT_WS('-', w, k, s) AS b, STARTS_WITH(w, 'a') AS c,"
                + " ENDS_WITH(w, 'e') AS e,"
                + " SPLIT_INDEX(w, ',', 1) AS f FROM t",
                """
                        SELECT id, w || k AS a, CONCAT_WS('-', w, k, s) AS b, STARTS_WITH(w, 'a') AS c,
                          ENDS_WITH(w, 'e') AS e,
                          CASE WHEN contains(w, ',') THEN SPLIT_PART(w, ',', 2) END AS f FROM t""");
        oracle.check("SELECT id, REGEXP_LIKE(w, '^[a-c]') AS a, REGEXP_REPLACE(w, '[aeiou]+', '_') AS b,"
                + " REGEXP_EXTRACT(w, '([a-z]+),([a-z]+)', 2) AS c FROM t",
                """
                        SELECT id, REGEXP_MATCHES(w, '^[a-c]') AS a, REGEXP_REPLACE(w, '[aeiou]+', '_', 'g') AS b,
                          CASE WHEN REGEXP_MATCHES(w, '([a-z]+),([a-z]+)') THEN REGEXP_EXTRACT(w, '([a-z]+),([a-z]+)',
                          2) END AS c FROM t""");
    }

    @Test
    void shouldMatchPatterns(Oracle oracle) {
        oracle.check("""
                SELECT id, w LIKE 'a%' AS a, w LIKE '%e' AS b, w LIKE '_' AS c, w NOT LIKE '%a%' AS e,
                  s LIKE '%😀%' AS f,
                  w LIKE '' AS h, s LIKE '__' AS j, w LIKE '50!%' ESCAPE '!' AS m, w LIKE k AS o FROM t""");
    }

    @Test
    void shouldWorkOnTimes(Oracle oracle) {
        oracle.check("""
                SELECT id, EXTRACT(YEAR FROM ts) AS a, EXTRACT(MONTH FROM ts) AS b, EXTRACT(DAY FROM ts) AS c,
                  EXTRACT(HOUR FROM ts) AS e, EXTRACT(MINUTE FROM ts) AS f, EXTRACT(SECOND FROM ts) AS h,
                  EXTRACT(QUARTER FROM dt) AS j, EXTRACT(WEEK FROM dt) AS m, EXTRACT(DOY FROM dt) AS o,
                  EXTRACT(YEAR FROM dt) AS r FROM t""");
        oracle.check("SELECT id, YEAR(ts) AS a, MONTH(dt) AS b, DAYOFMONTH(ts) AS c, HOUR(ts) AS e, MINUTE(ts) AS f,"
                + " SECOND(ts) AS h,"
                + " DAYOFYEAR(dt) AS j, EXTRACT(DOW FROM dt) AS m FROM t",
                """
                        SELECT id, YEAR(ts) AS a, MONTH(dt) AS b, DAY(ts) AS c, HOUR(ts) AS e, MINUTE(ts) AS f,
                          SECOND(ts) AS h, DAYOFYEAR(dt) AS j, DAYOFWEEK(dt) + 1 AS m FROM t""");
        oracle.check("""
                SELECT id, ts + INTERVAL '90' MINUTE AS a, ts - INTERVAL '1' DAY AS b, ts + INTERVAL '1' MONTH AS c,
                  dt + INTERVAL '3' DAY AS e, dt - INTERVAL '1' YEAR AS f, ts + INTERVAL '0.5' SECOND AS h FROM t""",
                """
                        SELECT id, ts + INTERVAL '90' MINUTE AS a, ts - INTERVAL '1' DAY AS b,
                          ts + INTERVAL '1' MONTH AS c, (dt + INTERVAL '3' DAY)::DATE AS e,
                          (dt - INTERVAL '1' YEAR)::DATE AS f,
                            ts + INTERVAL '500' MILLISECOND AS h
                        FROM t""");
        oracle.check("""
                SELECT id, FLOOR(ts TO HOUR) AS a, FLOOR(ts TO DAY) AS b, FLOOR(ts TO MONTH) AS c, DATE_TRUNC('minute',
                  ts) AS e,
                  DATE_TRUNC('WEEK', ts) AS f, FLOOR(ts TO YEAR) AS h, DATE_TRUNC('quarter', ts) AS j FROM t""", """
                SELECT id, DATE_TRUNC('hour', ts) AS a, DATE_TRUNC('day', ts)::TIMESTAMP AS b, DATE_TRUNC('month',
                  ts)::TIMESTAMP AS c,
                  DATE_TRUNC('minute', ts) AS e, DATE_TRUNC('week', ts)::TIMESTAMP AS f, DATE_TRUNC('year',
                    ts)::TIMESTAMP AS h,
                  DATE_TRUNC('quarter', ts)::TIMESTAMP AS j FROM t""");
        oracle.check("""
                SELECT id, TIMESTAMPDIFF(SECOND, ts, TIMESTAMP '2000-01-01 00:00:00') AS a,
                  TIMESTAMPDIFF(DAY, ts, TIMESTAMP '2000-01-01 00:00:00') AS b,
                  TIMESTAMPDIFF(MONTH, ts, TIMESTAMP '2000-01-01 00:00:00') AS c, TIMESTAMPADD(HOUR, i, ts) AS e,
                  CAST(ts AS DATE) AS f, CAST(dt AS TIMESTAMP(3)) AS h FROM t""", """
                SELECT id, DATE_SUB('second', ts, TIMESTAMP '2000-01-01 00:00:00') AS a,
                  DATE_SUB('day', ts, TIMESTAMP '2000-01-01 00:00:00') AS b,
                  DATE_SUB('month', ts, TIMESTAMP '2000-01-01 00:00:00') AS c, ts + to_hours(i) AS e,
                  CAST(ts AS DATE) AS f, CAST(dt AS TIMESTAMP) AS h FROM t""");
        oracle.check("""
                SELECT id, DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm:ss') AS a, DATE_FORMAT(ts, 'dd.MM.yy') AS b,
                  UNIX_TIMESTAMP(ts) AS c, FROM_UNIXTIME(n) AS e, TO_TIMESTAMP('2024-02-29 01:02:03') AS f,
                  TO_DATE('2024-02-29') AS h, CAST(ts AS STRING) AS j FROM t""", """
                SELECT id, strftime(ts, '%Y-%m-%d %H:%M:%S') AS a, strftime(ts, '%d.%m.%y') AS b,
                  floor(epoch_ms(ts) / 1000)::BIGINT AS c, strftime(make_timestamp(n * 1000000),
                    '%Y-%m-%d %H:%M:%S') AS e,
                  TIMESTAMP '2024-02-29 01:02:03' AS f, DATE '2024-02-29' AS h, strftime(ts,
                    '%Y-%m-%d %H:%M:%S.%g') AS j
                FROM t""");
    }

    @Test
    void shouldCompareTimes(Oracle oracle) {
        oracle.check("""
                SELECT id, ts < TIMESTAMP '2000-01-01 00:00:00' AS a, dt >= DATE '1980-05-05' AS b, dt < ts AS c,
                  ts BETWEEN TIMESTAMP '1970-01-01 00:00:00' AND TIMESTAMP '1999-12-31 23:59:59.999' AS e FROM t""");
    }

    @Test
    void shouldSelectFromQueries(Oracle oracle) {
        oracle.check("SELECT a + 1 AS b FROM (SELECT id, i * 2 AS a FROM t WHERE i > 0) WHERE a < 20");
        oracle.check("WITH u AS (SELECT k, n + 1 AS m FROM t WHERE flag) SELECT k, m FROM u WHERE m > 0");
        oracle.check("SELECT id, k FROM t WHERE i > 10 UNION ALL SELECT id, w FROM t WHERE i < -10");
    }
}
