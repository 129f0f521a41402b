// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A DuckDB in memory. Used by one thread at a time. */
final class DuckDb implements AutoCloseable {
    /**
     * What the dialect says and DuckDB has no word for. Quotients are rounded half away from zero; a decimal is made of
     * its digits by way of its text, since no cast does that.
     */
    private static final List<String> MACROS = List.of(
            "CREATE MACRO power_of_ten(n) AS ('1' || repeat('0', n))::HUGEINT",
            "CREATE MACRO quotient(n, d) AS (sign(n) * sign(d))::HUGEINT"
                    + " * ((abs(n::HUGEINT) * 2 + abs(d::HUGEINT)) // (abs(d::HUGEINT) * 2))",
            "CREATE MACRO digits(x) AS replace(x::VARCHAR, '.', '')::HUGEINT",
            "CREATE MACRO pointed(n, s) AS CASE WHEN n < 0 THEN '-' ELSE '' END"
                    + " || (abs(n) // power_of_ten(s))::VARCHAR || '.'"
                    + " || lpad((abs(n) % power_of_ten(s))::VARCHAR, s, '0')",
            // An overflow where DuckDB says NULL: its function error can't be tried.
            "CREATE MACRO divided(n, d) AS"
                    + " CASE WHEN d = 0 AND n IS NOT NULL THEN 9223372036854775807 + (d + 1) ELSE n // d END",
            "CREATE MACRO remainder(n, d) AS"
                    + " CASE WHEN d = 0 AND n IS NOT NULL THEN 9223372036854775807 + (d + 1)"
                    + " WHEN d = -1 THEN n - n ELSE n % d END",
            // The average of decimals of scale s, with 6 digits where s is less.
            "CREATE MACRO average(total, cnt, s) AS"
                    + " pointed(quotient(digits(total) * power_of_ten(greatest(6 - s, 0)), cnt), greatest(s, 6))");

    private final DuckDBConnection connection;

    DuckDb() {
        try {
            connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
            // They take DATE_TRUNC of NULL for a value.
            execute("SET disabled_optimizers TO 'statistics_propagation,expression_rewriter'");
            for (String macro : MACROS) {
                execute(macro);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Makes a table of the same rows, with two columns more: {@code _split}, the number of the split, and
     * {@code _position}, which orders its rows.
     */
    void load(DataTable table) {
        String columns = table.fields().stream()
                .map(field -> field.name() + " " + field.duckType())
                .collect(Collectors.joining(", "));
        execute("CREATE OR REPLACE TABLE " + table.name() + " (" + columns + ", _split BIGINT, _position BIGINT)");
        try (DuckDBAppender appender = connection.createAppender("main", table.name())) {
            long position = 0;
            for (int file = 0; file < table.files().size(); file++) {
                for (Object[] row : table.files().get(file)) {
                    appender.beginRow();
                    for (Object value : row) {
                        append(value, appender);
                    }
                    appender.append((long) (file % table.splits()));
                    appender.append(position++);
                    appender.endRow();
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void append(Object value, DuckDBAppender appender) throws SQLException {
        switch (value) {
            case null -> appender.appendNull();
            case Long number -> appender.append(number.longValue());
            case Integer number -> appender.append(number.intValue());
            case Short number -> appender.append(number.shortValue());
            case Byte number -> appender.append(number.byteValue());
            case Float number -> appender.append(number.floatValue());
            case Double number -> appender.append(number.doubleValue());
            case Boolean truth -> appender.append(truth.booleanValue());
            case BigDecimal number -> appender.append(number);
            case String string -> appender.append(string);
            case LocalDateTime time -> appender.append(time);
            case LocalDate date -> appender.append(date);
            case LocalTime time -> appender.append(time);
            default -> throw new IllegalArgumentException(value.getClass().toString());
        }
    }

    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError("DuckDB: " + e.getMessage() + "\n" + sql, e);
        }
    }

    Relation query(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return Relation.of(result);
        } catch (SQLException e) {
            throw new AssertionError("DuckDB: " + e.getMessage() + "\n" + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
