// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.JobState;
import dev.millrace.cluster.JobStatus;
import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.JobPlan;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a job is told. */
public sealed interface JobCommand {
    /**
     * Run this plan, or go on with it.
     *
     * @param id the job's id
     * @param plan the plan; a job that exists keeps its own and refuses another query
     * @param client who takes the rows of a SELECT, or null
     * @param watcher who is told how the job stands; a nameless job ends with it
     */
    record Run(JobId id, JobPlan plan, ActorRef<ClientCommand> client,
            ActorRef<JobUpdate> watcher) implements JobCommand, Message {}

    /**
     * End all epochs and stop.
     *
     * @param into STOPPED or PAUSED, to stay so until somebody resumes the job; RUNNING if only this process ends and
     *     the job goes on in the next one
     * @param replyTo who is told when it has, or null
     */
    record Stop(JobState into, ActorRef<JobStatusReply> replyTo) implements JobCommand, Message {}

    /** Go on where you stood. */
    record Resume(ActorRef<JobStatusReply> replyTo) implements JobCommand, Message {}

    /** Stop at once, for ever. */
    record Drop(ActorRef<JobStatusReply> replyTo) implements JobCommand, Message {}

    /** How do you stand? */
    record Describe(ActorRef<JobStatusReply> replyTo) implements JobCommand, Message {}

    /**
     * How the job stands.
     *
     * @param status the status, or null if there is no such job
     */
    record JobStatusReply(JobStatus status) implements Message {}

    /** From the registry: are you there? */
    record Ping() implements JobCommand, Message {}

    /** From a new reader: give me a number. */
    record NumberReader(String input, ActorRef<ReaderCommand> reader) implements JobCommand, Message {}

    /** From a partition, now and then. */
    record PartitionReport(int stage, int index, Counters counters, long epoch,
            long watermark, String slowestInput) implements JobCommand, Message {}

    /** From a partition: all inputs have ended and all output was taken. */
    record PartitionFinished(int stage, int index, Counters counters) implements JobCommand, Message {}

    /** From a partition: the last epoch is durable, the actor stops. */
    record PartitionStopped(int stage, int index, Counters counters) implements JobCommand, Message {}

    /**
     * From a partition: it can't go on, and has ended if it keeps its state.
     *
     * @param at the rows of which one may have broken it, or null if it was none of them
     * @param epoch its last epoch that is durable
     */
    record PartitionFailed(int stage, int index, ErrorCode code, String reason, RowRange at,
            long epoch) implements JobCommand, Message {}

    /** From a partition: it has come so far that where it broke down doesn't matter any more. */
    record PartitionHealed(int stage, int index) implements JobCommand, Message {}

    /** From the reader of an input: it can't go on, and has ended. */
    record ReaderFailed(String input, ErrorCode code, String reason) implements JobCommand, Message {}

    /** From a reader or a partition: what holds it up for now, or null when that is over. */
    record Problem(String who, String problem) implements JobCommand, Message {}

    /** New splits were looked for; these are all there are now. */
    record SplitsDiscovered(List<InputSplits> splits) implements JobCommand, LocalMessage {}

    /**
     * The splits of every input, by stage and input.
     *
     * @param attempt the number of the attempt to start that asked for them
     */
    record SplitsResolved(long attempt, List<InputSplits> splits) implements JobCommand, LocalMessage {}

    /** The splits can't be resolved. */
    record SplitsFailed(ErrorCode code, String reason) implements JobCommand, LocalMessage {}

    /** What the partitions had left behind is erased. */
    record Erased() implements JobCommand, LocalMessage {}

    /** Time to ping readers and partitions, and to tell the watchers. */
    record Tick() implements JobCommand, LocalMessage {}

    /** A watcher is gone. */
    record WatcherGone(ActorRef<JobUpdate> watcher) implements JobCommand, LocalMessage {}

    /**
     * The splits of one input, and of those of other stages that share its readers.
     *
     * @param stage number of the stage
     * @param input number of the input in the stage
     * @param splits its splits
     */
    record InputSplits(int stage, int input, List<Split> splits) {
        public InputSplits {
            splits = List.copyOf(splits);
        }
    }
}
