// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.protocol.Announcement;
import dev.millrace.cluster.protocol.ToPartition;
import dev.millrace.engine.error.ErrorCode;
import java.util.Map;
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

    /**
     * From a reader on another node: a delivery as bytes, or a part of one that is too large for one message. The parts of
     * a delivery come in order; what follows a part that was lost is no use.
     *
     * @param sequence number of the delivery among those of the reader
     * @param place where the part belongs in the delivery's bytes
     * @param total the delivery's bytes, as they are sent
     * @param plainBytes how many they were before they were compressed, 0 if they are not
     * @param crc CRC32C of the delivery's bytes, as they are sent
     * @param bytes an array that holds the part
     * @param start where the part begins in the array
     * @param length the part's bytes
     * @param reader who sent it
     */
    record DeliveryPart(long sequence, int place, int total, int plainBytes, int crc, byte[] bytes, int start,
            int length, ActorRef<ReaderCommand> reader) implements PartitionCommand, Message {}

    /**
     * From a partition of a stage that reads the output: it is there.
     *
     * @param message says so
     * @param stage number of its stage
     * @param partition its actor
     */
    record FromNextStage(Announcement message, int stage,
            ActorRef<PartitionCommand> partition) implements PartitionCommand, Message {}

    /** From whoever takes the output: everything up to this number was taken. */
    record OutputTaken(long sequence) implements PartitionCommand, Message {}

    /** From a client on another node: everything up to this number came, and something after it was lost. */
    record OutputMissing(long sequence) implements PartitionCommand, Message {}

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

    /**
     * From the job, again and again, to a partition whose output later stages read: when you stand at this cut, end an
     * epoch, and say where the output stands when those who read it have applied it. The inputs give nothing meanwhile.
     *
     * @param savepoint unique id of the savepoint
     * @param cut position by input
     * @param job who is told
     */
    record Drain(String savepoint, Map<String, Long> cut,
            ActorRef<JobCommand> job) implements PartitionCommand, Message {}

    /**
     * From the job, again and again: when you stand at this cut and all that you gave has left, copy your state, and store
     * it. The inputs give nothing meanwhile.
     *
     * @param savepoint unique id of the savepoint
     * @param cut position by input
     * @param job who is told
     */
    record Freeze(String savepoint, Map<String, Long> cut,
            ActorRef<JobCommand> job) implements PartitionCommand, Message {}

    /**
     * From who stores the copy: it is durable.
     *
     * @param reason why it is not, or null
     */
    record CopyStored(String savepoint, String reason) implements PartitionCommand, LocalMessage {}

    /** From sharding: the partition is to move; end the epoch and stop. */
    record HandOff() implements PartitionCommand, Message {}

    /** From the keeper: the next epoch that the log holds. */
    record Replayed(EpochCommitted epoch) implements PartitionCommand, LocalMessage {}

    /**
     * From the keeper: all epochs were replayed, and the log is claimed.
     *
     * @param incarnation number of this start, higher than every earlier one
     */
    record Recovered(long incarnation) implements PartitionCommand, LocalMessage {}

    /** From the keeper: the epoch is durable. */
    record Kept(long epoch) implements PartitionCommand, LocalMessage {}

    /** From the keeper: the log can't be read or written, or has a newer owner. */
    record KeeperFailed(ErrorCode code, String reason) implements PartitionCommand, LocalMessage {}

    /** From who releases the rows of epochs, or reads them for the next stages. */
    sealed interface FromTarget extends PartitionCommand, LocalMessage {}

    /**
     * The target takes rows from nobody older.
     *
     * @param marker the last epoch that it has, -1 if it knows of none
     * @param hidden whether rows are there that the target shows only after another release
     */
    record TargetOpened(long marker, boolean hidden) implements FromTarget {}

    /**
     * What was to be released is in the target.
     *
     * @param hidden whether rows are there that the target shows only after another release
     */
    record Released(boolean hidden) implements FromTarget {}

    /** All partitions that read the output have made durable what came up to this epoch. */
    record OutputKept(long epoch) implements FromTarget {}

    /** Everything released is shown, and nothing more can be released. */
    record TargetClosed() implements FromTarget {}

    /** Time to show the changes that were coalesced. */
    record ShowChanges() implements PartitionCommand, LocalMessage {}

    /** Time to end the epoch, and to report. */
    record Tick() implements PartitionCommand, LocalMessage {}
}
