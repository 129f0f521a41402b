// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts that can't run: told with code, place and way out. Planning alone finds them, so no node starts. */
final class ScriptErrorsTest {
    private static final String TRADES = """
            CREATE TABLE trades (symbol STRING, price DOUBLE, quantity BIGINT, ts TIMESTAMP(3))
            WITH ('connector' = 'filesystem', 'path' = 'trades.jsonl', 'format' = 'json');
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT SUM(prcie) FROM trades GROUP BY symbol | MR-1042 | did you mean "price"?
            SELECT symbol FROM trade                      | MR-1040 | did you mean "trades"?
            SELECT LENGHT(symbol) FROM trades             | MR-1044 | LENGHT
            SELECT symbol + TRUE FROM trades              | MR-1045 | BOOLEAN
            SELECT symbol FROM trades WHERE price         | MR-1045 | BOOLEAN
            SELECT symbol, COUNT(*) FROM trades           | MR-1046 | symbol
            SELEC symbol FROM trades                      | MR-1001 | did you mean "SELECT"?
            SELECT symbol FROM trades WHERE               | MR-1001 | trades
            SELECT (symbol FROM trades                    | MR-1001 | FROM
            SET 'partitons' = '3'                         | MR-2001 | did you mean "partitions"?
            SET 'partitions' = 'many'                     | MR-2002 | partitions
            CREATE TABLE t (a BIGINT) WITH ('connector' = 'filesytem') | MR-2004 | did you mean "filesystem"?
            CREATE TABLE t (a BIGINT) WITH ('path' = 'x') | MR-2003 | 'connector'
            CREATE TABLE t (a BIGNT) WITH ('connector' = 'blackhole') | MR-1047 | BIGNT
            CREATE TABLE trades (a BIGINT) WITH ('connector' = 'blackhole') | MR-1041 | trades
            """)
    void shouldTellCodePlaceAndWayOut(String statement, String code, String expected) {
        CommandRun run = CommandRun.withInput(TRADES + statement + ";", "explain", "-");

        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
        assertTrue(run.err().startsWith(code + "  "), run.err());
        assertTrue(run.err().contains("  line 3, column "), run.err());
        assertTrue(run.err().contains("^"), run.err());
        assertTrue(run.err().contains(expected), run.err());
        run.assertNoStackTrace();
    }

    @Test
    void shouldTellAWrongOptionOfATable() {
        CommandRun run = CommandRun.withInput(
                "CREATE TABLE t (a BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'fromat' = 'json');",
                "explain",
                "-");

        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("MR-2001  "), run.err());
        assertTrue(run.err().contains("did you mean \"format\"?"), run.err());
    }

    @Test
    void shouldWarnOfOptionsWithoutEffect() {
        CommandRun run = CommandRun.withInput(TRADES + "SET 'state.backend.type' = 'rocksdb';", "explain", "-");

        assertEquals("warning: option 'state.backend.type' has no meaning in Millrace and is left out\n", run.err());
        assertEquals(ExitCode.SUCCESS, run.exitCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            --json | [{ | "table": "trades" | }]
            --dot  | digraph "SELECT" { | source trades | }
            """)
    void shouldExplainForProgramsToo(String form, String start, String within, String end) {
        CommandRun run = CommandRun.withInput(TRADES + "EXPLAIN SELECT symbol FROM trades;", "explain", "-", form);

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.out().startsWith(start), run.out());
        assertTrue(run.out().contains(within), run.out());
        assertTrue(run.out().strip().endsWith(end), run.out());
    }

    @Test
    void shouldTellAllErrorsOfAScript() {
        CommandRun run = CommandRun.withInput(
                TRADES + "SELECT prcie FROM trades;\nSELECT symbol FROM trades;\nSELECT symbl FROM trades;",
                "explain",
                "-");

        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("  line 3, column 8:   SELECT prcie FROM trades"), run.err());
        assertTrue(run.err().contains("  line 5, column 8:   SELECT symbl FROM trades"), run.err());
    }

    @Test
    void shouldTellAllErrorsOfTheGrammarAtOnce() {
        CommandRun run = CommandRun.withInput("SELEC 1;\nSELECT symbol FROM trades;\nSET = 3;", "explain", "-");

        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("  line 1, column 1:   SELEC 1"), run.err());
        assertTrue(run.err().contains("  line 3, column "), run.err());
        assertTrue(!run.err().contains("MR-1040"), run.err());
    }

    @Test
    void shouldNotBlameQueriesForATableThatCouldNotBeMade() {
        CommandRun run = CommandRun.withInput(
                "CREATE TABLE t (a BIGINT) WITH ('connector' = 'filesytem');\nSELECT a FROM t;", "explain", "-");

        assertTrue(run.err().startsWith("MR-2004"), run.err());
        assertTrue(!run.err().contains("MR-1040"), run.err());
    }
}
