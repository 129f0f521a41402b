// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;

/** A statement, read but not yet checked against tables. */
public sealed interface Statement {

    /** A query, an INSERT, a CREATE or an EXPLAIN, as a syntax tree. Validation changes the tree, so it serves once. */
    record Sql(SqlNode tree) implements Statement {}

    /**
     * {@code EXECUTE STATEMENT SET BEGIN insert; insert; END}: INSERTs that make one job.
     *
     * @param explained whether {@code EXPLAIN} stands before it
     * @param upgrade whether that is {@code EXPLAIN UPGRADE}
     */
    record StatementSet(List<ParsedStatement> inserts, boolean explained, boolean upgrade) implements Statement {
        public StatementSet {
            inserts = List.copyOf(inserts);
        }
    }

    /** {@code SET 'key' = 'value'}. */
    record SetOption(String key, SourceSpan keyPosition, String value, SourceSpan valuePosition) implements Statement {}

    /**
     * {@code RESET 'key'}, or {@code RESET} for all.
     *
     * @param key null for all
     */
    record ResetOption(String key, SourceSpan keyPosition) implements Statement {}

    /** {@code SET} alone: shows the options. */
    record ShowOptions() implements Statement {}

    /** {@code SHOW TABLES|STREAMS|VIEWS|FUNCTIONS}. */
    record Show(Kind kind) implements Statement {
        /** What is shown. */
        public enum Kind {
            TABLES, STREAMS, VIEWS, FUNCTIONS
        }
    }

    /** {@code DESCRIBE t}. */
    record Describe(String name, SourceSpan position) implements Statement {}

    /** {@code SHOW CREATE TABLE|STREAM|VIEW t}. */
    record ShowCreate(String name, SourceSpan position) implements Statement {}

    /**
     * {@code PAUSE|RESUME|STOP JOB j}, {@code DROP JOB [IF EXISTS] j}, {@code STOP JOB j WITH SAVEPOINT 's'}, {@code
     * CREATE|DROP SAVEPOINT 's' FOR JOB j}.
     *
     * @param savepoint the savepoint's name, or null
     */
    record JobControl(JobAction action, boolean ifExists, String job, String savepoint,
            SourceSpan position) implements Statement {}

    /** {@code ALTER JOB j SET ('key' = 'value', …)}. */
    record AlterJob(String job, List<SetOption> options, SourceSpan position) implements Statement {
        public AlterJob {
            options = List.copyOf(options);
        }
    }

    /** {@code EXPLAIN UPGRADE JOB j}. */
    record ExplainUpgrade(String job, SourceSpan position) implements Statement {}

    /**
     * {@code SHOW JOBS}, {@code SHOW PARTITIONS|WATERMARKS|SAVEPOINTS FOR JOB j}.
     *
     * @param job null for all
     */
    record ShowJobs(JobView view, String job, SourceSpan position) implements Statement {}

    /** {@code DROP TABLE|STREAM|VIEW [IF EXISTS] t}. */
    record Drop(boolean view, boolean ifExists, String name, SourceSpan position) implements Statement {}
}
