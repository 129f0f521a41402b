// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.cluster.ResultConsumer;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Hands the rows of a SELECT to its consumer, one batch after the other, on a thread for waiting. */
public final class ClientActor {
    private ClientActor() {}

    public static Behavior<ClientCommand> create(ResultConsumer consumer) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case ClientCommand.Take take -> {
                take(consumer, take);
                yield Behaviors.same();
            }
            case ClientCommand.End _ -> Behaviors.stopped();
        });
    }

    private static void take(ResultConsumer consumer, ClientCommand.Take take) {
        try {
            consumer.accept(take.rows());
            take.partition().tell(new PartitionCommand.OutputTaken(take.sequence()));
        } catch (MillraceException e) {
            take.partition().tell(new PartitionCommand.OutputFailed(e.code(), e.getMessage()));
        } catch (RuntimeException e) {
            take.partition().tell(new PartitionCommand.OutputFailed(ErrorCode.SINK_FAILED, e.toString()));
        }
    }
}
