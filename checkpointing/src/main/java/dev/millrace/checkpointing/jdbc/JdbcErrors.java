// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.jdbc;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.Supplier;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;

/** What the failures of a database mean to a writer of state. */
final class JdbcErrors {
    /** What the trigger of the journal answers to a writer whose number lies behind those of another one. */
    private static final String OVERTAKEN = "MR001";
    private static final String UNIQUE_VIOLATION = "23505";

    private JdbcErrors() {}

    static Throwable writing(String persistenceId, Throwable failure) {
        SQLException cause = sql(failure);
        if (cause != null && (OVERTAKEN.equals(cause.getSQLState()) || UNIQUE_VIOLATION.equals(cause.getSQLState()))) {
            return new MillraceException(ErrorCode.STATE_FENCED,
                    "another writer has written to the log of " + persistenceId, null,
                    "this writer must stop; its successor goes on from the log", cause);
        }
        return unless(failure, () -> new MillraceException(ErrorCode.STATE_UNWRITABLE,
                "the state of " + persistenceId + " can't be written to the database: " + failure.getMessage(), null,
                "check that the database is there and has space", failure));
    }

    static Throwable reading(String persistenceId, Throwable failure) {
        return unless(failure, () -> new MillraceException(
                sql(failure) == null ? ErrorCode.STATE_DAMAGED : ErrorCode.STATE_UNWRITABLE,
                "the state of " + persistenceId + " can't be read from the database: " + failure.getMessage(), null,
                "check that the database is there, and restore it from a copy if it is", failure));
    }

    static MillraceException damaged(String persistenceId, String why) {
        return new MillraceException(ErrorCode.STATE_DAMAGED,
                "the log of " + persistenceId + " in the database can't be used: " + why,
                "restore it from a copy; it is neither skipped nor replaced by something older");
    }

    static <T> Future<T> explained(
            Future<T> future, Function<Throwable, Throwable> explanation, ExecutionContext context) {
        return future.transform(value -> value, explanation::apply, context);
    }

    private static Throwable unless(Throwable failure, Supplier<Throwable> explained) {
        return failure instanceof MillraceException || failure instanceof Error ? failure : explained.get();
    }

    private static SQLException sql(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException found) {
                return found;
            }
        }
        return null;
    }
}
