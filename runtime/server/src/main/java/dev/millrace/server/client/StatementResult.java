// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

import java.util.List;

/**
 * What one statement of a script came to.
 *
 * @param kind what kind of answer it is
 * @param message what was done, in one line, or null
 * @param job the name of the job that runs now, or null
 * @param text several lines to show, as EXPLAIN gives, or null
 * @param columns columns of {@code rows}; empty if there are none
 * @param rows what SHOW and the like answer
 * @param warnings what the user should know
 */
public record StatementResult(
        Kind kind,
        String message,
        String job,
        String text,
        List<ResultColumn> columns,
        List<ResultRow> rows,
        List<String> warnings) {
    /** Kinds of answers. */
    public enum Kind {
        /** The catalog or the options have changed. */
        DONE,
        /** A job runs. */
        JOB,
        /** There is text to show. */
        TEXT,
        /** There are rows to show. */
        ROWS,
        /** The statement is a SELECT over tables: nothing was run; {@link MillraceClient#query} gives its rows. */
        QUERY
    }

    public StatementResult {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        warnings = List.copyOf(warnings);
    }
}
