// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.protocol.ToReader;
import org.apache.pekko.actor.typed.ActorRef;

/** What a reader is told. */
public sealed interface ReaderCommand {
    /** From the job: be this reader. Repeated to keep it alive. */
    record Assign(ReaderSpec spec, ActorRef<JobCommand> job) implements ReaderCommand, Message {}

    /** From the job: your number, higher than that of every reader of the split before. */
    record Numbered(long number) implements ReaderCommand, Message {}

    /** From a partition: an answer, an ack, an announcement. */
    record FromPartition(ToReader message, ActorRef<PartitionCommand> partition) implements ReaderCommand, Message {}

    /** From the job: stop. */
    record Stop() implements ReaderCommand, Message {}

    /** The actor of a partition has stopped. */
    record PartitionGone(int partition, long incarnation) implements ReaderCommand, LocalMessage {}

    /** Read the next batch. */
    record Read() implements ReaderCommand, LocalMessage {}

    /** Time has passed. */
    record Tick() implements ReaderCommand, LocalMessage {}
}
