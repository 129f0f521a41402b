// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.batch.Batch;
import org.apache.pekko.actor.typed.ActorRef;

/** The rows of a SELECT, on their way to the client. */
final class ClientOutput extends NumberedOutput {
    private final ActorRef<ClientCommand> client;
    private final ActorRef<PartitionCommand> self;

    ClientOutput(ActorRef<ClientCommand> client, ActorRef<PartitionCommand> self) {
        this.client = client;
        this.self = self;
    }

    @Override
    void send(long sequence, Batch rows) {
        client.tell(new ClientCommand.Take(sequence, rows, self));
    }

    /** What a client has taken it has shown. */
    @Override
    public void flush() {}
}
