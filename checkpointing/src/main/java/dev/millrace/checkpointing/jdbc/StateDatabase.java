// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.jdbc;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.StatePlace;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The database that a node keeps its state in: its tables, and its connections. */
public final class StateDatabase {
    private static final String SCHEMA = "schema.sql";
    private static final String CONNECT_SECONDS_MAX = "10";
    private static final String SHARED = "pekko-persistence-jdbc.shared-databases.millrace.";
    /** As many as the journal's writes at a time, and some for reading and deleting. */
    private static final int CONNECTIONS = 12;

    private StateDatabase() {}

    /**
     * Creates the tables where they aren't there yet.
     *
     * @throws MillraceException if the database can't be reached, or its user may not create them
     */
    public static void prepare(StatePlace.Database database) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Two that create the same table at once would fail each other.
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('millrace state'))");
            if (!isPrepared(statement)) {
                statement.execute(schema());
            }
            connection.commit();
        } catch (SQLException e) {
            throw unreachable(database, e);
        }
    }

    /**
     * Where the tables are, as the server itself names it: the same for all that use them, whatever their URLs say.
     *
     * @throws MillraceException if the database can't be reached
     */
    public static String identity(StatePlace.Database database) {
        String place = """
                SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || current_database() || '/'
                    || current_schema()
                """;
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(place)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw unreachable(database, e);
        }
    }

    private static Connection connect(StatePlace.Database database) throws SQLException {
        Properties properties = new Properties();
        if (!database.user().isEmpty()) {
            properties.setProperty("user", database.user());
        }
        properties.setProperty("password", database.password());
        properties.setProperty("connectTimeout", CONNECT_SECONDS_MAX);
        properties.setProperty("ApplicationName", "millrace");
        return DriverManager.getConnection(database.url(), properties);
    }

    private static MillraceException unreachable(StatePlace.Database database, SQLException cause) {
        return new MillraceException(ErrorCode.STATE_UNWRITABLE,
                "the state can't be kept in " + database + ": " + cause.getMessage(), null,
                "check the URL, user and password, and that the user may create tables", cause);
    }

    /** The pool of connections, for an actor system that uses the plugins of this package. It holds the password. */
    public static Config config(StatePlace.Database database) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(SHARED + "profile", "slick.jdbc.PostgresProfile$");
        settings.put(SHARED + "db.url", database.url());
        settings.put(SHARED + "db.driver", "org.postgresql.Driver");
        if (!database.user().isEmpty()) {
            settings.put(SHARED + "db.user", database.user());
        }
        settings.put(SHARED + "db.password", database.password());
        settings.put(SHARED + "db.connectionPool", "HikariCP");
        settings.put(SHARED + "db.numThreads", CONNECTIONS);
        settings.put(SHARED + "db.maxConnections", CONNECTIONS);
        settings.put(SHARED + "db.minConnections", 1);
        settings.put(SHARED + "db.queueSize", 10_000);
        settings.put(SHARED + "db.connectionTimeout", 10_000);
        settings.put(SHARED + "db.validationTimeout", 5_000);
        settings.put(SHARED + "db.properties.ApplicationName", "millrace");
        settings.put(SHARED + "db.properties.connectTimeout", CONNECT_SECONDS_MAX);
        // The rule of order in the schema looks at each row by itself, so rows must not be put into one statement.
        settings.put(SHARED + "db.properties.reWriteBatchedInserts", "false");
        return ConfigFactory.parseMap(settings);
    }

    private static boolean isPrepared(Statement statement) throws SQLException {
        String present = """
                SELECT to_regclass('event_tag') IS NOT NULL AND to_regclass('snapshot') IS NOT NULL AND EXISTS (
                    SELECT FROM pg_trigger
                    WHERE tgrelid = to_regclass('event_journal') AND tgname = 'millrace_keeps_order')
                """;
        try (ResultSet result = statement.executeQuery(present)) {
            result.next();
            return result.getBoolean(1);
        }
    }

    private static String schema() {
        try (InputStream in = StateDatabase.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException(SCHEMA + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
