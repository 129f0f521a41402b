// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says in words of the user what the driver throws. */
final class JdbcErrors {
    /** A row was to be changed twice by one statement. */
    static final String SAME_ROW_TWICE = "21000";
    static final String ACCESS = "42501";

    private static final int DETAIL_CHARACTERS_MAX = 300;

    private JdbcErrors() {}

    /**
     * Whether the same may go well later, with nothing done by the job's owner: the server is away, starts, has no room,
     * or another transaction is in the way.
     */
    static boolean isTemporary(SQLException e) {
        String state = state(e);
        return switch (state) {
            // Read-only: a standby that is about to take over, or one that was a primary until now.
            case "57P01", "57P02", "57P03", "57P05", "57014", "25006", "25P03", "55P03" -> true;
            default -> state.startsWith("08") || state.startsWith("53") || state.startsWith("40");
        };
    }

    /** The SQLSTATE, or nothing. */
    static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    /**
     * The error that a failure of the driver means.
     *
     * @param use what the database was asked for, such as {@code table "orders"}
     */
    static MillraceException of(SQLException e, JdbcSettings settings, String use) {
        String state = state(e);
        String at = "the database " + settings.address();
        if (state.startsWith("28")) {
            return new MillraceException(
                    ErrorCode.ACCESS_DENIED,
                    at + " refuses the credentials of " + use + ": " + describe(e),
                    null,
                    "check 'username' and 'password', and what the server's pg_hba.conf demands",
                    e);
        }
        if (state.equals(ACCESS)) {
            return new MillraceException(
                    ErrorCode.ACCESS_DENIED,
                    at + " refuses the access of " + use + ": " + describe(e),
                    null,
                    "GRANT the right to the user, or give another 'username'",
                    e);
        }
        if (state.equals("3D000")) {
            return new MillraceException(
                    ErrorCode.OPTION_INVALID,
                    at + " of " + use + " does not exist: " + describe(e),
                    null,
                    "correct the name behind the last / of 'url', or create the database",
                    e);
        }
        if (isTemporary(e)) {
            return new MillraceException(
                    ErrorCode.SERVER_UNREACHABLE,
                    at + " of " + use + " does not answer, or can't for now: " + describe(e),
                    null,
                    "check 'url', that a server runs there and can be reached from here",
                    e);
        }
        return new MillraceException(
                ErrorCode.SINK_FAILED, at + " does not take the rows of " + use + ": " + describe(e), null, null, e);
    }

    /** What went wrong, in one line. */
    static String describe(SQLException e) {
        ServerErrorMessage told = e instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
        String text = told == null || told.getMessage() == null ? String.valueOf(e.getMessage())
                : told.getDetail() == null ? told.getMessage() : told.getMessage() + " (" + told.getDetail() + ")";
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= DETAIL_CHARACTERS_MAX ? line : line.substring(0, DETAIL_CHARACTERS_MAX) + "…";
    }
}
