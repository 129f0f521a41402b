// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;

/** What the targets of {@link Jobs} hold, beside what DuckDB answers on the same input. */
final class Results implements AutoCloseable {
    private static final String PASSED = "columns = {id: 'BIGINT', k: 'BIGINT', v: 'BIGINT'}";
    private static final String WINDOWS =
            "columns = {window_start: 'TIMESTAMP', name: 'VARCHAR', n: 'BIGINT', total: 'BIGINT'}";
    private static final String COUNTS = "columns = {k: 'BIGINT', n: 'BIGINT', total: 'BIGINT', note: 'VARCHAR'}";

    private final Duck duck;
    private final Path directory;
    private final PostgresServer database;
    private final CommittedValues passed;
    private final CommittedValues windows;
    private final CommittedValues counts;
    private final PartFiles passedFiles;
    private final PartFiles windowFiles;
    private final PartFiles againFiles;
    private final long rows;
    private final long passedRows;
    private final long windowRows;

    /**
     * @param duck holds the whole input
     * @param directory where the files are
     * @param database null if there is none
     */
    Results(Duck duck, KafkaBroker broker, Path directory, PostgresServer database) throws IOException {
        this.duck = duck;
        this.directory = directory;
        this.database = database;
        passed = new CommittedValues(broker.bootstrapServers(), "passed", directory.resolve("passed.json"));
        windows = new CommittedValues(broker.bootstrapServers(), "windows", directory.resolve("windows.json"));
        counts = new CommittedValues(broker.bootstrapServers(), "counts", directory.resolve("counts.json"));
        passedFiles = new PartFiles(directory.resolve("passed"));
        windowFiles = new PartFiles(directory.resolve("windows"));
        againFiles = new PartFiles(directory.resolve("again"));
        duck.execute("""
                CREATE VIEW expected_passed AS SELECT id, k, v * 2 AS v FROM trades WHERE id % 7 <> 0;
                CREATE VIEW expected_windows AS
                  SELECT epoch_ms(millis // 1000 * 1000) AS window_start, name, COUNT(*) AS n, SUM(v)::BIGINT AS total
                  FROM trades WHERE name <> 'end' GROUP BY ALL;
                CREATE VIEW expected_counts AS
                  SELECT k, COUNT(*) AS n, SUM(v)::BIGINT AS total, MAX(note) AS note FROM trades GROUP BY ALL;
                """);
        rows = duck.number("SELECT COUNT(*) FROM trades");
        passedRows = duck.number("SELECT COUNT(*) FROM expected_passed");
        windowRows = duck.number("SELECT COUNT(*) FROM expected_windows");
    }

    /** Whether the topics hold as many rows as they should. Waits a moment for new ones. */
    boolean areInTopics() throws IOException {
        return passed.poll() >= passedRows & windows.poll() >= windowRows & counts.poll() >= rows;
    }

    /** Whether all targets do. */
    boolean areThere() throws IOException {
        return areInTopics() && passedFiles.lines() >= passedRows && windowFiles.lines() >= windowRows
                && (database == null
                        || stored("count(*)", "passed") >= passedRows && stored("sum(n)", "counts") >= rows)
                && againFiles.lines() >= passedRows
                && duck.number("SELECT COUNT(*) FROM (" + json("again/*.json", PASSED) + " GROUP BY ALL)")
                        >= passedRows;
    }

    private long stored(String what, String table) {
        return Long.parseLong(database.query("SELECT coalesce(" + what + ", 0) FROM " + table).getFirst());
    }

    /** How far the targets are. */
    String progress() throws IOException {
        return "of " + passedRows + " rows there are " + passed.poll() + " in the topic and " + passedFiles.lines()
                + " in files, of " + windowRows + " windows " + windows.poll() + " and " + windowFiles.lines() + ", of "
                + rows + " changes of groups " + counts.poll()
                + (database == null
                        ? ""
                        : "; the database has " + stored("count(*)", "passed") + " rows and groups of "
                                + stored("sum(n)", "counts") + " rows");
    }

    /** Nothing more comes: all targets hold exactly what they should. */
    void compare() throws IOException, SQLException {
        passed.readToEnd();
        windows.readToEnd();
        counts.readToEnd();
        duck.assertSame("topic of rows", json("passed.json", PASSED), "FROM expected_passed");
        duck.assertSame("files of rows", json("passed/*.json", PASSED), "FROM expected_passed");
        duck.assertSame(
                "files of rows that may come twice", json("again/*.json", PASSED) + " GROUP BY ALL",
                "FROM expected_passed");
        duck.assertSame("topic of windows", json("windows.json", WINDOWS), "FROM expected_windows");
        duck.assertSame("files of windows", json("windows/*.json", WINDOWS), "FROM expected_windows");
        // Each change of a group once: its first row, its second, and so on. The last one has all of them.
        duck.execute("CREATE TABLE counts AS " + json("counts.json", COUNTS));
        duck.assertSame(
                "changes of groups", "SELECT k, n FROM counts",
                "SELECT k, row_number() OVER (PARTITION BY k) AS n FROM trades");
        duck.assertSame(
                "last changes of groups", "FROM counts QUALIFY n = max(n) OVER (PARTITION BY k)",
                "FROM expected_counts");
        if (database != null) {
            copy("passed", 3);
            duck.assertSame("rows in the database", "FROM stored_passed", "FROM expected_passed");
            copy("counts", 4);
            duck.assertSame("groups in the database", "FROM stored_counts", "FROM expected_counts");
        }
    }

    private String json(String files, String columns) {
        return "SELECT * FROM read_json('" + directory.resolve(files) + "', format = 'newline_delimited', " + columns
                + ")";
    }

    /** Of the columns the fourth is text. */
    private void copy(String table, int columns) throws SQLException {
        duck.execute("CREATE TABLE stored_" + table + " AS FROM expected_" + table + " LIMIT 0");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + table);
                DuckDBAppender appender = duck.appender("stored_" + table)) {
            while (row.next()) {
                appender.beginRow();
                for (int i = 1; i <= columns; i++) {
                    if (i == 4) {
                        appender.append(row.getString(i));
                    } else {
                        appender.append(row.getLong(i));
                    }
                }
                appender.endRow();
            }
        }
    }

    @Override
    public void close() throws IOException {
        passed.close();
        windows.close();
        counts.close();
    }
}
