// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.LocalMessage;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Releases the rows of durable epochs to a target that takes each of them once; a child of the partition on a thread for
 * waiting. After a failure it does nothing more: only another sink can tell what became of the rows.
 */
final class Releaser {
    /** What the releaser is told. */
    sealed interface Command extends LocalMessage {}

    /** Shut out everybody older and read the marker. */
    record Open() implements Command {}

    /**
     * Release epochs.
     *
     * @param to the last of them
     * @param rows theirs, in order
     */
    record Release(long to, List<EpochRows> rows) implements Command {}

    /**
     * Show what was released; nothing more comes from this start of the partition.
     *
     * @param forever nor from another one
     */
    record Close(boolean forever) implements Command {}

    private final EpochSink sink;
    private final ActorRef<PartitionCommand> partition;
    private boolean closed;
    private boolean broken;

    private Releaser(EpochSink sink, ActorRef<PartitionCommand> partition) {
        this.sink = sink;
        this.partition = partition;
    }

    static Behavior<Command> create(EpochSink sink, ActorRef<PartitionCommand> partition) {
        Releaser releaser = new Releaser(sink, partition);
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, command -> {
                    releaser.on(command);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    releaser.close();
                    return Behaviors.same();
                })
                .build();
    }

    private void on(Command command) {
        if (broken) {
            return;
        }
        try {
            switch (command) {
                case Open _ -> {
                    long marker = sink.open();
                    partition.tell(new PartitionCommand.TargetOpened(marker, sink.hasHidden()));
                }
                case Release release -> {
                    sink.release(release.to(), decode(release.rows()));
                    partition.tell(new PartitionCommand.Released(sink.hasHidden()));
                }
                case Close close -> {
                    close();
                    if (close.forever()) {
                        sink.retire();
                    }
                    partition.tell(new PartitionCommand.TargetClosed());
                }
            }
        } catch (MillraceException e) {
            fail(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            fail(ErrorCode.SINK_FAILED, e.toString());
        }
    }

    private static List<Batch> decode(List<EpochRows> epochs) {
        List<Batch> batches = new ArrayList<>();
        for (EpochRows epoch : epochs) {
            for (byte[] batch : epoch.batches()) {
                batches.add(BatchCodec.decode(batch));
            }
        }
        return batches;
    }

    private void fail(ErrorCode code, String reason) {
        broken = true;
        partition.tell(new PartitionCommand.OutputFailed(code, reason));
    }

    private void close() {
        if (!closed) {
            closed = true;
            sink.close();
        }
    }
}
