// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.lane.DeliveryReceiver;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.cluster.settings.JobOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One partition of a stage, from its start to its end; what it does in between is {@link RunningPartition}'s.
 *
 * <pre>
 *   (empty) ──Assign──▶ recovering ──Recovered──▶ running ──Stop──▶ stopping ──last epoch durable──▶ (stopped)
 *                           └───────────────────────┴──failure, told to the job──▶ (stopped)
 * </pre>
 */
public final class PartitionActor extends AbstractBehavior<PartitionCommand> {
    private static final Duration TICK = Duration.ofMillis(100);

    /** An empty partition that nobody claims is a stray message's: it goes after so many ticks. */
    private static final int EMPTY_TICKS_MAX = 100;

    private final NodeContext node;
    private final TimerScheduler<PartitionCommand> timers;
    private final DeliveryReceiver receiver;
    private PartitionSpec spec;
    private ActorRef<JobCommand> job;
    private ActorRef<Object> keeper;
    private Restoring restoring;
    private RunningPartition running;
    private boolean stopping;
    /** Whether the job knows that it is at work here. */
    private boolean arrived;
    private JobCommand.PartitionFailed failure;
    private JobCommand.PartitionReport reported;
    private String problem;
    private int emptyTicks;

    private PartitionActor(
            ActorContext<PartitionCommand> context, TimerScheduler<PartitionCommand> timers, NodeContext node) {
        super(context);
        this.timers = timers;
        this.node = node;
        receiver = new DeliveryReceiver(context.getLog());
    }

    /** An empty partition, which waits for the job to say what it is. */
    public static Behavior<PartitionCommand> create(NodeContext node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new PartitionCommand.Tick(), TICK);
            return new PartitionActor(context, timers, node);
        }));
    }

    @Override
    public Receive<PartitionCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(PartitionCommand.class, this::onCommand)
                .onSignal(PostStop.class, _ -> {
                    if (running != null) {
                        running.close();
                    }
                    return this;
                })
                .build();
    }

    private Behavior<PartitionCommand> onCommand(PartitionCommand command) {
        try {
            return switch (command) {
                case PartitionCommand.Assign assign -> onAssign(assign);
                case PartitionCommand.Replayed replayed -> {
                    restoring.take(replayed.epoch());
                    yield this;
                }
                case PartitionCommand.Recovered recovered -> onRecovered(recovered.incarnation());
                case PartitionCommand.FromTarget news -> {
                    if (isRunning()) {
                        running.onTarget(news);
                    }
                    yield afterWork();
                }
                case PartitionCommand.Stop stop -> onStop(stop);
                case PartitionCommand.HandOff _ -> onHandOff();
                case PartitionCommand.Drain drain -> {
                    if (isRunning() && !stopping) {
                        running.drainTo(drain);
                    }
                    yield afterWork();
                }
                case PartitionCommand.Freeze freeze -> onFreeze(freeze);
                case PartitionCommand.CopyStored stored -> onCopyStored(stored);
                case PartitionCommand.Tick _ -> onTick();
                case PartitionCommand.ShowChanges _ -> {
                    if (isRunning()) {
                        running.showChanges();
                    }
                    yield afterWork();
                }
                case PartitionCommand.OutputFailed failed -> failOrGiveWay(failed.code(), failed.reason());
                case PartitionCommand.KeeperFailed failed -> failOrGiveWay(failed.code(), failed.reason());
                case PartitionCommand.FromReader message -> {
                    // What comes too early or too late is found missing by its position.
                    if (isRunning() && !stopping) {
                        running.onReader(message);
                    }
                    yield afterWork();
                }
                case PartitionCommand.DeliveryPart part -> {
                    PartitionCommand.FromReader whole = isRunning() && !stopping ? receiver.add(part) : null;
                    if (whole != null) {
                        running.onReader(whole);
                    }
                    yield afterWork();
                }
                case PartitionCommand.FromNextStage announcement -> {
                    // Who is not heard says it again.
                    if (isRunning()) {
                        running.onNextStage(announcement);
                    }
                    yield this;
                }
                case PartitionCommand.OutputTaken taken -> {
                    if (isRunning()) {
                        running.onOutputTaken(taken.sequence());
                    }
                    yield afterWork();
                }
                case PartitionCommand.OutputMissing missing -> {
                    if (isRunning()) {
                        running.onOutputMissing(missing.sequence());
                    }
                    yield afterWork();
                }
                case PartitionCommand.DeadLettersWritten written -> {
                    if (isRunning()) {
                        running.onDeadLettersWritten(written.records());
                    }
                    yield afterWork();
                }
                case PartitionCommand.Kept kept -> {
                    if (isRunning()) {
                        running.onKept(kept.epoch());
                    }
                    yield afterWork();
                }
            };
        } catch (MillraceException e) {
            return fail(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            getContext().getLog().error("partition {} is broken", spec == null ? "" : spec.entityId(), e);
            return fail(ErrorCode.INTERNAL, e.toString(), running == null ? null : running.underWay());
        }
    }

    private boolean isRunning() {
        return running != null && failure == null;
    }

    private Behavior<PartitionCommand> onAssign(PartitionCommand.Assign assign) {
        if (!assign.job().equals(job)) {
            // Another start of the job knows nothing yet.
            reported = null;
            arrived = false;
        }
        job = assign.job();
        if (failure != null) {
            // The job may have missed it.
            job.tell(failure);
        } else if (running != null && running.isFinished()) {
            tellFinished();
        }
        if (isRunning()) {
            running.onSplits(assign.spec().splits());
        }
        if (spec != null) {
            return this;
        }
        spec = assign.spec();
        if (RunningPartition.feedsStages(spec) && node.epochs().exchangeInterval().compareTo(TICK) < 0) {
            timers.startTimerWithFixedDelay(new PartitionCommand.Tick(), node.epochs().exchangeInterval());
        }
        restoring = new Restoring(RunningPartition.pipeline(spec));
        if (spec.stateless()) {
            return assign.first()
                    ? onRecovered(1)
                    : fail(ErrorCode.JOB_FAILED, "a partition was lost, and a query without a name keeps no state");
        }
        keeper = Adapter.toTyped(
                Adapter.actorOf(
                        getContext(),
                        Keeper.props(spec.entityId(), spec.lastGeneration(), getContext().getSelf()),
                        "keeper"));
        getContext().watchWith(keeper, new PartitionCommand.KeeperFailed(ErrorCode.INTERNAL, "the keeper has ended"));
        return this;
    }

    private Behavior<PartitionCommand> onRecovered(long incarnation) {
        restoring.end();
        running = new RunningPartition(getContext(), node, spec, keeper, incarnation, restoring);
        restoring = null;
        // Before anything of it is to be seen elsewhere: the job is not to lag behind its rows.
        report();
        running.proceed();
        JobOptions.coalesceInterval(spec.options())
                .ifPresent(interval -> timers.startTimerWithFixedDelay(new PartitionCommand.ShowChanges(), interval));
        return afterWork();
    }

    private Behavior<PartitionCommand> onTick() {
        if (spec == null) {
            emptyTicks++;
            return emptyTicks > EMPTY_TICKS_MAX ? Behaviors.stopped() : this;
        }
        if (isRunning()) {
            running.onTick(System.nanoTime());
            report();
            if (running.becameHealed()) {
                job.tell(new JobCommand.PartitionHealed(spec.stage().index(), spec.index()));
            }
        }
        return afterWork();
    }

    /** Tells the job how it goes, if that has changed. */
    private void report() {
        JobCommand.PartitionReport report = new JobCommand.PartitionReport(
                spec.stage().index(), spec.index(), running.counters(), running.epoch(), running.watermark(),
                running.slowestInput(), running.hotKeys());
        if (!report.equals(reported)) {
            reported = report;
            job.tell(report);
        }
        String now = running.problem();
        if (!Objects.equals(now, problem)) {
            problem = now;
            job.tell(new JobCommand.Problem(name(), problem));
        }
    }

    private Behavior<PartitionCommand> afterWork() {
        if (!isRunning()) {
            return this;
        }
        if (running.becameFinished()) {
            tellFinished();
        }
        if (!arrived && running.isAtWork()) {
            arrived = true;
            job.tell(new JobCommand.Arrived(name(), node.address()));
        }
        return stopping && running.isReadyToStop() ? stopped(spec.stage().index(), spec.index()) : this;
    }

    private void tellFinished() {
        job.tell(new JobCommand.PartitionFinished(spec.stage().index(), spec.index(), running.counters()));
    }

    /** The job starts it elsewhere; the message to do so waits there until nothing of it is left here. */
    private Behavior<PartitionCommand> onHandOff() {
        if (spec != null && !stopping && failure == null) {
            // The job may be about to move, too.
            node.entities().job(spec.job())
                    .tell(new JobCommand.Leaving(name(), node.address(), System.currentTimeMillis()));
        }
        return stop(true);
    }

    private String name() {
        return "partition " + spec.stage().index() + "/" + spec.index();
    }

    private Behavior<PartitionCommand> onStop(PartitionCommand.Stop stop) {
        job = stop.job();
        return spec == null ? stopped(stop.stage(), stop.index()) : stop(stop.keepState());
    }

    private Behavior<PartitionCommand> stop(boolean keepState) {
        if (spec == null) {
            return Behaviors.stopped();
        }
        if (!isRunning() || !keepState || keeper == null) {
            return stopped(spec.stage().index(), spec.index());
        }
        stopping = true;
        running.prepareStop();
        return afterWork();
    }

    private Behavior<PartitionCommand> stopped(int stage, int index) {
        Counters counters = running == null ? Counters.NONE : running.counters();
        if (running != null) {
            report();
            running.giveUp();
        }
        job.tell(new JobCommand.PartitionStopped(stage, index, counters));
        return Behaviors.stopped();
    }

    private Behavior<PartitionCommand> onFreeze(PartitionCommand.Freeze freeze) {
        if (!isRunning() || stopping) {
            return this;
        }
        EpochCommitted copy = running.freeze(freeze);
        if (copy != null) {
            CompletableFuture<EpochCommitted> done = new CompletableFuture<>();
            String log = Savepoint.log(freeze.savepoint(), spec.stage().index(), spec.index());
            Adapter.actorOf(getContext(), ImageLog.writing(log, copy, done));
            getContext().pipeToSelf(done, (_, failure) -> new PartitionCommand.CopyStored(
                    freeze.savepoint(), failure == null ? null : String.valueOf(failure.getMessage())));
        }
        tellFreezing();
        return afterWork();
    }

    private Behavior<PartitionCommand> onCopyStored(PartitionCommand.CopyStored stored) {
        if (stored.reason() != null) {
            job.tell(new JobCommand.FreezeFailed(stored.savepoint(), stored.reason()));
        } else if (isRunning()) {
            running.copyStored(stored.savepoint());
            tellFreezing();
        }
        return this;
    }

    private void tellFreezing() {
        Freezing freezing = running.freezing();
        if (freezing.copied()) {
            // The savepoint keeps how many rows the job has read: with an older count the job would seem to have gone on.
            report();
            job.tell(new JobCommand.Frozen(
                    freezing.savepoint(), spec.stage().index(), spec.index(),
                    freezing.stored() ? freezing.bytes() : -1));
        }
    }

    private Behavior<PartitionCommand> failOrGiveWay(ErrorCode code, String reason) {
        if (code == ErrorCode.STATE_FENCED) {
            // Another start of this partition owns log and target: it does the work, and the job hears of it there.
            getContext().getLog().warn("partition {} gives way: {}", spec.entityId(), reason);
            return Behaviors.stopped();
        }
        return fail(code, reason);
    }

    private Behavior<PartitionCommand> fail(ErrorCode code, String reason) {
        return fail(code, reason, null);
    }

    /** @param at the rows of which one may have broken it, or null if it was none of them */
    private Behavior<PartitionCommand> fail(ErrorCode code, String reason, RowRange at) {
        if (failure != null || job == null) {
            return this;
        }
        failure = new JobCommand.PartitionFailed(
                spec.stage().index(), spec.index(), code, reason, at, running == null ? 0 : running.epoch());
        job.tell(failure);
        if (running != null) {
            running.giveUp();
        }
        // Nothing of it may go on, so the next start is another actor's. Without state there is none.
        return spec.stateless() ? this : Behaviors.stopped();
    }
}
