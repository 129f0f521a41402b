// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The way to a database. Equal settings mean the same database, reached in the same way. They hold a secret, so they show
 * nothing but the address.
 */
final class JdbcSettings {
    private static final String PREFIX = "jdbc:postgresql:";
    private static final int CONNECT_SECONDS_MAX = 5;
    private static final int LOGIN_SECONDS_MAX = 8;
    /** How long a check waits for an answer: a person waits for it. */
    private static final int CHECK_SECONDS_MAX = 8;
    /** How long a job waits for an answer before it connects anew: longer than other users hold locks. */
    private static final int ANSWER_SECONDS_MAX = 120;
    /** An owner that is gone without a word keeps its locks no longer than this. */
    private static final int IDLE_MILLIS_MAX = 60_000;

    private final String url;
    private final String user;
    private final String password;

    private JdbcSettings(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** Takes the options {@code url}, {@code username} and {@code password}. */
    static JdbcSettings of(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        String url = options.required(JdbcOption.URL, "jdbc:postgresql://localhost:5432/shop").strip();
        String where = "option '" + JdbcOption.URL + "' of table \"" + table.name() + "\"";
        if (url.toLowerCase(Locale.ROOT).contains("password=")) {
            // Options are shown by name: this one is not known to hold a secret.
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID, where + " holds a password",
                    "move it to 'password' = '…', which is never shown");
        }
        if (!url.startsWith("jdbc:")) {
            throw options.invalid(JdbcOption.URL, "it takes an address such as jdbc:postgresql://localhost:5432/shop");
        }
        if (!url.startsWith(PREFIX)) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    where + " names a database that is not supported yet: " + address(url),
                    "PostgreSQL is: jdbc:postgresql://localhost:5432/shop");
        }
        if (Driver.parseURL(url, new Properties()) == null) {
            throw options.invalid(JdbcOption.URL, "it takes an address such as jdbc:postgresql://localhost:5432/shop");
        }
        return new JdbcSettings(url, options.text(JdbcOption.USER, null), options.text(JdbcOption.PASSWORD, null));
    }

    /** The address as it may be shown: without what stands behind it. */
    String address() {
        return address(url);
    }

    private static String address(String url) {
        int end = url.indexOf('?');
        return end < 0 ? url : url.substring(0, end);
    }

    /** A new connection for a job, without automatic commits. */
    Connection connect() throws SQLException {
        return connect(ANSWER_SECONDS_MAX);
    }

    /** A new connection that does not keep a person waiting. */
    Connection connectToCheck() throws SQLException {
        return connect(CHECK_SECONDS_MAX);
    }

    private Connection connect(int answerSecondsMax) throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "Millrace");
        properties.setProperty("connectTimeout", "" + CONNECT_SECONDS_MAX);
        properties.setProperty("loginTimeout", "" + LOGIN_SECONDS_MAX);
        properties.setProperty("socketTimeout", "" + answerSecondsMax);
        properties.setProperty("tcpKeepAlive", "true");
        Connection connection = new Driver().connect(url, properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = " + IDLE_MILLIS_MAX);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JdbcSettings settings && settings.url.equals(url)
                && Objects.equals(settings.user, user) && Objects.equals(settings.password, password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(url, user);
    }

    @Override
    public String toString() {
        return address();
    }
}
