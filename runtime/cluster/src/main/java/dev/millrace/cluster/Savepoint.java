// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.engine.plan.JobPlan;
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
 */
public record Savepoint(JobId job, String name, String unique, long millis, JobPlan plan,
        List<JobCommand.InputSplits> splits, Map<String, Long> cut, long bytes) {
    public Savepoint {
        splits = List.copyOf(splits);
        cut = Map.copyOf(cut);
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
