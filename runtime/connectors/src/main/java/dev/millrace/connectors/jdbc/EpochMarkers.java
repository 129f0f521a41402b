// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * The table of markers in the database, one row for an owner: the last epoch that it released, and which start of it has
 * the say. Everything is done within transactions of others.
 */
final class EpochMarkers {
    private final TableName name;
    private final EpochOwner owner;

    /** @param name with its schema */
    EpochMarkers(TableName name, EpochOwner owner) {
        this.name = name;
        this.owner = owner;
    }

    /** The statement that makes the table. */
    String ddl() {
        return "CREATE TABLE IF NOT EXISTS " + name.sql()
                + " (owner text PRIMARY KEY, epoch bigint NOT NULL, incarnation bigint NOT NULL)";
    }

    /** Makes the table where there is none. */
    void create(Connection connection) throws SQLException {
        if (exists(connection)) {
            return;
        }
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            // One after the other: who loses a race is told of a violated key, maybe before it can see the table.
            statement.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + name.sql().hashCode() + ")");
            statement.execute(ddl());
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (JdbcErrors.isTemporary(e)) {
                throw e;
            }
            connection.rollback(before);
            // Somebody else may have made it at the same moment.
            if (!exists(connection)) {
                throw new MillraceException(
                        JdbcErrors.state(e).equals(JdbcErrors.ACCESS) ? ErrorCode.ACCESS_DENIED : ErrorCode.SINK_FAILED,
                        "table " + name + ", which holds the epochs of jobs, can't be made: " + JdbcErrors.describe(e),
                        null,
                        "have it made: " + ddl() + "\nand GRANT SELECT, INSERT, UPDATE, DELETE on it",
                        e);
            }
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement("SELECT pg_catalog.to_regclass(?) IS NOT NULL")) {
            ask.setString(1, name.sql());
            try (ResultSet answer = ask.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }

    /**
     * Gives the say to this start of the owner; waits for a release that is under way.
     *
     * @return the last epoch released, {@link EpochSink#NONE} if there is none
     * @throws MillraceException if a newer start has it
     */
    long claim(Connection connection) throws SQLException {
        String sql = "INSERT INTO " + name.sql() + " AS m (owner, epoch, incarnation) VALUES (?, ?, ?)"
                + " ON CONFLICT (owner) DO UPDATE SET incarnation = EXCLUDED.incarnation"
                + " WHERE m.incarnation <= EXCLUDED.incarnation RETURNING epoch";
        try (PreparedStatement claim = connection.prepareStatement(sql)) {
            claim.setString(1, owner.name());
            claim.setLong(2, EpochSink.NONE);
            claim.setLong(3, owner.incarnation());
            try (ResultSet row = claim.executeQuery()) {
                if (!row.next()) {
                    throw fenced();
                }
                return row.getLong(1);
            }
        }
    }

    /**
     * Moves the marker.
     *
     * @return false if it stands there already: this release has gone through before
     * @throws MillraceException if a newer start has the say
     */
    boolean move(Connection connection, long epoch) throws SQLException {
        String sql = "UPDATE " + name.sql() + " SET epoch = ? WHERE owner = ? AND epoch < ? AND incarnation = ?";
        try (PreparedStatement move = connection.prepareStatement(sql)) {
            move.setLong(1, epoch);
            move.setString(2, owner.name());
            move.setLong(3, epoch);
            move.setLong(4, owner.incarnation());
            if (move.executeUpdate() == 1) {
                return true;
            }
        }
        String look = "SELECT epoch FROM " + name.sql() + " WHERE owner = ? AND incarnation = ?";
        try (PreparedStatement read = connection.prepareStatement(look)) {
            read.setString(1, owner.name());
            read.setLong(2, owner.incarnation());
            try (ResultSet row = read.executeQuery()) {
                if (row.next() && row.getLong(1) == epoch) {
                    return false;
                }
            }
        }
        throw fenced();
    }

    /** Removes the marker, unless a newer start has the say. */
    void remove(Connection connection) throws SQLException {
        String sql = "DELETE FROM " + name.sql() + " WHERE owner = ? AND incarnation <= ?";
        try (PreparedStatement remove = connection.prepareStatement(sql)) {
            remove.setString(1, owner.name());
            remove.setLong(2, owner.incarnation());
            remove.executeUpdate();
        }
    }

    private MillraceException fenced() {
        return new MillraceException(
                ErrorCode.STATE_FENCED,
                "a newer owner than incarnation " + owner.incarnation() + " has taken over '" + owner.name()
                        + "' in table " + name,
                null);
    }
}
