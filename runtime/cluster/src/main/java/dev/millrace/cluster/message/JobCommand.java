// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.cluster.status.HotKey;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Moves;
import dev.millrace.cluster.status.ReaderPace;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.JobPlan;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** What a job is told. */
public sealed interface JobCommand {
    /**
     * Run this plan, or go on with it.
     *
     * @param id the job's id
     * @param plan the plan; a job that exists keeps its own and refuses another query
     * @param savepoint what it starts from, or null
     * @param client who takes the rows of a SELECT, or null
     * @param watcher who is told how the job stands; a nameless job ends with it
     */
    record Run(JobId id, JobPlan plan, Savepoint savepoint, ActorRef<ClientCommand> client,
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

    /**
     * Keep all state as it is at one cut of the inputs.
     *
     * @param name the savepoint's name among those of the job
     * @param stops whether the job stops at the cut
     * @param replyTo who is told when it is durable
     */
    record TakeSavepoint(String name, boolean stops,
            ActorRef<SavepointReply> replyTo) implements JobCommand, Message {}

    /**
     * What became of a savepoint.
     *
     * @param savepoint the savepoint, or null if it was refused
     * @param code why it was refused, or null
     * @param reason the reason in words, or null
     */
    record SavepointReply(Savepoint savepoint, ErrorCode code, String reason) implements Message {}

    /**
     * Take other options in force; if the number of partitions is among them, the job goes on from a savepoint.
     *
     * @param options the options that change, by name
     */
    record Alter(Map<String, String> options, ActorRef<SavepointReply> replyTo) implements JobCommand, Message {}

    /** What is your plan? */
    record DescribePlan(ActorRef<PlanReply> replyTo) implements JobCommand, Message {}

    /** @param plan the plan, or null if there is no such job */
    record PlanReply(JobPlan plan) implements Message {}

    /** From a held reader: all partitions have applied what was read, up to this position. */
    record Level(String input, long position) implements JobCommand, Message {}

    /**
     * From a partition: it has copied its state at the cut.
     *
     * @param bytes the size of what is stored, -1 as long as that is not durable
     */
    record Frozen(String savepoint, int stage, int index, long bytes) implements JobCommand, Message {}

    /** From a partition: it can't take part in a savepoint. */
    record FreezeFailed(String savepoint, String reason) implements JobCommand, Message {}

    /** A savepoint was laid down as the beginning of another generation. */
    record Transferred(JobId id, JobPlan plan, List<InputSplits> splits) implements JobCommand, LocalMessage {}

    /** It could not be. */
    record TransferFailed(ErrorCode code, String reason) implements JobCommand, LocalMessage {}

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
            long watermark, String slowestInput, List<HotKey> hotKeys) implements JobCommand, Message {}

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

    /**
     * From the reader of an input: how full its lanes are.
     *
     * @param pace how its partitions let it read
     * @param heldUpMillis for how long they have kept it from reading since it started
     * @param lanes all of its lanes
     */
    record ReaderReport(String input, ReaderPace pace, long heldUpMillis,
            List<LaneReport> lanes) implements JobCommand, Message {
        public ReaderReport {
            lanes = List.copyOf(lanes);
        }
    }

    /** From a reader or a partition: what holds it up for now, or null when that is over. */
    record Problem(String who, String problem) implements JobCommand, Message {}

    /** From sharding: the job is to go on on another node. */
    record HandOff() implements JobCommand, Message {}

    /**
     * From the job on the node that it leaves, to itself on the next one: what is known of its partitions and readers, and
     * who watches it.
     *
     * @param nodes where they are, by name
     * @param leftMillis who is on the way, by name, and since when
     */
    record Inherit(Map<String, String> nodes, Map<String, Long> leftMillis, Moves moves,
            List<ActorRef<JobUpdate>> watchers) implements JobCommand, Message {
        public Inherit {
            nodes = Map.copyOf(nodes);
            leftMillis = Map.copyOf(leftMillis);
            watchers = List.copyOf(watchers);
        }
    }

    /** From a partition or a reader: since then it ends in order on this node, to go on on another. */
    record Leaving(String who, String node, long atMillis) implements JobCommand, Message {}

    /** From a partition or a reader: it is at work on this node. */
    record Arrived(String who, String node) implements JobCommand, Message {}

    /** How have your partitions and readers moved? */
    record ListMoves(ActorRef<MovesReply> replyTo) implements JobCommand, Message {}

    /** How a job's partitions and readers have moved. */
    record MovesReply(Moves moves) implements Message {}

    /** New splits were looked for; these are all there are now. */
    record SplitsDiscovered(List<InputSplits> splits) implements JobCommand, LocalMessage {}

    /**
     * The splits of every input, by stage and input.
     *
     * @param attempt the number of the attempt to start that asked for them
     * @param id the job with the generation that it starts as
     */
    record SplitsResolved(long attempt, JobId id, List<InputSplits> splits) implements JobCommand, LocalMessage {}

    /** The splits can't be resolved. */
    record SplitsFailed(ErrorCode code, String reason) implements JobCommand, LocalMessage {}

    /** What the partitions had left behind is erased. */
    record Erased() implements JobCommand, LocalMessage {}

    /** Time to ping readers and partitions, and to tell the watchers. */
    record Tick() implements JobCommand, LocalMessage {}

    /** A node is no longer one of the cluster; its host and port. */
    record NodeGone(String node) implements JobCommand, LocalMessage {}

    /** A watcher is gone. */
    record WatcherGone(ActorRef<JobUpdate> watcher) implements JobCommand, LocalMessage {}
}
