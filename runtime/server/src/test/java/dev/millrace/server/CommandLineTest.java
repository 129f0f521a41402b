// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole scripts through the command line, a node and its partitions. */
@Tag("integration")
@Timeout(30)
final class CommandLineTest {
    private static final String TRADES = """
            {"symbol":"AAPL","price":"10.50","quantity":3,"ts":"2026-01-01 00:00:01"}
            {"symbol":"MSFT","price":"20.25","quantity":5,"ts":"2026-01-01 00:00:02"}
            {"symbol":"AAPL","price":"11.50","quantity":1,"ts":"2026-01-01 00:00:59"}
            {"symbol":null,"price":"1.00","quantity":9007199254740993,"ts":"2026-01-01 00:01:00"}
            """;

    @TempDir
    Path directory;

    private Path trades;
    private String createTrades;

    @BeforeEach
    void writeTrades() throws IOException {
        trades = Files.writeString(directory.resolve("trades.jsonl"), TRADES);
        createTrades = "CREATE TABLE trades (symbol STRING, price DECIMAL(10, 2), quantity BIGINT, ts TIMESTAMP(3),\n"
                + "  WATERMARK FOR ts AS ts)\nWITH ('connector' = 'filesystem', 'path' = '" + trades
                + "', 'format' = 'json');\n";
    }

    @Test
    void shouldWriteJsonWithExactNumbers() {
        CommandRun run = run("SELECT symbol, price, quantity, ts FROM trades WHERE price < 11;", "--format", "json");

        assertEquals(
                List.of(
                        "{\"symbol\":\"AAPL\",\"price\":10.50,\"quantity\":3,\"ts\":\"2026-01-01 00:00:01.000\"}",
                        "{\"symbol\":null,\"price\":1.00,\"quantity\":9007199254740993,"
                                + "\"ts\":\"2026-01-01 00:01:00.000\"}"),
                run.out().lines().sorted().toList(),
                run.err());
        assertTrue(run.err().contains("2 written, 0 bad, 0 late"), run.err());
    }

    @Test
    void shouldWriteCsvWithAHeader() {
        CommandRun run = run("SELECT quantity, symbol FROM trades ORDER BY quantity LIMIT 2;", "--format", "csv");

        assertEquals("quantity,symbol\n1,AAPL\n3,AAPL\n", run.out(), run.err());
    }

    @Test
    void shouldWriteATable() {
        CommandRun run = run("SELECT symbol, SUM(quantity) AS total FROM trades WHERE symbol IS NOT NULL"
                + " GROUP BY symbol ORDER BY symbol;");

        assertEquals("""
                symbol  total
                ------  -----
                AAPL        4
                MSFT        5
                """, run.out(), run.err());
    }

    @Test
    void shouldEmitOneChangeForEveryInputRow() {
        CommandRun run = run(
                "SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol EMIT CHANGES;", "--format", "json");

        assertEquals(
                List.of(
                        "{\"op\":\"+U\",\"symbol\":\"AAPL\",\"n\":2}",
                        "{\"symbol\":\"AAPL\",\"n\":1}",
                        "{\"symbol\":\"MSFT\",\"n\":1}",
                        "{\"symbol\":null,\"n\":1}"),
                run.out().lines().sorted().toList(),
                run.err());
    }

    @Test
    void shouldCloseWindowsOfBothSyntaxesAlike() {
        String function = "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts),"
                + " INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;\n";
        String clause = "SELECT window_start, COUNT(*) AS n FROM trades WINDOW TUMBLING (SIZE 1 MINUTE);\n";

        CommandRun run = run(function + clause, "--format", "csv", "--set", "partitions=3");

        String once = "2026-01-01 00:00:00.000,3\n2026-01-01 00:01:00.000,1\n";
        assertEquals(
                (once + once).lines().sorted().toList(),
                run.out().lines().filter(line -> line.startsWith("2026")).sorted().toList(),
                run.err());
    }

    @Test
    void shouldSortAndLimitWhereTheResultArrives() {
        CommandRun run = run(
                "SELECT price, symbol FROM trades ORDER BY symbol DESC, price DESC LIMIT 3 OFFSET 1;",
                "--format",
                "csv");

        assertEquals("price,symbol\n11.50,AAPL\n10.50,AAPL\n1.00,\n", run.out(), run.err());
    }

    @Test
    void shouldSetBadRecordsAsideAndGoOn() throws IOException {
        Files.writeString(trades, "{\"symbol\":\"X\",\"price\":\"dear\"}\nno json at all\n" + TRADES);

        CommandRun run = run("SELECT symbol, price FROM trades;", "--format", "json");

        assertEquals(ExitCode.SUCCESS, run.exitCode());
        assertEquals(4, run.out().lines().count(), run.out());
        Matcher place = Pattern.compile("2 bad \\(see (.*?)\\)").matcher(run.err());
        assertTrue(place.find(), run.err());
        List<String> letters = Files.readAllLines(Path.of(place.group(1)));
        assertEquals(2, letters.size());
        assertTrue(letters.getFirst().contains("\"code\":\"MR-3010\""), letters.getFirst());
        assertTrue(letters.getFirst().contains("\"position\":0"), letters.getFirst());
        assertTrue(letters.getLast().contains("no json at all"), letters.getLast());
        run.assertNoStackTrace();
    }

    @Test
    void shouldFailWithTheReasonWhenAFileIsMissing() throws IOException {
        Files.delete(trades);

        CommandRun run = run("SELECT symbol FROM trades;");

        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.err().startsWith("MR-3001  "), run.err());
        assertTrue(run.err().contains(trades.toString()), run.err());
        assertEquals("", run.out());
        run.assertNoStackTrace();
    }

    @Test
    void shouldRunNothingOfAScriptWithAMistake() {
        CommandRun run = run("SELECT symbol FROM trades;\nSELECT symbl FROM trades;");

        assertEquals(ExitCode.INVALID, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("MR-1042  "), run.err());
    }

    @Test
    void shouldLetAnInsertGoOnWhileTheScriptDoes() {
        CommandRun run = run(
                "CREATE TABLE counts (symbol STRING, n BIGINT, PRIMARY KEY (symbol) NOT ENFORCED)"
                        + " WITH ('connector' = 'print');\n"
                        + "INSERT INTO counts SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT CHANGES;\n"
                        + "SELECT COUNT(*) AS n FROM trades EMIT FINAL;",
                "--format",
                "csv");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertEquals("n\n4\n", run.out());
        assertTrue(run.err().contains("+U[AAPL, 2]"), run.err());
        assertTrue(run.err().contains("job \"counts\" finished: 4 rows read, 4 written"), run.err());
    }

    @Test
    void shouldExplainWithoutRunning() throws IOException {
        Files.delete(trades);

        CommandRun run = CommandRun.withInput(
                createTrades + "SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT CHANGES;", "explain", "-");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.out().contains("symbol"), run.out());
    }

    private CommandRun run(String queries, String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "run";
        words[1] = "-";
        System.arraycopy(options, 0, words, 2, options.length);
        return CommandRun.withInput(createTrades + queries, words);
    }
}
