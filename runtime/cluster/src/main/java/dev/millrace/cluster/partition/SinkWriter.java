// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.LocalMessage;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Writes to a sink that may wait for a disk or a terminal; a child of the partition on a thread for waiting. */
final class SinkWriter {
    /** What the writer is told. */
    sealed interface Command extends LocalMessage {}

    record Write(long sequence, Batch batch) implements Command {}

    record Flush(long sequence) implements Command {}

    private SinkWriter() {}

    static Behavior<Command> create(Sink sink, ActorRef<PartitionCommand> partition) {
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, command -> {
                    try {
                        switch (command) {
                            case Write write -> {
                                sink.write(write.batch());
                                partition.tell(new PartitionCommand.OutputTaken(write.sequence()));
                            }
                            case Flush flush -> {
                                sink.flush();
                                partition.tell(new PartitionCommand.OutputTaken(flush.sequence()));
                            }
                        }
                    } catch (MillraceException e) {
                        partition.tell(new PartitionCommand.OutputFailed(e.code(), e.getMessage()));
                        return broken(sink);
                    } catch (RuntimeException e) {
                        partition.tell(new PartitionCommand.OutputFailed(ErrorCode.SINK_FAILED, e.toString()));
                        return broken(sink);
                    }
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    sink.close();
                    return Behaviors.same();
                })
                .build();
    }

    /** The next start of the partition sends it all again, in order: nothing that comes after a failure may overtake it. */
    private static Behavior<Command> broken(Sink sink) {
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, _ -> Behaviors.same())
                .onSignal(PostStop.class, _ -> {
                    sink.close();
                    return Behaviors.same();
                })
                .build();
    }
}
