// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.JobOptions;
import dev.millrace.cluster.NodeContext;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Answer;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.Greeting;
import dev.millrace.cluster.protocol.InputDecision;
import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.PartitionInputs;
import dev.millrace.cluster.protocol.Probe;
import dev.millrace.cluster.protocol.ToReader;
import dev.millrace.cluster.protocol.Window;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.operator.PipelineOptions;
import dev.millrace.engine.plan.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One partition of a stage: a thin shell around the rules of its inputs and the operators.
 *
 * <pre>
 *   (empty) ──Assign──▶ recovering ──Recovered──▶ running ──Stop──▶ stopping ──last epoch durable──▶ (stopped)
 * </pre>
 *
 * <p>Deliveries are taken into a queue that the lanes' windows bound, and applied one after the other while the output
 * has room. It never waits: when the output is full it goes on at the next {@link PartitionCommand.OutputTaken}.
 */
public final class PartitionActor extends AbstractBehavior<PartitionCommand> {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int ANNOUNCE_DELAY_TICKS_MAX = 64;
    private static final Window WINDOW = new Window(8, 8 << 20);

    private enum Phase {
        EMPTY,
        RECOVERING,
        RUNNING,
        STOPPING,
        FAILED
    }

    private final NodeContext node;
    private Phase phase = Phase.EMPTY;
    private PartitionSpec spec;
    private ActorRef<JobCommand> job;
    private ActorRef<Object> keeper;
    private PartitionInputs<Rows> inputs;
    private Pipeline pipeline;
    private Output output;
    private BadRows badRows;
    private Epochs epochs;

    private final ArrayDeque<InputDecision.Take<Rows>> queue = new ArrayDeque<>();
    private InputDecision.Take<Rows> current;
    /** By input the reader that acks go to; rows may have come from one before it. */
    private final Map<String, ActorRef<ReaderCommand>> served = new HashMap<>();

    private int nextFrame;
    private Batch lastBatch;
    private long toldWatermark = Long.MIN_VALUE;
    private long rowsRead;
    private long rowsWritten;
    private int announceDelayTicks = 1;
    private int ticksToAnnounce;
    private boolean finished;
    private boolean told;
    private boolean lastEpochEnded;
    private Counters reported = Counters.NONE;

    private PartitionActor(ActorContext<PartitionCommand> context, NodeContext node) {
        super(context);
        this.node = node;
    }

    /** An empty partition, which waits for the job to say what it is. */
    public static Behavior<PartitionCommand> create(NodeContext node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new PartitionCommand.Tick(), TICK);
            return new PartitionActor(context, node);
        }));
    }

    @Override
    public Receive<PartitionCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(PartitionCommand.class, this::onCommand)
                .onSignal(PostStop.class, _ -> {
                    release();
                    return this;
                })
                .build();
    }

    private Behavior<PartitionCommand> onCommand(PartitionCommand command) {
        try {
            return switch (command) {
                case PartitionCommand.Assign assign -> onAssign(assign);
                case PartitionCommand.Recovered recovered -> onRecovered(recovered);
                case PartitionCommand.FromReader message -> onReader(message);
                case PartitionCommand.OutputTaken taken -> onOutputTaken(taken);
                case PartitionCommand.DeadLettersWritten written -> onDeadLettersWritten(written);
                case PartitionCommand.Tick _ -> onTick();
                case PartitionCommand.Kept kept -> onKept(kept);
                case PartitionCommand.Stop stop -> onStop(stop.keepState());
                case PartitionCommand.HandOff _ -> onStop(true);
                case PartitionCommand.OutputFailed failed -> fail(failed.code(), failed.reason());
                case PartitionCommand.KeeperFailed failed -> fail(failed.code(), failed.reason());
            };
        } catch (MillraceException e) {
            return fail(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            getContext().getLog().error("partition {} is broken", spec == null ? "" : spec.entityId(), e);
            return fail(ErrorCode.INTERNAL, e.toString());
        }
    }

    private Behavior<PartitionCommand> onAssign(PartitionCommand.Assign assign) {
        job = assign.job();
        if (finished) {
            // The job may have missed it.
            tellFinished();
        }
        if (phase != Phase.EMPTY) {
            return this;
        }
        spec = assign.spec();
        phase = Phase.RECOVERING;
        if (spec.stateless()) {
            return onRecovered(new PartitionCommand.Recovered(1, null));
        }
        keeper = Adapter.toTyped(
                Adapter.actorOf(getContext(), Keeper.props(spec.entityId(), getContext().getSelf()), "keeper"));
        return this;
    }

    private Behavior<PartitionCommand> onRecovered(PartitionCommand.Recovered recovered) {
        pipeline = Pipeline.of(
                spec.stage().inputs().getFirst().sent(),
                spec.stage().steps(),
                PipelineOptions.DEFAULT
                        .withCoalesce(JobOptions.coalesce(spec.options()))
                        .withHashedColumns(spec.stage().inputs().getFirst().exchange().keys())
                        .withPartition(spec.index()));
        badRows = new BadRows(spec, node, getContext().getSelf());
        InputVector vector = InputVector.EMPTY;
        long epoch = 0;
        if (recovered.image() != null) {
            ImageContent content = ImageContent.read(recovered.image(), pipeline);
            vector = content.inputs();
            epoch = recovered.image().epoch();
            rowsRead = content.rowsRead();
            rowsWritten = content.rowsWritten();
            badRows.restore(content.badRecords());
            finished = content.finished();
        }
        epochs = new Epochs(keeper, epoch, recovered.incarnation(), JobOptions.checkpointInterval(spec.options()));
        inputs = new PartitionInputs<>(spec.index(), recovered.incarnation(), vector, WINDOW);
        inputs.splits(spec.splits());
        toldWatermark = inputs.watermark();
        output = openOutput();
        phase = Phase.RUNNING;
        if (finished) {
            tellFinished();
        }
        announce();
        return proceed();
    }

    /** Tells the readers, again and again until they speak to this incarnation: nobody else tells them of it. */
    private void announce() {
        for (ToReader announcement : inputs.announcements()) {
            node.entities().reader(spec.job(), announcement.input())
                    .tell(new ReaderCommand.FromPartition(announcement, getContext().getSelf()));
        }
        announceDelayTicks = Math.min(announceDelayTicks * 2, ANNOUNCE_DELAY_TICKS_MAX);
        ticksToAnnounce = announceDelayTicks;
    }

    private Output openOutput() {
        ActorRef<PartitionCommand> self = getContext().getSelf();
        return switch (spec.target()) {
            case Target.Client _ -> new ClientOutput(spec.client(), self);
            case Target.Table table -> {
                Sink sink = node.connectors().sink(table.table()).openSink(table.table(), spec.index());
                yield sink.isBlocking()
                        ? new WriterOutput(getContext().spawn(SinkWriter.create(sink, self), "writer",
                                DispatcherSelector.fromConfig(NodeContext.BLOCKING)))
                        : new InlineOutput(sink);
            }
        };
    }

    private Behavior<PartitionCommand> onReader(PartitionCommand.FromReader from) {
        if (phase != Phase.RUNNING) {
            // The reader asks again; what is lost here is found missing by its position.
            return this;
        }
        switch (from.message()) {
            case Greeting<Rows> greeting -> answer(from.reader(), inputs.greeted(greeting));
            case Probe<Rows> probe -> answer(from.reader(), inputs.probed(probe));
            case Delivery<Rows> delivery -> {
                switch (inputs.offered(delivery)) {
                    case InputDecision.Take<Rows> take -> queue.add(take);
                    case InputDecision.Drop<Rows> drop ->
                            drop.reply().ifPresent(answer -> reply(from.reader(), answer));
                }
                return proceed();
            }
        }
        return this;
    }

    /** A reader that gets an answer, and not word of a newer one, is the one to be served. */
    private void answer(ActorRef<ReaderCommand> reader, ToReader message) {
        if (message instanceof Answer) {
            served.put(message.input(), reader);
        }
        reply(reader, message);
    }

    private void reply(ActorRef<ReaderCommand> reader, ToReader message) {
        reader.tell(new ReaderCommand.FromPartition(message, getContext().getSelf()));
    }

    private Behavior<PartitionCommand> onOutputTaken(PartitionCommand.OutputTaken taken) {
        if (output != null) {
            output.taken(taken.sequence());
        }
        return proceed();
    }

    private Behavior<PartitionCommand> onDeadLettersWritten(PartitionCommand.DeadLettersWritten written) {
        badRows.written(written.records());
        return proceed();
    }

    /** Applies what was taken, as far as the output has room; then ends an epoch, finishes or stops where that is due. */
    private Behavior<PartitionCommand> proceed() {
        if (phase != Phase.RUNNING && phase != Phase.STOPPING) {
            return this;
        }
        while (drain()) {
            takeErrors();
            if (current != null && nextFrame < current.delivery().frames().size()) {
                Rows rows = current.delivery().frames().get(nextFrame++);
                badRows.add(current.delivery().input(), rows.badRecords());
                rowsRead += rows.batch().size();
                lastBatch = rows.batch();
                pipeline.add(lastBatch);
            } else if (current != null) {
                lastBatch = null;
                reply(served.get(current.delivery().input()), inputs.applied(current));
                current = null;
                epochs.changed();
            } else if (inputs.watermark() > toldWatermark) {
                toldWatermark = inputs.watermark();
                pipeline.advanceTo(toldWatermark);
            } else if (epochs.isDue()) {
                endEpoch();
            } else if (!queue.isEmpty() && phase == Phase.RUNNING) {
                current = queue.poll();
                nextFrame = 0;
            } else {
                break;
            }
        }
        if (phase == Phase.RUNNING && !finished && inputs.isFinished() && isIdle()) {
            // The end of the input shows everything, as the end of an epoch does.
            output.flush();
            finished = true;
        }
        if (finished && !told && hasLeft(output.sent())) {
            tellFinished();
        }
        if (epochs.isWaiting() && hasLeft(epochs.outputNumber())) {
            epochs.keep();
        }
        return phase == Phase.STOPPING ? stopWhenDurable() : this;
    }

    /** Rows that failed in the operators; those of a batch are looked up in it, those of a closing window have none. */
    private void takeErrors() {
        if (!pipeline.errors().isEmpty()) {
            String input = current != null
                    ? current.delivery().input()
                    : spec.splits().splits().getFirst().input();
            badRows.addErrors(input, pipeline.errors(), lastBatch);
        }
    }

    private void endEpoch() {
        output.flush();
        epochs.end(
                new ImageContent(inputs.vector(), rowsRead, rowsWritten, badRows.count(), finished), pipeline,
                output.sent());
    }

    /** Moves results from the operators to the output; false if the output or the dead letters are full. */
    private boolean drain() {
        while (output.hasRoom() && badRows.hasRoom()) {
            Batch batch = pipeline.poll();
            if (batch == null) {
                return true;
            }
            rowsWritten += batch.size();
            output.write(batch);
        }
        return false;
    }

    private boolean isIdle() {
        return current == null && queue.isEmpty() && pipeline.needsInput() && toldWatermark == inputs.watermark();
    }

    /** Whether everything up to this number, and every bad record, is where it belongs. */
    private boolean hasLeft(long outputNumber) {
        return output.taken() >= outputNumber && badRows.isWritten();
    }

    private void tellFinished() {
        told = true;
        job.tell(new JobCommand.PartitionFinished(spec.stage().index(), spec.index(), counters()));
    }

    private Behavior<PartitionCommand> onTick() {
        if (phase == Phase.RUNNING || phase == Phase.STOPPING) {
            epochs.tick(System.nanoTime());
            if (--ticksToAnnounce == 0) {
                announce();
            }
            Counters counters = counters();
            if (!counters.equals(reported)) {
                reported = counters;
                job.tell(new JobCommand.PartitionReport(spec.stage().index(), spec.index(), counters));
            }
            return proceed();
        }
        return this;
    }

    private Counters counters() {
        return new Counters(
                rowsRead, rowsWritten, badRows.count(), pipeline.metrics().lateRows(), pipeline.stateBytes());
    }

    private Behavior<PartitionCommand> onKept(PartitionCommand.Kept kept) {
        epochs.kept(kept.epoch());
        return proceed();
    }

    private Behavior<PartitionCommand> onStop(boolean keepState) {
        if (phase == Phase.EMPTY || phase == Phase.RECOVERING || phase == Phase.FAILED || !keepState) {
            return stopped();
        }
        phase = Phase.STOPPING;
        return proceed();
    }

    private Behavior<PartitionCommand> stopWhenDurable() {
        if (keeper == null) {
            return stopped();
        }
        if (!lastEpochEnded) {
            if (current != null || !pipeline.needsInput() || epochs.isBusy()) {
                // A delivery is applied whole or not at all: its rest goes first.
                return this;
            }
            lastEpochEnded = true;
            endEpoch();
            if (hasLeft(epochs.outputNumber())) {
                epochs.keep();
            }
        }
        return epochs.isBusy() ? this : stopped();
    }

    private Behavior<PartitionCommand> stopped() {
        if (spec != null && job != null) {
            Counters counters = pipeline == null ? Counters.NONE : counters();
            job.tell(new JobCommand.PartitionStopped(spec.stage().index(), spec.index(), counters));
        }
        return Behaviors.stopped();
    }

    private Behavior<PartitionCommand> fail(ErrorCode code, String reason) {
        if (phase != Phase.FAILED && job != null) {
            job.tell(new JobCommand.Failed("partition " + spec.stage().index() + "/" + spec.index(), code, reason));
        }
        phase = Phase.FAILED;
        return this;
    }

    private void release() {
        if (output != null) {
            output.close();
        }
        if (pipeline != null) {
            pipeline.close();
        }
    }
}
