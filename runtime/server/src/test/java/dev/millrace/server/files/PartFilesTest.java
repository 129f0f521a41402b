// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A million rows from files into part files: what DuckDB answers, and never half a file. */
@Tag("cluster")
@Timeout(60)
final class PartFilesTest {
    private static final int ROWS = 1_000_000;

    @TempDir
    private Path directory;

    private Connection duck;

    @BeforeEach
    void openDuck() throws SQLException {
        duck = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void closeDuck() throws SQLException {
        duck.close();
    }

    @Test
    void shouldWriteWhatDuckDbAnswersAndNeverShowHalfAFile() throws Exception {
        Path input = Files.createDirectories(directory.resolve("in"));
        Path rows = directory.resolve("rows");
        Path groups = directory.resolve("groups");
        writeInput(input);
        String script = """
                SET 'partitions' = '3';
                SET 'checkpoint.interval' = '200 ms';
                CREATE TABLE trades (id BIGINT, name STRING, price DECIMAL(12, 2), ts TIMESTAMP(3))
                WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv', 'csv.null-literal' = 'NULL');
                CREATE TABLE written (id BIGINT, name STRING, twice DECIMAL(14, 2), ts TIMESTAMP(3))
                WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json',
                  'sink.rolling-policy.file-size' = '4 MB');
                CREATE TABLE grouped (name STRING, n BIGINT, total DECIMAL(38, 2), latest TIMESTAMP(3))
                WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv', 'csv.null-literal' = 'NULL');
                INSERT INTO written SELECT id, name, price * 2, ts FROM trades WHERE MOD(id, 7) <> 0;
                INSERT INTO grouped SELECT name, COUNT(*), SUM(price), MAX(ts) FROM trades GROUP BY name EMIT FINAL;
                """.formatted(input, rows, groups);
        Path file = Files.writeString(directory.resolve("script.sql"), script);
        DirectoryWatch watch = new DirectoryWatch(List.of(rows, groups));
        CommandRun run;
        try (watch) {
            run = CommandRun.of("run", file.toString());
        }
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(List.of(), watch.complaints());
        assertTrue(watch.stages() > 2, () -> "files were seen in " + watch.stages() + " numbers only");
        assertEquals(List.of(), hidden(rows));
        assertEquals(List.of(), hidden(groups));

        execute("CREATE TABLE written AS SELECT * FROM read_json('" + rows + "/*.json', format = 'newline_delimited',"
                + " columns = {id: 'BIGINT', name: 'VARCHAR', twice: 'DECIMAL(14, 2)', ts: 'TIMESTAMP'})");
        assertSame("written", "SELECT id, name, (price * 2)::DECIMAL(14, 2), ts FROM trades WHERE id % 7 <> 0");
        execute("CREATE TABLE grouped AS SELECT * FROM read_csv('" + groups + "/*.csv', header = false,"
                + " auto_detect = false, quote = '\"', escape = '\"', nullstr = 'NULL', allow_quoted_nulls = false,"
                + " columns = {name: 'VARCHAR', n: 'BIGINT', total: 'DECIMAL(38, 2)', latest: 'TIMESTAMP'})");
        assertSame("grouped", "SELECT name, COUNT(*), SUM(price), MAX(ts) FROM trades GROUP BY name");
    }

    /** Rows with names that need quotes, and NULLs, in four files. */
    private void writeInput(Path input) throws SQLException {
        execute("""
                CREATE TABLE trades AS SELECT i AS id,
                  CASE i %% 11 WHEN 0 THEN NULL WHEN 1 THEN 'a "quoted", name ' || i %% 97 WHEN 2 THEN ''
                    WHEN 3 THEN 'two' || chr(10) || 'lines' || i %% 89 WHEN 4 THEN '😀 ü ' || i %% 83
                    ELSE 'name ' || i %% 1009 END AS name,
                  CASE WHEN i %% 13 = 0 THEN NULL ELSE ((hash(i) %% 2000001)::BIGINT - 1000000) END
                    ::DECIMAL(12, 2) / 100 AS raw,
                  TIMESTAMP '2026-01-01 00:00:00' + to_milliseconds(i * 37) AS ts
                FROM range(%d) AS r(i)""".formatted(ROWS));
        execute("CREATE OR REPLACE TABLE trades AS SELECT id, name, raw::DECIMAL(12, 2) AS price, ts FROM trades");
        for (int part = 0; part < 4; part++) {
            execute("COPY (SELECT * FROM trades WHERE id % 4 = " + part + ") TO '" + input.resolve(part + ".csv")
                    + "' (HEADER, NULLSTR 'NULL')");
        }
    }

    private void assertSame(String table, String meaning) throws SQLException {
        assertEquals(count("SELECT COUNT(*) FROM (" + meaning + ")"), count("SELECT COUNT(*) FROM " + table));
        // As many rows, and none that is missing: so there is none too many either.
        assertEquals(0, count("SELECT COUNT(*) FROM ((" + meaning + ") EXCEPT ALL FROM " + table + ")"));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String sql) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static List<Path> hidden(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".")).toList();
        }
    }
}
