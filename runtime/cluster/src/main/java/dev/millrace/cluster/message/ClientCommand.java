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
     * @param sequence number of the message, to be given back when the rows were taken
     */
    record Take(long sequence, Batch rows, ActorRef<PartitionCommand> partition) implements ClientCommand, Message {}

    /** The query is over. */
    record End() implements ClientCommand, Message {}
}
