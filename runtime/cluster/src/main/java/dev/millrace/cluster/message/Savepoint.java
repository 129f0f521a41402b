// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.upgrade.SavepointName;
import java.util.List;
import java.util.Map;

/**
 * The state of a whole job at one cut of its inputs, kept under a name; one stored image a partition.
 *
 * @param job the job of which it is, with the generation at that time
 * @param name its name among those of the job
 * @param unique unique over all savepoints; letters and digits
 * @param millis when it was complete, in milliseconds since 1970
 * @param plan the job's plan at that time
 * @param splits the splits of all inputs
 * @param cut position by input
 * @param bytes of all images
 * @param rowsRead what the job had read at the cut
 * @param stopped whether the job stopped at the cut
 */
public record Savepoint(JobId job, String name, String unique, long millis, JobPlan plan,
        List<InputSplits> splits, Map<String, Long> cut, long bytes, long rowsRead, boolean stopped) {
    public Savepoint {
        splits = List.copyOf(splits);
        cut = Map.copyOf(cut);
    }

    /**
     * Whether a job that starts from it would give rows into a table that has them already: the job went on after the
     * cut, and the rows are appended.
     *
     * @param other the plan of the job that starts
     * @param rowsReadSince what the job of the savepoint had read when it rested, or -1 if it is not there any more
     */
    public boolean repeats(JobPlan other, long rowsReadSince) {
        boolean wentOn = !stopped || rowsReadSince > rowsRead;
        return wentOn && other.stages().stream().map(other::target).anyMatch(this::appends);
    }

    private boolean appends(Target target) {
        return target instanceof Target.Table table && table.table().primaryKey().isEmpty()
                && plan.stages().stream()
                        .map(plan::target)
                        .anyMatch(before -> before instanceof Target.Table same
                                && same.table().name().equals(table.table().name()));
    }

    /** Its name among all. */
    public SavepointName fullName() {
        return new SavepointName(job.name(), name);
    }

    /** Name of the log that holds a partition's image. */
    public String log(int stage, int index) {
        return log(unique, stage, index);
    }

    /** Name of the log that holds a partition's image in a savepoint. */
    public static String log(String unique, int stage, int index) {
        return "savepoint-" + unique + "/" + stage + "/" + index;
    }
}
