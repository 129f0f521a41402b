// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The few connections that all sinks of a process to one database share: a server takes about a hundred, and jobs have
 * more partitions. A connection serves one transaction at a time. Safe for use by several threads.
 */
final class Database {
    private static final int CONNECTIONS_MAX = 8;
    private static final int WAIT_MILLIS_MAX = 500;

    /** The databases of a connector, each there for as long as somebody uses it. */
    static final class Directory {
        private final Map<JdbcSettings, Database> databases = new HashMap<>();

        /** The database for one more user, who has to {@link #leave} it once. */
        synchronized Database join(JdbcSettings settings) {
            Database database = databases.computeIfAbsent(settings, Database::new);
            database.users++;
            return database;
        }

        synchronized void leave(Database database) {
            database.users--;
            if (database.users == 0) {
                databases.remove(database.settings);
                database.closeIdle();
            }
        }
    }

    private final JdbcSettings settings;
    private final Semaphore room = new Semaphore(CONNECTIONS_MAX, true);
    private final Deque<Connection> idle = new ArrayDeque<>();
    /** Under the lock of the directory. */
    private int users;

    private Database(JdbcSettings settings) {
        this.settings = settings;
    }

    JdbcSettings settings() {
        return settings;
    }

    /** A connection, which is to be given back or discarded; null if there are too many, after a moment. */
    Connection take() throws SQLException, InterruptedException {
        if (!room.tryAcquire(WAIT_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
            return null;
        }
        synchronized (idle) {
            Connection connection = idle.poll();
            if (connection != null) {
                return connection;
            }
        }
        try {
            return settings.connect();
        } catch (SQLException | RuntimeException e) {
            room.release();
            throw e;
        }
    }

    /** Takes back a connection that is in no transaction. */
    void giveBack(Connection connection) {
        synchronized (idle) {
            idle.push(connection);
        }
        room.release();
    }

    /** Closes a connection that is of no use any more. */
    void discard(Connection connection) {
        close(connection);
        room.release();
    }

    /** Closes the connections that nobody uses: the server may be another one now. */
    void closeIdle() {
        synchronized (idle) {
            idle.forEach(Database::close);
            idle.clear();
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is of no use, whatever it says.
        }
    }
}
