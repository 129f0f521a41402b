// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.message.StageBranch;
import dev.millrace.cluster.protocol.Answer;
import dev.millrace.cluster.protocol.Greeting;
import dev.millrace.cluster.protocol.Kept;
import dev.millrace.cluster.protocol.OfferedEpochs;
import dev.millrace.cluster.protocol.OutputEpoch;
import dev.millrace.cluster.protocol.ReaderDecision;
import dev.millrace.cluster.protocol.ReaderLanes;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.cluster.protocol.Standing;
import dev.millrace.cluster.protocol.ToPartition;
import dev.millrace.cluster.protocol.ToReader;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Reads the output of a partition for the stages behind it; a child of that partition, which gives it the epochs that are
 * durable. To its lanes it is the reader of a split: its number is the incarnation of the partition, its positions are
 * those of {@link OutputEpoch}. What it reads is in memory until all partitions behind it have made it durable.
 */
public final class OutputReader extends AbstractBehavior<ReaderCommand> {
    private static final int NANOS_PER_MILLI = 1_000_000;

    /** How long a partition behind may be silent about what it has made durable before it is asked. */
    private static final long KEPT_MILLIS = 2_000;

    private static final long TICK_MILLIS_MAX = 1_000;

    /** One of the stages behind. */
    private record Way(StageBranch branch, int firstLane, Router router) {
        boolean owns(int lane) {
            return lane >= firstLane && lane < firstLane + branch.partitions();
        }
    }

    private final NodeContext node;
    private final TimerScheduler<ReaderCommand> timers;
    private final PartitionSpec spec;
    private final long incarnation;
    private final ActorRef<PartitionCommand> owner;
    private final String input;
    private final List<Way> ways = new ArrayList<>();
    private final ReaderLanes<Rows> lanes;
    private final OfferedEpochs<List<byte[]>> offered;
    private final LanePartitions partitions;
    private final Frames frames = new Frames();
    private boolean readAsked;
    private long tickAt = Long.MAX_VALUE;
    private long askKeptAt;

    private OutputReader(
            ActorContext<ReaderCommand> context, TimerScheduler<ReaderCommand> timers, NodeContext node,
            PartitionSpec spec, long incarnation, long from, long to, ActorRef<PartitionCommand> owner) {
        super(context);
        this.node = node;
        this.timers = timers;
        this.spec = spec;
        this.incarnation = incarnation;
        this.owner = owner;
        input = JobId.output(spec.stage().index(), spec.index());
        int lane = 0;
        for (StageBranch branch : spec.readers()) {
            Router router = new Router(branch.input().exchange(), branch.partitions(), input);
            ways.add(new Way(branch, lane, router));
            lane += branch.partitions();
        }
        lanes = new ReaderLanes<>(input, incarnation, lane, node.lanes());
        offered = new OfferedEpochs<>(lane, from, to);
        partitions = new LanePartitions(context, lanes, lane);
    }

    /**
     * @param spec the partition whose output is read
     * @param incarnation number of its start
     * @param from position of the first epoch that will be offered
     * @param to where the output ended in the log
     * @param owner the partition
     */
    public static Behavior<ReaderCommand> create(
            NodeContext node, PartitionSpec spec, long incarnation, long from, long to,
            ActorRef<PartitionCommand> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            OutputReader reader = new OutputReader(context, timers, node, spec, incarnation, from, to, owner);
            reader.askKeptAt = now() + KEPT_MILLIS;
            return reader.carryOut(reader.lanes.start(now()));
        }));
    }

    @Override
    public Receive<ReaderCommand> createReceive() {
        return newReceiveBuilder().onMessage(ReaderCommand.class, this::onCommand).build();
    }

    private Behavior<ReaderCommand> onCommand(ReaderCommand command) {
        try {
            return switch (command) {
                case ReaderCommand.Offer offer -> {
                    offered.add(offer.epoch());
                    yield carryOut(List.of());
                }
                case ReaderCommand.FromPartition message -> onPartition(message);
                case ReaderCommand.PartitionGone gone ->
                        carryOut(lanes.partitionStopped(gone.lane(), gone.incarnation(), now()));
                case ReaderCommand.Hold hold -> {
                    if (lanes.isLevel() && offered.at(lanes.cursor()) == null) {
                        hold.job().tell(new JobCommand.Level(input, lanes.cursor()));
                    }
                    yield this;
                }
                case ReaderCommand.Read _ -> {
                    readAsked = false;
                    yield read();
                }
                case ReaderCommand.Tick _ -> onTick();
                default -> throw new IllegalStateException("not for the reader of an output: " + command);
            };
        } catch (MillraceException e) {
            return fail(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            getContext().getLog().error("the reader of output {} is broken", spec.entityId(), e);
            return fail(ErrorCode.INTERNAL, e.toString());
        }
    }

    private Behavior<ReaderCommand> fail(ErrorCode code, String reason) {
        owner.tell(new PartitionCommand.OutputFailed(code, reason));
        return Behaviors.stopped();
    }

    private Behavior<ReaderCommand> onPartition(ReaderCommand.FromPartition from) {
        Way way = ways.stream().filter(each -> each.branch().stage() == from.stage()).findFirst().orElseThrow();
        int lane = way.firstLane() + from.message().partition();
        ToReader message = from.message().withPartition(lane);
        if (message instanceof Kept kept) {
            kept(lane, kept.position());
            return this;
        }
        if (message instanceof Answer answer) {
            partitions.meet(answer, from.partition());
        }
        Behavior<ReaderCommand> next = carryOut(lanes.received(message, now()));
        if (spec.stateless()) {
            // Nothing is kept of such a job: if one of its partitions is lost, so is the job.
            kept(lane, lanes.lane(lane).ackedTo());
        }
        return next;
    }

    private void kept(int lane, long position) {
        if (offered.kept(lane, position)) {
            owner.tell(new PartitionCommand.OutputKept(offered.released()));
        }
    }

    private Behavior<ReaderCommand> onTick() {
        tickAt = Long.MAX_VALUE;
        if (now() >= askKeptAt) {
            askKeptAt = now() + KEPT_MILLIS;
            for (int lane = 0; lane < partitions.count(); lane++) {
                // A lane that waits for an ack is left alone: an answer to a greeting would put its probe off for ever.
                boolean waits = lanes.lane(lane).ackedTo() < lanes.lane(lane).sentTo();
                if (partitions.hasAnswered(lane) && !waits && !spec.stateless() && offered.waitsFor(lane)) {
                    partitions.send(lane, new Greeting<>(input, incarnation));
                }
            }
        }
        return carryOut(lanes.tick(now()));
    }

    private Behavior<ReaderCommand> carryOut(List<ReaderDecision<Rows>> decisions) {
        for (ReaderDecision<Rows> decision : decisions) {
            switch (decision) {
                case ReaderDecision.Greet<Rows> greet -> greet(greet.partition(), greet.greeting());
                case ReaderDecision.Deliver<Rows> deliver -> partitions.send(deliver.partition(), deliver.delivery());
                case ReaderDecision.Ask<Rows> ask -> partitions.send(ask.partition(), ask.probe());
                case ReaderDecision.Seek<Rows> _ -> {
                    // The next read begins at the cursor anyway.
                }
                case ReaderDecision.Leave<Rows> _ -> {
                    // Nothing is open there.
                }
                case ReaderDecision.Release<Rows> release -> frames.giveBack(release.rows());
                case ReaderDecision.Stop<Rows> _ -> {
                    return fail(ErrorCode.STATE_FENCED, "a newer start of the partition gives its output");
                }
            }
        }
        askForRead();
        wake();
        return this;
    }

    /** Sees to it that the lanes are told when their time has come. */
    private void wake() {
        long now = now();
        long at = Math.max(now + 1, Math.min(lanes.wakeAt(), now + TICK_MILLIS_MAX));
        if (at < tickAt) {
            tickAt = at;
            timers.startSingleTimer(new ReaderCommand.Tick(), Duration.ofMillis(at - now));
        }
    }

    private void greet(int lane, ToPartition<Rows> greeting) {
        for (Way way : ways) {
            if (way.owns(lane)) {
                node.entities()
                        .partition(spec.job(), way.branch().stage(), lane - way.firstLane())
                        .tell(new PartitionCommand.FromReader(greeting, getContext().getSelf()));
            }
        }
    }

    /** One read a message, so that answers of partitions are not kept waiting. */
    private void askForRead() {
        if (!readAsked && mayRead()) {
            readAsked = true;
            getContext().getSelf().tell(new ReaderCommand.Read());
        }
    }

    private boolean mayRead() {
        return lanes.mayRead() && frames.hasFree(lanes.detachedReads()) && offered.at(lanes.cursor()) != null;
    }

    private Behavior<ReaderCommand> read() {
        if (!mayRead()) {
            return this;
        }
        long cursor = lanes.cursor();
        OutputEpoch<List<byte[]>> epoch = offered.at(cursor);
        List<byte[]> batches = epoch.rows();
        long from = epoch.from().position();
        int number = 0;
        while (number < batches.size() && from + BatchCodec.rows(batches.get(number)) <= cursor) {
            from += BatchCodec.rows(batches.get(number++));
        }
        // The mark goes with the last rows.
        boolean last = number + 1 >= batches.size();
        Standing standing = last ? epoch.to()
                : new Standing(
                        from + BatchCodec.rows(batches.get(number)), epoch.from().watermark(), false);
        List<Share<Rows>> shares = new ArrayList<>();
        if (number < batches.size()) {
            Batch rows = positioned(BatchCodec.decode(batches.get(number)), from);
            long[] wanted = lanes.wantedFrom(cursor, standing.position());
            Frame frame = frames.take();
            for (Way way : ways) {
                shares.addAll(route(way, rows, wanted, from, frame));
            }
            frames.lend(frame, shares.size());
        }
        return carryOut(lanes.read(
                cursor, standing.position(), standing.watermark(), standing.finished(), shares, now()));
    }

    private static Batch positioned(Batch rows, long from) {
        long[] positions = LongStream.range(from, from + rows.rowCount()).toArray();
        return new Batch(
                rows.columns(), rows.rowCount(), null, rows.rowCount(), positions, rows.kinds(), null, null);
    }

    private static List<Share<Rows>> route(Way way, Batch rows, long[] wanted, long from, Frame frame) {
        long[] ofWay = Arrays.copyOfRange(wanted, way.firstLane(), way.firstLane() + way.branch().partitions());
        return way.router().route(null, rows, List.of(), ofWay, from, frame).stream()
                .map(share -> new Share<>(way.firstLane() + share.partition(), share.rows(), share.bytes()))
                .toList();
    }

    private static long now() {
        return System.nanoTime() / NANOS_PER_MILLI;
    }
}
