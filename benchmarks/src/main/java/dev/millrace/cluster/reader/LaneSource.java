// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.benchmarks.Inputs;
import dev.millrace.cluster.lane.DeliverySender;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.LaneSettings;
import dev.millrace.cluster.protocol.ReaderDecision;
import dev.millrace.cluster.protocol.ReaderLanes;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.plan.SourceInput;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** A reader whose batches are decoded already: it routes them and sends them, with a reader's lanes and frames. */
final class LaneSource extends AbstractBehavior<ReaderCommand> {
    static final String INPUT = "market";
    private static final int BATCHES = 16;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final Duration TICK = Duration.ofMillis(5);

    private final List<ActorRef<PartitionCommand>> partitions;
    private final long rows;
    private final CompletableFuture<Void> done;
    private final List<Batch> batches;
    private final Router router;
    private final ReaderLanes<Rows> lanes;
    private final DeliverySender sender;
    private final Frames frames = new Frames();
    private boolean readAsked;
    private long end = Long.MIN_VALUE;

    private LaneSource(ActorContext<ReaderCommand> context, long number, List<ActorRef<PartitionCommand>> partitions,
            SourceInput input, long rows, CompletableFuture<Void> done) {
        super(context);
        this.partitions = partitions;
        this.rows = rows;
        this.done = done;
        batches = Inputs.batches(input, BATCHES);
        router = new Router(input.exchange(), partitions.size(), INPUT);
        lanes = new ReaderLanes<>(INPUT, number, partitions.size(), LaneSettings.defaults());
        sender = new DeliverySender(context.getSystem(), context.getSelf(), partitions.size());
    }

    /**
     * @param number higher than that of the source before it; it goes on where that ended
     * @param input where rows and keys come from
     * @param rows how many are sent, in full batches
     * @param done completed when the partitions have taken them all
     */
    static Behavior<ReaderCommand> create(
            long number, List<ActorRef<PartitionCommand>> partitions, SourceInput input, long rows,
            CompletableFuture<Void> done) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new ReaderCommand.Tick(), TICK);
            LaneSource source = new LaneSource(context, number, partitions, input, rows, done);
            return source.carryOut(source.lanes.start(now()));
        }));
    }

    @Override
    public Receive<ReaderCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(ReaderCommand.FromPartition.class, from -> carryOut(lanes.received(from.message(), now())))
                .onMessage(ReaderCommand.Tick.class, _ -> carryOut(lanes.tick(now())))
                .onMessage(ReaderCommand.Read.class, _ -> {
                    readAsked = false;
                    return read();
                })
                .build();
    }

    private Behavior<ReaderCommand> read() {
        if (!mayRead()) {
            return this;
        }
        Frame frame = frames.take();
        long from = lanes.cursor();
        long to = from + Batch.ROWS;
        Batch batch = batches.get((int) (from / Batch.ROWS % BATCHES));
        // The rows have the positions of another read: none is to be trimmed.
        long[] wanted = lanes.wantedFrom(from, to);
        List<Share<Rows>> shares = router.route(null, batch, List.of(), wanted, Long.MAX_VALUE - 1, frame);
        frames.lend(frame, shares.size());
        return carryOut(lanes.read(from, to, to, false, shares, now()));
    }

    private boolean mayRead() {
        return lanes.cursor() < end && lanes.mayRead() && frames.hasFree(lanes.detachedReads());
    }

    private Behavior<ReaderCommand> carryOut(List<ReaderDecision<Rows>> decisions) {
        for (ReaderDecision<Rows> decision : decisions) {
            switch (decision) {
                case ReaderDecision.Greet<Rows> greet ->
                        sender.send(greet.partition(), partitions.get(greet.partition()), greet.greeting());
                case ReaderDecision.Deliver<Rows> deliver ->
                        sender.send(deliver.partition(), partitions.get(deliver.partition()), deliver.delivery());
                case ReaderDecision.Ask<Rows> ask ->
                        sender.send(ask.partition(), partitions.get(ask.partition()), ask.probe());
                case ReaderDecision.Release<Rows> release -> frames.giveBack(release.rows());
                case ReaderDecision.Seek<Rows> seek -> end = end < 0 ? seek.position() + rows : end;
                case ReaderDecision.Leave<Rows> _ -> {
                    // Nothing is open there.
                }
                case ReaderDecision.Stop<Rows> _ -> throw new IllegalStateException("there is no other reader");
            }
        }
        if (end >= 0 && lanes.cursor() >= end && lanes.isLevel()) {
            done.complete(null);
            return Behaviors.stopped();
        }
        if (!readAsked && mayRead()) {
            readAsked = true;
            getContext().getSelf().tell(new ReaderCommand.Read());
        }
        return this;
    }

    private static long now() {
        return System.nanoTime() / NANOS_PER_MILLI;
    }
}
