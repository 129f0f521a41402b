// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.partition.EpochHeader;
import dev.millrace.cluster.partition.LogFence;
import dev.millrace.cluster.partition.TargetFence;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The partitions of a job whose place those of the next generation are to take. Each is shut out from its log, and then
 * from its target, before the next generation begins: one that was told to stop may be frozen or cut off, and goes on one
 * day. If there is to be no next generation after all, the job can go on as it was.
 */
final class OldGeneration {
    private static final int AT_A_TIME = 4;
    private static final int ATTEMPTS_MAX = 3;

    private final JobId id;
    private final long next;
    private final JobPlan plan;
    private final Connectors connectors;
    private final ImageStore logs;
    private final Duration targetWait;
    /** Completes when targets that are away have been waited for long enough. */
    private final CompletableFuture<Void> outOfPatience = new CompletableFuture<>();
    /** What the last epochs say, by {@link JobMembers#partition}. */
    private final Map<String, EpochHeader> ends = new ConcurrentHashMap<>();

    private OldGeneration(JobRecord record, Connectors connectors, Duration targetWait, ImageStore logs) {
        id = record.id();
        next = record.generation();
        plan = record.plan();
        this.connectors = connectors;
        this.targetWait = targetWait;
        this.logs = logs;
    }

    /**
     * Shuts them out; waits until that is durable.
     *
     * @param record the job, of which another generation was begun
     * @param targetWait how long targets that are away are waited for, all together
     * @throws MillraceException if a log or a target can't be reached, or another generation was begun since
     */
    static OldGeneration shut(JobRecord record, Connectors connectors, Duration targetWait, ImageStore logs) {
        OldGeneration old = new OldGeneration(record, connectors, targetWait, logs);
        old.outOfPatience.completeOnTimeout(null, targetWait.toMillis(), TimeUnit.MILLISECONDS);
        try (ExecutorService some = Executors.newFixedThreadPool(AT_A_TIME)) {
            CompletableFuture.allOf(old.shutAll(some)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException known ? known : e;
        } finally {
            old.outOfPatience.cancel(false);
        }
        return old;
    }

    private CompletableFuture<?>[] shutAll(Executor executor) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            for (int partition = 0; partition < stage.partitions(); partition++) {
                int index = partition;
                all.add(CompletableFuture.runAsync(() -> shut(stage, index), executor));
            }
        }
        return all.toArray(CompletableFuture<?>[]::new);
    }

    private void shut(Stage stage, int index) {
        for (int attempt = 1;; attempt++) {
            try {
                LogFence.Ended log = logs.shut(id.partition(stage.index(), index), next);
                shutTarget(stage, index, log.incarnation());
                ends.put(JobMembers.partition(stage.index(), index), log.header());
                return;
            } catch (MillraceException e) {
                // One that is about to stop may have written at the same moment.
                if (e.code() != ErrorCode.STATE_FENCED || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private void shutTarget(Stage stage, int index, long incarnation) {
        EpochOwner owner = new EpochOwner(id.unique(), id.generation(), stage.index(), index, incarnation);
        Supplier<EpochSink> sink = JobTargets.epochSink(plan, stage, owner, connectors);
        if (sink == null) {
            return;
        }
        TargetFence target = new TargetFence(sink);
        // Also of one whose turn comes later.
        outOfPatience.thenRunAsync(target::giveUp);
        try {
            target.shut();
        } catch (MillraceException e) {
            if (target.isGivenUp()) {
                throw new MillraceException(
                        ErrorCode.SINK_FAILED,
                        JobMembers.partition(stage.index(), index) + " could not be shut out from its target within "
                                + targetWait.toSeconds() + " s",
                        null, "bring the target back, or let a job of another name go on from the savepoint", e);
            }
            throw e;
        }
    }

    /**
     * Looks whether all that they have done is in the copies of their state.
     *
     * @param copies what the copies say, by {@link JobMembers#partition}
     * @return one that has gone on since it was copied, or null
     */
    String wentOnSince(Map<String, EpochHeader> copies) {
        for (Map.Entry<String, EpochHeader> copy : copies.entrySet()) {
            EpochHeader end = ends.get(copy.getKey());
            if (end == null || !end.isOfTheSameMoment(copy.getValue())) {
                return copy.getKey();
            }
        }
        return null;
    }
}
