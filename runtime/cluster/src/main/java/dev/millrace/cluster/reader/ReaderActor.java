// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.deadletter.RowText;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderBranch;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.ReaderSpec;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Answer;
import dev.millrace.cluster.protocol.Cursor;
import dev.millrace.cluster.protocol.IdleTimer;
import dev.millrace.cluster.protocol.Occupancy;
import dev.millrace.cluster.protocol.ReaderDecision;
import dev.millrace.cluster.protocol.ReaderLanes;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.cluster.protocol.ToPartition;
import dev.millrace.cluster.protocol.ToReader;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.IdleTimeout;
import dev.millrace.engine.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Reads one split: a thin shell around the lanes to all partitions of the stage.
 *
 * <p>It holds no durable state. Where to read is what the partitions answer; the watermark comes with that.
 */
public final class ReaderActor extends AbstractBehavior<ReaderCommand> {
    private static final Duration TICK = Duration.ofMillis(5);

    /** A reader that nobody claims is a stray message's: it goes after so many ticks. */
    private static final int EMPTY_TICKS_MAX = 2_000;

    /** A job that holds its readers says so again and again: if it is gone, they go on. */
    private static final long HOLD_MILLIS = 5_000;

    private static final int NANOS_PER_MILLI = 1_000_000;

    private final NodeContext node;
    private ReaderSpec spec;
    private ActorRef<JobCommand> job;
    private ReaderLanes<Rows> lanes;
    private LanePartitions partitions;
    private Source source;
    private final Map<Cursor, ReadingPlace> places = new EnumMap<>(Cursor.class);
    /** Where the last read was: where both may be read, they take turns. */
    private Cursor lastRead = Cursor.LIVE;
    private Branch clockBranch;
    private Schema decodedSchema;
    private final List<Branch> branches = new ArrayList<>();
    private Frames frames = new Frames();
    private IdleTimer idleTimer;
    private LaneReporter reporter;
    private boolean readAsked;
    private boolean wakeAsked;
    private long heldUntil = Long.MIN_VALUE;
    private String problem;
    /** Whether it has begun to read, and the job knows. */
    private boolean arrived;
    private int emptyTicks;

    private ReaderActor(ActorContext<ReaderCommand> context, NodeContext node) {
        super(context);
        this.node = node;
    }

    /** A reader that waits for the job to say what it reads. */
    public static Behavior<ReaderCommand> create(NodeContext node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new ReaderCommand.Tick(), TICK);
            return new ReaderActor(context, node);
        }));
    }

    @Override
    public Receive<ReaderCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(ReaderCommand.class, this::onCommand)
                .onSignal(PostStop.class, _ -> {
                    places.values().forEach(ReadingPlace::leave);
                    return this;
                })
                .build();
    }

    private Behavior<ReaderCommand> onCommand(ReaderCommand command) {
        try {
            return switch (command) {
                case ReaderCommand.Assign assign -> onAssign(assign);
                case ReaderCommand.Numbered numbered -> onNumbered(numbered);
                case ReaderCommand.FromPartition message -> onPartition(message);
                case ReaderCommand.PartitionGone gone ->
                        carryOut(lanes.partitionStopped(gone.lane(), gone.incarnation(), now()));
                case ReaderCommand.Read _ -> {
                    readAsked = false;
                    yield read();
                }
                case ReaderCommand.Wake _ -> {
                    wakeAsked = false;
                    places.values().forEach(place -> place.rest(false));
                    yield lanes == null ? this : read();
                }
                case ReaderCommand.Hold hold -> onHold(hold);
                case ReaderCommand.GoOn _ -> {
                    heldUntil = Long.MIN_VALUE;
                    if (lanes != null) {
                        askForRead();
                    }
                    yield this;
                }
                case ReaderCommand.Offer _ -> throw new IllegalStateException("a split is read, not offered");
                case ReaderCommand.Tick _ -> onTick();
                case ReaderCommand.HandOff _ -> onHandOff();
                case ReaderCommand.Stop _ -> Behaviors.stopped();
            };
        } catch (MillraceException e) {
            return fail(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            getContext().getLog().error("reader {} is broken", spec == null ? "" : spec.inputName(), e);
            return fail(ErrorCode.INTERNAL, e.toString());
        }
    }

    private Behavior<ReaderCommand> onAssign(ReaderCommand.Assign assign) {
        boolean otherJob = !assign.job().equals(job);
        if (reporter != null && otherJob) {
            reporter.startAnew();
        }
        job = assign.job();
        if (arrived && otherJob) {
            tellArrival();
        }
        if (lanes == null) {
            spec = assign.spec();
            job.tell(new JobCommand.NumberReader(spec.inputName(), getContext().getSelf()));
        }
        return this;
    }

    /** The job starts it elsewhere. */
    private Behavior<ReaderCommand> onHandOff() {
        if (job != null) {
            // The job may be about to move, too.
            node.entities().job(spec.job())
                    .tell(new JobCommand.Leaving(name(), node.address(), System.currentTimeMillis()));
        }
        return Behaviors.stopped();
    }

    private void tellArrival() {
        arrived = true;
        job.tell(new JobCommand.Arrived(name(), node.address()));
    }

    private String name() {
        return "reader " + spec.inputName();
    }

    private Behavior<ReaderCommand> onNumbered(ReaderCommand.Numbered numbered) {
        if (lanes != null) {
            return this;
        }
        List<Integer> decoded = spec.branches().stream()
                .flatMap(branch -> branch.source().columns().stream())
                .distinct()
                .sorted()
                .toList();
        source = node.connectors().source(spec.table()).openSource(spec.table(), decoded);
        decodedSchema = spec.table().schema().select(decoded.stream().mapToInt(Integer::intValue).toArray());
        int lane = 0;
        for (ReaderBranch branch : spec.branches()) {
            branches.add(new Branch(branch, lane, lane == 0, decoded, spec.inputName()));
            lane += branch.partitions();
        }
        clockBranch = branches.stream().filter(Branch::isTimed).findFirst().orElse(branches.getFirst());
        for (Cursor cursor : Cursor.values()) {
            places.put(cursor, new ReadingPlace(source, spec.split(), clockBranch.source().eventTime()));
        }
        idleTimer = new IdleTimer(IdleTimeout.millis(spec.table()));
        lanes = new ReaderLanes<>(
                spec.inputName(), numbered.number(), spec.lanes(), node.lanes(), spec.isolates());
        partitions = new LanePartitions(getContext(), lanes, spec.lanes());
        reporter = new LaneReporter(spec.inputName(), lanes, branches, now());
        return carryOut(lanes.start(now()));
    }

    private Behavior<ReaderCommand> onPartition(ReaderCommand.FromPartition from) {
        if (lanes == null) {
            return this;
        }
        for (Branch branch : branches) {
            if (branch.stage() == from.stage()) {
                ToReader message = from.message().withPartition(branch.lane(from.message().partition()));
                if (message instanceof Answer answer) {
                    partitions.meet(answer, from.partition());
                }
                return carryOut(lanes.received(message, now()));
            }
        }
        throw new IllegalStateException("no branch of stage " + from.stage());
    }

    private Behavior<ReaderCommand> onTick() {
        if (lanes == null) {
            emptyTicks++;
            return spec == null && emptyTicks > EMPTY_TICKS_MAX ? Behaviors.stopped() : this;
        }
        places.values().forEach(place -> place.rest(false));
        if (!mayRead(Cursor.LIVE)) {
            // Who does not look does not know that nothing comes.
            idleTimer.restart();
        }
        tellProblem();
        JobCommand.ReaderReport report = reporter.report(now());
        if (report != null) {
            job.tell(report);
        }
        return carryOut(lanes.tick(now()));
    }

    private void tellProblem() {
        String live = places.get(Cursor.LIVE).problem();
        String now = live != null ? live : places.get(Cursor.CATCH_UP).problem();
        if (!Objects.equals(now, problem)) {
            problem = now;
            job.tell(new JobCommand.Problem(spec.inputName(), problem));
        }
    }

    private Behavior<ReaderCommand> carryOut(List<ReaderDecision<Rows>> decisions) {
        for (ReaderDecision<Rows> decision : decisions) {
            switch (decision) {
                case ReaderDecision.Greet<Rows> greet -> greet(greet.partition(), greet.greeting());
                case ReaderDecision.Deliver<Rows> deliver -> partitions.send(deliver.partition(), deliver.delivery());
                case ReaderDecision.Ask<Rows> ask -> partitions.send(ask.partition(), ask.probe());
                case ReaderDecision.Seek<Rows> seek -> {
                    places.get(seek.cursor()).seek(seek.position(), seek.watermark());
                    if (seek.cursor() == Cursor.LIVE) {
                        idleTimer.restart();
                    }
                    if (!arrived) {
                        tellArrival();
                    }
                }
                case ReaderDecision.Leave<Rows> leave -> places.get(leave.cursor()).leave();
                case ReaderDecision.Release<Rows> release -> frames.giveBack(release.rows());
                case ReaderDecision.Stop<Rows> _ -> {
                    return Behaviors.stopped();
                }
            }
        }
        askForRead();
        reporter.look(lanes.isHeldUp() || !hasFreeFrame() && !readAsked, now());
        return this;
    }

    private void greet(int lane, ToPartition<Rows> greeting) {
        for (Branch branch : branches) {
            if (branch.owns(lane)) {
                node.entities()
                        .partition(spec.job(), branch.stage(), branch.partition(lane))
                        .tell(new PartitionCommand.FromReader(greeting, getContext().getSelf()));
            }
        }
    }

    /** One read a message, so that answers of partitions are not kept waiting. */
    private void askForRead() {
        if (!readAsked && nextRead() != null) {
            readAsked = true;
            getContext().getSelf().tell(new ReaderCommand.Read());
        }
    }

    /** Where to read next, or null if nowhere: lanes that lag have at most half of the reads. */
    private Cursor nextRead() {
        boolean live = mayRead(Cursor.LIVE);
        if (mayRead(Cursor.CATCH_UP) && (!live || lastRead == Cursor.LIVE)) {
            return Cursor.CATCH_UP;
        }
        return live ? Cursor.LIVE : null;
    }

    private boolean mayRead(Cursor cursor) {
        if (places.get(cursor).isResting() || !lanes.mayRead(cursor)) {
            return false;
        }
        return switch (cursor) {
            case LIVE -> hasFreeFrame() && (now() > heldUntil || lanes.isBehind());
            case CATCH_UP -> frames.hasFreeForDetached(lanes.detachedReads());
        };
    }

    private boolean hasFreeFrame() {
        return frames.hasFree(lanes.detachedReads());
    }

    private Behavior<ReaderCommand> onHold(ReaderCommand.Hold hold) {
        if (lanes == null) {
            return this;
        }
        heldUntil = now() + HOLD_MILLIS;
        if (lanes.isLevel()) {
            hold.job().tell(new JobCommand.Level(spec.inputName(), lanes.cursor()));
        }
        return this;
    }

    private Behavior<ReaderCommand> read() {
        Cursor cursor = nextRead();
        if (cursor == null) {
            return this;
        }
        lastRead = cursor;
        ReadingPlace place = places.get(cursor);
        Frame frame = frames.take();
        BatchBuilder builder = new BatchBuilder(decodedSchema, Batch.ROWS, frame.arena());
        long from = lanes.cursor(cursor);
        ReadStatus status = place.reader().read(builder);
        long to = place.reader().position();
        boolean end = status == ReadStatus.END;
        place.rest(status == ReadStatus.IDLE);
        if (place.isResting()) {
            wakeLater(place.reader());
        }
        List<BadRecord> withoutTime = new ArrayList<>();
        Batch decoded = builder.build();
        Batch timed = time(place.clock(), decoded, frame, withoutTime);
        long[] wantedFrom = lanes.wantedFrom(cursor, from, to);
        List<Share<Rows>> shares = new ArrayList<>();
        for (Branch branch : branches) {
            List<BadRecord> bad = new ArrayList<>(branch == branches.getFirst() ? builder.badRecords() : List.of());
            if (branch == clockBranch) {
                bad.addAll(withoutTime);
            }
            Batch rows = branch.isTimed() ? timed : decoded;
            shares.addAll(branch.route(decoded, rows, bad, wantedFrom, from, this::receiver, frame));
        }
        frames.lend(frame, shares.size());
        if (to == from && !end) {
            return cursor == Cursor.LIVE ? foundNothing(place.reader()) : this;
        }
        if (cursor == Cursor.LIVE) {
            idleTimer.restart();
        }
        return carryOut(lanes.read(cursor, from, to, place.clock().watermark(), end, shares, now()));
    }

    private Receiver receiver(int lane) {
        if (partitions.isRemote(lane)) {
            return Receiver.REMOTE;
        }
        return lanes.lane(lane).occupancy() == Occupancy.HEALTHY ? Receiver.IDLE : Receiver.BUSY;
    }

    private Behavior<ReaderCommand> foundNothing(SplitReader split) {
        if (!split.isCaughtUp()) {
            idleTimer.restart();
        } else if (!lanes.isIdle() && idleTimer.nothingFound(now())) {
            return carryOut(lanes.idle(now()));
        }
        return this;
    }

    private void wakeLater(SplitReader split) {
        if (!wakeAsked) {
            wakeAsked = true;
            ActorRef<ReaderCommand> self = getContext().getSelf();
            node.alarms()
                    .schedule(() -> self.tell(new ReaderCommand.Wake()), split.idleNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The rows with the watermarks before them where they matter; rows without a time become bad records. */
    private Batch time(EventClock clock, Batch decoded, Frame frame, List<BadRecord> bad) {
        RowErrors errors = new RowErrors();
        Batch timed = clock.advance(clockBranch.view(decoded), frame.arena(), errors, bad);
        for (RowErrors.RowError error : errors.take()) {
            byte[] text = RowText.of(decoded, error.position(), decodedSchema);
            bad.add(new BadRecord(error.position(), text, error.code(), error.reason()));
        }
        return timed.withColumns(decoded.columns());
    }

    private Behavior<ReaderCommand> fail(ErrorCode code, String reason) {
        if (job != null) {
            job.tell(new JobCommand.ReaderFailed(spec.inputName(), code, reason));
        }
        return Behaviors.stopped();
    }

    private static long now() {
        return System.nanoTime() / NANOS_PER_MILLI;
    }
}
