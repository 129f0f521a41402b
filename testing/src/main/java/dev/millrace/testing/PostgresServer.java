// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server in processes of its own, from its published binaries, on a free port of the loopback interface,
 * in a temporary directory. It ends with the JVM that started it, if that ends in order.
 *
 * <p>A start takes some seconds, so the tests of a module share one ({@link #shared}); tests that stop it have to
 * {@link #restart} it.
 *
 * <p>The user {@link #ADMIN} may do everything and needs no password; {@link #USER} has one and may do nothing that was
 * not granted.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String ADMIN = "postgres";
    public static final String USER = "guarded";
    public static final String PASSWORD = "guarded-password";

    private static final int STOP_SECONDS_MAX = 20;

    private static PostgresServer shared;

    private final Path directory;
    private EmbeddedPostgres server;
    private int port;

    private PostgresServer(Path directory) {
        this.directory = directory;
    }

    /** Starts a new server, and waits until it takes connections. */
    public static PostgresServer start() {
        try {
            PostgresServer started = new PostgresServer(Files.createTempDirectory("millrace-postgres"));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            started.launch();
            started.port = started.server.getPort();
            started.execute(
                    "CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'",
                    "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server of this JVM, which is started when it is first asked for. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Where a driver finds the one database. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public int port() {
        return port;
    }

    /** A connection of the user {@link #ADMIN}. */
    public Connection connect() {
        try {
            return DriverManager.getConnection(url(), ADMIN, "");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs statements as the user {@link #ADMIN}, each for itself. */
    public void execute(String... statements) {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query as text: columns with {@code |} between them, {@code null} for NULL. */
    public List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                StringJoiner row = new StringJoiner("|");
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row.toString());
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the server in order; its connections are cut. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server as a crash would: it has to recover when it is started again. */
    public void kill() {
        try {
            long pid = Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).getFirst().strip());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            // It tells its children to quit at once, and forces nothing to disk.
            new ProcessBuilder("kill", "-QUIT", "" + pid).start().waitFor();
            postmaster.onExit().get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the server can't be killed", e);
        }
    }

    /** Starts the server again after {@link #stop} or {@link #kill}, on the same port and with what it had stored. */
    public void restart() {
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server and deletes what it has stored. */
    @Override
    public void close() {
        try {
            server.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            // The system empties its temporary directory by itself.
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    private void launch() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                // Off for speed where nobody says otherwise; with it a crash would take committed rows away.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "50")
                .setServerConfig("shared_buffers", "32MB")
                .setDataDirectoryCustomizer(PostgresServer::askForPassword);
        if (port != 0) {
            builder.setPort(port);
        }
        server = builder.start();
    }

    /** The first rule that fits a connection counts. */
    private static void askForPassword(File data) {
        Path rules = data.toPath().resolve("pg_hba.conf");
        try {
            String others = Files.readString(rules);
            String rule = "host all " + USER + " 127.0.0.1/32 scram-sha-256\n";
            if (!others.startsWith(rule)) {
                Files.writeString(rules, rule + others);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
