// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.cluster.protocol.ToPartition;
import dev.millrace.engine.error.ErrorCode;
import org.apache.pekko.actor.typed.ActorRef;

/** What a partition is told. */
public sealed interface PartitionCommand {
    /** From the job: be this partition. Repeated to keep it alive. */
    record Assign(PartitionSpec spec, ActorRef<JobCommand> job) implements PartitionCommand, Message {}

    /** From a reader: a greeting, a delivery, a probe. */
    record FromReader(ToPartition<Rows> message, ActorRef<ReaderCommand> reader) implements PartitionCommand, Message {}

    /** From whoever takes the output: everything up to this number was taken. */
    record OutputTaken(long sequence) implements PartitionCommand, Message {}

    /** From the writer of the output: the target does not take the rows. */
    record OutputFailed(ErrorCode code, String reason) implements PartitionCommand, LocalMessage {}

    /** From the dead letters: so many bad records were written. */
    record DeadLettersWritten(int records) implements PartitionCommand, Message {}

    /**
     * From the job: stop.
     *
     * @param keepState whether to end the epoch and make it durable first; a job that is over needs no state
     */
    record Stop(boolean keepState) implements PartitionCommand, Message {}

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

    /** Time to end the epoch, and to report. */
    record Tick() implements PartitionCommand, LocalMessage {}
}
