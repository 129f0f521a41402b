// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.NodeContext;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.Target;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The way of a partition's rows out of it. Everything written has a running number; {@link #taken} of the same number
 * says that it has left.
 */
interface Output {
    /** The output of a partition of a last stage. */
    static Output open(ActorContext<PartitionCommand> context, NodeContext node, PartitionSpec spec) {
        ActorRef<PartitionCommand> self = context.getSelf();
        return switch (spec.target()) {
            case Target.Client _ -> {
                context.watchWith(spec.client(), new PartitionCommand.OutputFailed(
                        ErrorCode.SINK_GONE, "the client of the query is gone"));
                yield new ClientOutput(spec.client(), self);
            }
            case Target.Table table -> {
                Sink sink = node.connectors().sink(table.table()).openSink(table.table(), spec.index());
                if (!sink.isBlocking()) {
                    yield new InlineOutput(sink);
                }
                ActorRef<SinkWriter.Command> writer = context.spawn(
                        SinkWriter.create(sink, self), "writer", DispatcherSelector.fromConfig(NodeContext.BLOCKING));
                context.watchWith(writer, new PartitionCommand.OutputFailed(
                        ErrorCode.SINK_FAILED, "the writer of the sink has ended; the log says why"));
                yield new WriterOutput(writer, sink);
            }
        };
    }

    /** Whether {@link #write} may be called: not too much is on its way. */
    boolean hasRoom();

    /** Sends rows; the batch is not kept after the call. */
    void write(Batch batch);

    /** Sees to it that everything written becomes visible. */
    void flush();

    /** Number of the newest thing written or flushed. */
    long sent();

    /** Everything up to this number has left. */
    void taken(long sequence);

    /** Number up to which everything has left. */
    long taken();

    /** What keeps rows from leaving for now, or null when all is well. */
    default String problem() {
        return null;
    }

    /** What waits to leave is not wanted any more: nobody waits for it. */
    default void giveUp() {}

    void close();
}
