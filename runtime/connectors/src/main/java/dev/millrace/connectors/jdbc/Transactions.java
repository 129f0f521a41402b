// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Runs the transactions of one sink, one after the other. A database that is away is waited for, and the transaction then
 * runs again from its start; what the database refuses fails.
 *
 * <p>A transaction whose commit was not answered runs again too: whether it had gone through is for the work to find out.
 */
final class Transactions implements AutoCloseable {
    private static final long WAIT_MILLIS_MIN = 100;
    private static final long WAIT_MILLIS_MAX = 2_000;
    private static final Duration SLOW = Duration.ofSeconds(5);

    /** What is done in a transaction; may be done more than once. */
    @FunctionalInterface
    interface Work<T> {
        /** Does everything but the commit, which follows unless it throws. */
        T run(Connection connection) throws SQLException;
    }

    private final Database.Directory directory;
    private final JdbcSettings settings;
    private final String use;
    private final InstantSource clock;
    private Database database;

    private volatile Instant waitingSince;
    private volatile String reason;
    private volatile boolean givenUp;
    /** The connection in use, under the lock of this object. */
    private Connection busy;

    /** @param use what the database is asked for, such as {@code table "orders"} */
    Transactions(Database.Directory directory, JdbcSettings settings, String use, InstantSource clock) {
        this.directory = directory;
        this.settings = settings;
        this.use = use;
        this.clock = clock;
    }

    /**
     * Runs the work and commits it.
     *
     * @throws MillraceException if the database refuses it, or it is given up
     */
    <T> T run(Work<T> work) {
        if (database == null) {
            database = directory.join(settings);
        }
        waitingSince = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        long wait = WAIT_MILLIS_MIN;
        while (true) {
            try {
                T result = attempt(work);
                waitingSince = null;
                reason = null;
                return result;
            } catch (SQLException e) {
                checkNotGivenUp(e);
                if (!JdbcErrors.isTemporary(e)) {
                    throw JdbcErrors.of(e, settings, use);
                }
                reason = JdbcErrors.describe(e);
                database.closeIdle();
            }
            await(wait);
            wait = Math.min(2 * wait, WAIT_MILLIS_MAX);
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        Connection connection = take();
        boolean isDone = false;
        try {
            use(connection);
            T result = work.run(connection);
            connection.commit();
            isDone = true;
            return result;
        } finally {
            use(null);
            if (isDone) {
                database.giveBack(connection);
            } else {
                // Closing it rolls back what it has begun.
                database.discard(connection);
            }
        }
    }

    private Connection take() throws SQLException {
        try {
            while (true) {
                checkNotGivenUp(null);
                Connection connection = database.take();
                if (connection != null) {
                    return connection;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while rows are written", e);
        }
    }

    private synchronized void use(Connection connection) {
        busy = connection;
        if (connection != null) {
            checkNotGivenUp(null);
        }
    }

    private synchronized void await(long millis) {
        try {
            if (!givenUp) {
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a database is away", e);
        }
        checkNotGivenUp(null);
    }

    private void checkNotGivenUp(SQLException cause) {
        if (givenUp) {
            throw new MillraceException(
                    ErrorCode.SINK_FAILED, "rows for " + use + " are given up: the job is ending", null, null, cause);
        }
    }

    /** As {@link dev.millrace.engine.connector.Sink#problem}. */
    String problem() {
        Instant since = waitingSince;
        String why = reason;
        if (since == null || why == null && Duration.between(since, clock.instant()).compareTo(SLOW) < 0) {
            return null;
        }
        return "the database " + settings.address() + " takes no rows for " + use + " since " + since
                + (why == null ? "" : ": " + why);
    }

    /** As {@link dev.millrace.engine.connector.Sink#giveUp}. */
    void giveUp() {
        Connection waited;
        synchronized (this) {
            givenUp = true;
            waited = busy;
            notifyAll();
        }
        if (waited != null) {
            try {
                waited.abort(Runnable::run);
            } catch (SQLException e) {
                // Nobody wants to hear of it.
            }
        }
    }

    @Override
    public void close() {
        if (database != null) {
            directory.leave(database);
            database = null;
        }
    }
}
