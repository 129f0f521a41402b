// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** The line that is said when a job or a query has ended. */
public final class JobSummary {
    private static final double NANOS_PER_SECOND = 1e9;

    private JobSummary() {}

    /**
     * @param name the job's name as shown
     * @param plan what the job did
     * @param nanos how long it ran
     * @param deadLetters where bad records go unless their table says otherwise
     */
    public static String line(String name, JobPlan plan, JobOutcome outcome, long nanos, Path deadLetters) {
        JobProgress done = outcome.progress();
        String bad = done.badRecords() == 0 ? "" : " (see " + deadLetterFiles(plan, deadLetters) + ")";
        return String.format(
                Locale.ROOT,
                "%s %s: %,d rows read, %,d written, %,d bad%s, %,d late%s, %.2f s",
                name,
                outcome.state().name().toLowerCase(Locale.ROOT),
                done.rowsRead(),
                done.rowsWritten(),
                done.badRecords(),
                bad,
                done.lateRows(),
                ofClosedWindows(done),
                nanos / NANOS_PER_SECOND);
    }

    /**
     * The line under the rows of a query.
     *
     * @param rows rows that were shown
     */
    public static String footer(JobPlan plan, JobOutcome outcome, long rows, long nanos, Path deadLetters) {
        JobProgress done = outcome.progress();
        String what = plan.updating() ? "change" : "row";
        String bad = done.badRecords() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %,d bad (see %s)",
                        done.badRecords(),
                        deadLetterFiles(plan, deadLetters));
        String late = done.lateRows() == 0 ? "" : String.format(Locale.ROOT, ", %,d late", done.lateRows());
        return String.format(
                Locale.ROOT,
                "%,d %s%s%s%s, %s%.2f s",
                rows,
                rows == 1 ? what : what + "s",
                bad,
                late,
                ofClosedWindows(done),
                outcome.state() == JobState.STOPPED ? "stopped after " : "",
                nanos / NANOS_PER_SECOND);
    }

    private static String ofClosedWindows(JobProgress done) {
        long rows = done.rowsOfClosedWindows();
        return rows == 0 ? "" : String.format(Locale.ROOT, ", %,d after their window had closed", rows);
    }

    private static String deadLetterFiles(JobPlan plan, Path directory) {
        return plan.stages().stream()
                .flatMap(stage -> stage.inputs().stream())
                .filter(SourceInput.class::isInstance)
                .map(input -> ((SourceInput) input).table())
                .map(table -> table.options().getOrDefault(
                        "dead-letter.path", directory.resolve(table.name() + ".jsonl").toString()))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
