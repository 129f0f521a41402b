// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The judge: a DuckDB in memory that has the input and gets the output. Used by one thread. */
public final class Duck implements AutoCloseable {
    private final DuckDBConnection connection;

    public Duck() throws SQLException {
        connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
    }

    /** Fills a table. */
    public DuckDBAppender appender(String table) throws SQLException {
        return connection.createAppender("main", table);
    }

    /** Carries out a statement. */
    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The one number that a query gives. */
    public long number(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Rows that a query gives too few or too many are told, the first of each. */
    public void assertSame(String what, String output, String meaning) {
        assertEquals("", first("(" + meaning + ") EXCEPT ALL (" + output + ")"), what + ": rows are lost");
        assertEquals("", first("(" + output + ") EXCEPT ALL (" + meaning + ")"), what + ": rows are twice, or wrong");
    }

    private String first(String sql) {
        long rows = number("SELECT COUNT(*) FROM (" + sql + ")");
        if (rows == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder(rows + " rows:");
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM (" + sql + ") ORDER BY ALL LIMIT 10")) {
            while (result.next()) {
                text.append("\n ");
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    text.append(' ').append(result.getString(i));
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
        return text.toString();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
