// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.cluster.protocol.ToPartition;
import dev.millrace.engine.error.ErrorCode;
import org.apache.pekko.actor.typed.ActorRef;

/** What a partition is told. */
public sealed interface PartitionCommand {
    /**
     * From the job: be this partition. Repeated to keep it alive.
     *
     * @param spec what it is
     * @param job who is told how it goes
     * @param first whether this is the first time since the job started
     */
    record Assign(PartitionSpec spec, ActorRef<JobCommand> job, boolean first) implements PartitionCommand, Message {}

    /** From a reader: a greeting, a delivery, a probe. */
    record FromReader(ToPartition<Rows> message, ActorRef<ReaderCommand> reader) implements PartitionCommand, Message {}

    /** From whoever takes the output: everything up to this number was taken. */
    record OutputTaken(long sequence) implements PartitionCommand, Message {}

    /** From the client, or the writer of the output: the target does not take the rows. */
    record OutputFailed(ErrorCode code, String reason) implements PartitionCommand, Message {}

    /** From the dead letters: so many bad records were written. */
    record DeadLettersWritten(int records) implements PartitionCommand, Message {}

    /**
     * From the job: stop.
     *
     * @param stage number of the stage
     * @param index number of the partition in the stage
     * @param keepState whether to end the epoch and make it durable first; a job that is over needs no state
     * @param job who is told
     */
    record Stop(int stage, int index, boolean keepState,
            ActorRef<JobCommand> job) implements PartitionCommand, Message {}

    /** From sharding: the partition is to move; end the epoch and stop. */
    record HandOff() implements PartitionCommand, Message {}

    /**
     * From the keeper: the log is claimed, and this is what it holds.
     *
     * @param incarnation number of this start, higher than every earlier one
     * @param image the newest checkpoint, or null
     */
    record Recovered(long incarnation, PartitionImage image) implements PartitionCommand, LocalMessage {}

    /** From the keeper: the epoch is durable. */
    record Kept(long epoch) implements PartitionCommand, LocalMessage {}

    /** From the keeper: the log can't be read or written, or has a newer owner. */
    record KeeperFailed(ErrorCode code, String reason) implements PartitionCommand, LocalMessage {}

    /** Time to show the changes that were coalesced. */
    record ShowChanges() implements PartitionCommand, LocalMessage {}

    /** Time to end the epoch, and to report. */
    record Tick() implements PartitionCommand, LocalMessage {}
}
