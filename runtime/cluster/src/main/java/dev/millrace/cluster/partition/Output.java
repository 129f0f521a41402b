// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.protocol.Releases;
import dev.millrace.cluster.protocol.Standing;
import dev.millrace.cluster.reader.OutputReader;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.Target;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The way of a partition's rows out of it. Everything written has a running number; {@link #taken} of the same number
 * says that it has left.
 */
interface Output {
    /**
     * The output of a partition.
     *
     * @param incarnation number of this start of the partition
     * @param restored what the log held
     */
    static Output open(ActorContext<PartitionCommand> context, NodeContext node, PartitionSpec spec, long incarnation,
            Restoring restored) {
        ActorRef<PartitionCommand> self = context.getSelf();
        return switch (spec.target()) {
            case Target.Stages _ -> {
                long last = restored.header().outputTo().position();
                long first = restored.unread().isEmpty() ? last : restored.unread().getFirst().from().position();
                ActorRef<ReaderCommand> reader =
                        context.spawn(OutputReader.create(node, spec, incarnation, first, last, self), "output");
                context.watchWith(reader, new PartitionCommand.OutputFailed(
                        ErrorCode.INTERNAL, "the reader of the output has ended; the log says why"));
                yield new StageOutput(reader, spec.readers(), node.epochs(), restored);
            }
            case Target.Client _ -> {
                context.watchWith(spec.client(), new PartitionCommand.OutputFailed(
                        ErrorCode.SINK_GONE, "the client of the query is gone"));
                yield new ClientOutput(spec.client(), self, context.getSystem().settings().config());
            }
            case Target.Table table -> {
                SinkConnector connector = node.connectors().sink(table.table());
                if (Guarantee.of(connector, table.table(), spec.options()) == Guarantee.EXACTLY_ONCE) {
                    EpochOwner owner = new EpochOwner(
                            spec.job().unique(), spec.job().generation(), spec.stage().index(), spec.index(),
                            incarnation);
                    EpochSink sink = connector.openEpochSink(table.table(), owner);
                    ActorRef<Releaser.Command> releaser = context.spawn(
                            Releaser.create(sink, self), "releaser",
                            DispatcherSelector.fromConfig(NodeContext.BLOCKING));
                    context.watchWith(releaser, new PartitionCommand.OutputFailed(
                            ErrorCode.SINK_FAILED, "the releaser of the rows has ended; the log says why"));
                    yield new StagedOutput(releaser, sink, node.epochs(), owner.name(), incarnation, restored);
                }
                Sink sink = connector.openSink(table.table(), spec.index());
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

    /**
     * Whether what is written leaves with the end of its epoch. If so, {@link #hasRoom} may be overstepped for a while by
     * a delivery that is under way, because an epoch can't end in the middle of one.
     */
    default boolean isStaged() {
        return false;
    }

    /** Whether something waits for the end of its epoch. */
    default boolean hasStaged() {
        return false;
    }

    /** Sees to it that everything written becomes visible. */
    void flush();

    /** Number of the newest thing written or flushed; 0 where nothing has to leave before its epoch is stored. */
    default long sent() {
        return 0;
    }

    /** Everything up to this number has left. */
    default void taken(long sequence) {
        throw new IllegalStateException("nothing leaves by number");
    }

    /** Number up to which everything has left. */
    default long taken() {
        return 0;
    }

    /** Who takes the rows has everything up to this number, and lacks what was sent after it. */
    default void missing(long sequence) {
        throw new IllegalStateException("nothing is lost on the way within a process");
    }

    /** Time has passed. */
    default void tick(long nowNanos) {}

    /**
     * An epoch ends.
     *
     * @param watermark of the rows given: none with a time at or below it will be written
     * @param finished whether nothing more will be written
     * @return the rows that leave when it is durable, encoded; none where rows leave at once
     */
    default List<byte[]> endEpoch(long epoch, long watermark, boolean finished) {
        return List.of();
    }

    /** Where the epoch that has ended last begins in the output, for stages that read it. */
    default Standing from() {
        return Standing.atStart(0);
    }

    /** Where the epoch that has ended last ends in the output, for stages that read it. */
    default Standing to() {
        return Standing.atStart(0);
    }

    /**
     * Whether others wait for the end of the epoch.
     *
     * @param watermark of the rows given
     */
    default boolean wantsEpochSoon(long watermark) {
        return false;
    }

    /** A partition that reads the output is there. */
    default void announced(PartitionCommand.FromNextStage announcement) {
        throw new IllegalStateException("no stage reads this output");
    }

    /** Tells the job where the output stands, once all partitions that read it have applied all of it. */
    default void sayWhenRead(ActorRef<JobCommand> job) {
        throw new IllegalStateException("no stage reads this output");
    }

    /** Whether a partition that stops need not wait until all has left. */
    default boolean mayLeaveLater() {
        return false;
    }

    /** Whether epochs may end: else they could take the numbers of others that the target has and the log has lost. */
    default boolean mayEndEpochs() {
        return true;
    }

    /** An epoch is durable. */
    default void durable(long epoch) {}

    /** News from who releases epochs. */
    default void told(PartitionCommand.FromTarget news) {
        throw new IllegalStateException("nothing is released by epochs");
    }

    /** Whether an epoch should end now and then even if nothing changes: its release shows what is still hidden. */
    default boolean wantsEpoch() {
        return false;
    }

    /** What an epoch notes: see {@link Releases#marker}; 0 where rows leave at once. */
    default long marker() {
        return 0;
    }

    /** The last epoch of which nothing waits to leave, nor of those before it. */
    default long settled() {
        return Long.MAX_VALUE;
    }

    /**
     * Everything has left and nothing more comes from this start of the partition: shows what is still hidden.
     *
     * @param forever nor from another one: what serves further epochs may go
     * @return true when that is done
     */
    default boolean finish(boolean forever) {
        return true;
    }

    /** What keeps rows from leaving for now, or null when all is well. */
    default String problem() {
        return null;
    }

    /** What waits to leave is not wanted any more: nobody waits for it. */
    default void giveUp() {}

    void close();
}
