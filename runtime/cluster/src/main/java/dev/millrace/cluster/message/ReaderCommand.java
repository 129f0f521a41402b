// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.protocol.OutputEpoch;
import dev.millrace.cluster.protocol.ToReader;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a reader is told. */
public sealed interface ReaderCommand {
    /** From the job: be this reader. Repeated to keep it alive. */
    record Assign(ReaderSpec spec, ActorRef<JobCommand> job) implements ReaderCommand, Message {}

    /** From the job: your number, higher than that of every reader of the split before. */
    record Numbered(long number) implements ReaderCommand, Message {}

    /**
     * From a partition: an answer, an ack, an announcement.
     *
     * @param message what it says
     * @param stage number of its stage
     * @param partition the partition's actor
     */
    record FromPartition(ToReader message, int stage,
            ActorRef<PartitionCommand> partition) implements ReaderCommand, Message {}

    /**
     * From the job, again and again: read nothing new, and say where all partitions stand once they have applied what was
     * read. Wears off after a while.
     */
    record Hold(ActorRef<JobCommand> job) implements ReaderCommand, Message {}

    /** From the job: go on reading. */
    record GoOn() implements ReaderCommand, Message {}

    /** From the job: stop. */
    record Stop() implements ReaderCommand, Message {}

    /** From the partition whose output is read: this epoch of it is durable, and comes behind those before. */
    record Offer(OutputEpoch<List<byte[]>> epoch) implements ReaderCommand, LocalMessage {}

    /** From sharding: the reader is to go on on another node. */
    record HandOff() implements ReaderCommand, Message {}

    /** The actor of the partition behind a lane has stopped. */
    record PartitionGone(int lane, long incarnation) implements ReaderCommand, LocalMessage {}

    /** Read the next batch. */
    record Read() implements ReaderCommand, LocalMessage {}

    /** The source may have something again. */
    record Wake() implements ReaderCommand, LocalMessage {}

    /** Time has passed. */
    record Tick() implements ReaderCommand, LocalMessage {}
}
