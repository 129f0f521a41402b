// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Hands the rows of a SELECT to its consumer, one batch after the other, on a thread for waiting. What comes from a
 * partition is numbered: what comes again is left out, and what comes too early is not taken before what was lost.
 */
public final class ClientActor extends AbstractBehavior<ClientCommand> {
    private final ResultConsumer consumer;
    /** By partition the number of what was taken last. */
    private final Map<ActorRef<PartitionCommand>, Long> taken = new HashMap<>();

    private ClientActor(ActorContext<ClientCommand> context, ResultConsumer consumer) {
        super(context);
        this.consumer = consumer;
    }

    public static Behavior<ClientCommand> create(ResultConsumer consumer) {
        return Behaviors.setup(context -> new ClientActor(context, consumer));
    }

    @Override
    public Receive<ClientCommand> createReceive() {
        return newReceiveBuilder().onMessage(ClientCommand.class, this::onCommand).build();
    }

    private Behavior<ClientCommand> onCommand(ClientCommand command) {
        return switch (command) {
            case ClientCommand.Take take -> {
                if (take.sequence() == taken(take.partition()) + 1) {
                    take(take);
                }
                yield this;
            }
            case ClientCommand.Probe probe -> {
                long had = taken(probe.partition());
                probe.partition().tell(
                        had < probe.sequence()
                                ? new PartitionCommand.OutputMissing(had)
                                : new PartitionCommand.OutputTaken(had));
                yield this;
            }
            case ClientCommand.End _ -> Behaviors.stopped();
        };
    }

    private long taken(ActorRef<PartitionCommand> partition) {
        return taken.getOrDefault(partition, 0L);
    }

    private void take(ClientCommand.Take take) {
        try {
            consumer.accept(take.rows());
            taken.put(take.partition(), take.sequence());
            take.partition().tell(new PartitionCommand.OutputTaken(take.sequence()));
        } catch (MillraceException e) {
            take.partition().tell(new PartitionCommand.OutputFailed(e.code(), e.getMessage()));
        } catch (RuntimeException e) {
            take.partition().tell(new PartitionCommand.OutputFailed(ErrorCode.SINK_FAILED, e.toString()));
        }
    }
}
