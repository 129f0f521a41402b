// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.cluster.ResultConsumer;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.PartitionCommand;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Hands the rows of a SELECT to its consumer, one batch after the other, on a thread for waiting. */
public final class ClientActor {
    private ClientActor() {}

    public static Behavior<ClientCommand> create(ResultConsumer consumer) {
        return Behaviors.receive(ClientCommand.class)
                .onMessage(ClientCommand.Take.class, take -> {
                    consumer.accept(take.rows());
                    take.partition().tell(new PartitionCommand.OutputTaken(take.sequence()));
                    return Behaviors.same();
                })
                .build();
    }
}
