// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.options.JobOptions;
import dev.millrace.planner.options.StateTtls;
import dev.millrace.planner.parser.JobAction;
import dev.millrace.planner.parser.JobView;
import dev.millrace.planner.translate.QueryPlan;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a statement came to. */
public sealed interface PlannedStatement {

    /**
     * The session has changed; there is nothing to run.
     *
     * @param message what was done, for a shell
     * @param warnings what the user should know
     */
    record Done(String message, List<String> warnings) implements PlannedStatement {}

    /** What the user should know. */
    default List<String> warnings() {
        return List.of();
    }

    /**
     * A job to start: with a name for an INSERT, without for a SELECT, whose rows go to the client.
     *
     * @param warnings what the user should know
     */
    record Job(QueryPlan query, List<String> warnings) implements PlannedStatement {
        Job(QueryPlan query) {
            this(query, List.of());
        }

        public Job {
            warnings = Stream.concat(warnings.stream(), StateTtls.warnings(query.plan()).stream()).toList();
        }

        public JobPlan plan() {
            return query.plan();
        }

        /** What EXPLAIN says of it: several lines, without a line break at the end. */
        public String explanation() {
            return Explain.text(query);
        }
    }

    /**
     * Text to show.
     *
     * @param explained what EXPLAIN explains in it; null where the text is of something else
     */
    record Text(String text, QueryPlan explained) implements PlannedStatement {
        Text(String text) {
            this(text, null);
        }
    }

    /**
     * Rows that are known already.
     *
     * @param rows values by column, null for NULL: String, Long, Double, BigDecimal, Boolean, or text of other types
     */
    record Rows(Schema schema, List<List<Object>> rows) implements PlannedStatement {}

    /**
     * Something is to be done with a job that may be anywhere in the cluster.
     *
     * @param ifExists whether all is well if there is no such job
     * @param savepoint the name of the savepoint that it is about, or null
     * @param options what ALTER changes, as {@link JobOptions} keeps it; empty for the others
     * @param span where the job's name stands in the script
     */
    record JobControl(
            JobAction action, boolean ifExists, String job, String savepoint, Map<String, String> options,
            SourceSpan span) implements PlannedStatement {
        public JobControl {
            options = Map.copyOf(options);
        }
    }

    /**
     * What becomes of a job's state is to be told.
     *
     * @param query the query that is to go on with it; null for the one that the job has
     * @param job the job
     * @param savepoint the savepoint from which the query is to start; null for the job as it is
     * @param span where the job, or the query, stands in the script
     */
    record ExplainUpgrade(QueryPlan query, String job, SavepointName savepoint,
            SourceSpan span) implements PlannedStatement {}

    /**
     * What is known of jobs is to be shown.
     *
     * @param job the job, or null for all
     * @param span where its name stands in the script
     */
    record ShowJobs(JobView view, String job, SourceSpan span) implements PlannedStatement {}

    /** Nothing to run, nothing to warn of. */
    static PlannedStatement done(String message) {
        return new PlannedStatement.Done(message, List.of());
    }

    /** Rows of text. */
    static PlannedStatement rows(List<String> names, List<List<Object>> rows) {
        return new PlannedStatement.Rows(
                new Schema(names.stream().map(name -> new Column(name, SqlType.STRING)).toList()), rows);
    }
}
