// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.InputSplits;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.partition.EpochHeader;
import dev.millrace.cluster.settings.JobOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;

/** What is checked, looked up and laid down before a job begins, or goes on changed; for threads that may wait. */
final class JobPreparation {
    private final NodeContext node;
    private final ActorSystem<?> system;
    private final ImageStore images;

    JobPreparation(NodeContext node, ActorSystem<?> system) {
        this.node = node;
        this.system = system;
        images = new ImageStore(system);
    }

    /**
     * Looks up the splits, and lays down the state where the job starts from a savepoint.
     *
     * @param record the job as it was, if it was there before
     * @param id the job with the generation that it starts as
     * @throws MillraceException if the job can't begin
     */
    List<InputSplits> begin(JobRecord record, JobCommand.Run run, JobId id) {
        if (run.savepoint() != null) {
            checkRepeats(run, record.isCreated() ? record.counters().rowsRead() : -1);
        }
        JobTargets.check(run.plan(), node.connectors());
        List<InputSplits> splits = JobSplits.resolve(run.plan(), node.connectors());
        JobSize.check(system, run.plan(), splits);
        if (run.savepoint() != null) {
            restore(record, run, id, splits);
        }
        return splits;
    }

    /** Lays down a savepoint, also where partitions of the job were at work before. */
    private void restore(JobRecord record, JobCommand.Run run, JobId id, List<InputSplits> splits) {
        OldGeneration old = record.isCreated() ? shut(record) : null;
        boolean allowLoss = JobOptions.allowsLoss(run.plan().options());
        Map<String, EpochHeader> copies = Restore.run(run.savepoint(), id, run.plan(), splits, allowLoss, images);
        if (old != null && run.savepoint().job().equals(record.id()) && old.wentOnSince(copies) != null) {
            checkRepeats(run, Long.MAX_VALUE);
        }
    }

    /** @param rowsReadSince what the job had read when it rested, or -1 if it is a new one */
    private static void checkRepeats(JobCommand.Run run, long rowsReadSince) {
        if (run.savepoint().repeats(run.plan(), rowsReadSince) && !JobOptions.allowsRepeats(run.plan().options())) {
            throw new MillraceException(
                    ErrorCode.SAVEPOINT_REFUSED,
                    "its job went on after savepoint \"" + run.savepoint().fullName()
                            + "\": the table would get again what it has got since",
                    "write into another table, or SET 'savepoint.allow-repeats' = 'true'");
        }
    }

    /**
     * Lays down the state with which a job goes on under another plan, and deletes the savepoint.
     *
     * @param id the job with the generation that it goes on as
     * @return the splits, which are the same
     * @throws MillraceException if the job can't go on so
     */
    List<InputSplits> change(JobRecord record, Savepoint savepoint, JobId id, JobPlan plan) {
        OldGeneration old = shut(record);
        String wentOn = old.wentOnSince(Restore.run(savepoint, id, plan, record.splits(), false, images));
        images.deleteAll(savepoint);
        if (wentOn != null) {
            throw new MillraceException(
                    ErrorCode.SAVEPOINT_FAILED, wentOn + " has gone on since its state was copied", null);
        }
        return record.splits();
    }

    private OldGeneration shut(JobRecord record) {
        return OldGeneration.shut(record, node.connectors(), node.epochs().targetWait(), images);
    }
}
