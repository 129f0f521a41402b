// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.batch.Batch;
import org.apache.pekko.actor.typed.ActorRef;

/** What the client of a SELECT is told. */
public sealed interface ClientCommand {
    /**
     * From a partition: rows in memory of their own.
     *
     * @param sequence number of the message among those of the partition, from 1, to be given back when the rows were
     *     taken
     */
    record Take(long sequence, Batch rows, ActorRef<PartitionCommand> partition) implements ClientCommand, Message {}

    /** From a partition on another node: this number is the last that was sent; which one do you have? */
    record Probe(long sequence, ActorRef<PartitionCommand> partition) implements ClientCommand, Message {}

    /** The query is over. */
    record End() implements ClientCommand, Message {}
}
