// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.JobUpdate;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.protocol.Breakdowns;
import dev.millrace.cluster.protocol.SavepointCut;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Move;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One job. It resolves the splits once, keeps partitions and readers alive by telling them again and again what they
 * are, and ends when all partitions have ended.
 *
 * <pre>
 *   (empty) ──Run──▶ resolving splits ──Created──▶ running ──all inputs ended──▶ finished
 *                                                   │  ▲
 *                  Stop ──▶ stopping ──all stopped──┤  └──Resume, Run
 *                  a failure ───────────────────────┴▶ paused, stopped, failed
 * </pre>
 */
public final class JobActor extends EventSourcedBehavior<JobCommand, JobEvent, JobRecord> {
    private static final Duration TICK = Duration.ofMillis(100);

    private static final String OTHER_SQL = "exists with other SQL";

    /** Every so many ticks readers and partitions are told again what they are. */
    private static final int TICKS_PER_PING = 30;

    private final ActorContext<JobCommand> context;
    private final NodeContext node;
    private final JobBackground background;
    private final SplitDiscovery discovery;
    private final String unique;
    private final boolean nameless;
    private final JobMembers members;
    private final JobCourse course = new JobCourse();
    private final JobReports reports = new JobReports();
    private final Placements placements = new Placements();
    private final Restarts restarts;
    private final JobView view;
    private final JobPreparation preparation;

    private final JobWatchers watchers;
    private final List<ActorRef<JobCommand.JobStatusReply>> stopWaiters = new ArrayList<>();
    private ActorRef<ClientCommand> client;
    private int ticks;
    private boolean erasing;
    private SavepointTaking taking;
    /** What it has taken is being laid down as another generation; nothing of the job runs meanwhile. */
    private boolean transferring;

    private JobActor(ActorContext<JobCommand> context, String unique, NodeContext node) {
        super(PersistenceId.of("job", unique));
        this.context = context;
        this.node = node;
        this.unique = unique;
        nameless = unique.startsWith(JobId.NAMELESS);
        watchers = new JobWatchers(context);
        members = new JobMembers(node, context.getSelf(), nameless);
        restarts = new Restarts(node.restarts(), RandomGenerator.getDefault());
        view = new JobView(node.address(), course, reports, restarts, placements);
        preparation = new JobPreparation(node, context.getSystem());
        background = new JobBackground(context);
        discovery = new SplitDiscovery(node, background);
    }

    /** @param unique the job's unique id; what begins with {@link JobId#NAMELESS} leaves nothing behind */
    public static Behavior<JobCommand> create(String unique, NodeContext node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new JobCommand.Tick(), TICK);
            JobActor job = new JobActor(context, unique, node);
            if (!job.nameless) {
                job.followNodes();
            }
            return job;
        }));
    }

    private void followNodes() {
        Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(
                context.messageAdapter(
                        MemberRemoved.class,
                        removed -> new JobCommand.NodeGone(
                                removed.member().address().host().get() + ":"
                                        + removed.member().address().port().get())),
                MemberRemoved.class));
    }

    @Override
    public String journalPluginId() {
        return nameless ? "pekko.persistence.journal.inmem" : "";
    }

    @Override
    public JobRecord emptyState() {
        return JobRecord.EMPTY;
    }

    @Override
    public EventHandler<JobRecord, JobEvent> eventHandler() {
        return JobRecord::after;
    }

    @Override
    public SignalHandler<JobRecord> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(JournalPersistFailed.class,
                        (_, failed) -> tellLogFailure(ErrorCode.STATE_UNWRITABLE, failed.getFailure()))
                .onSignal(RecoveryFailed.class,
                        (_, failed) -> tellLogFailure(ErrorCode.STATE_DAMAGED, failed.getFailure()))
                .build();
    }

    /** The actor ends with this: who watches the job is told, since nobody else would say why. */
    private void tellLogFailure(ErrorCode otherwise, Throwable failure) {
        ErrorCode code = failure instanceof MillraceException e ? e.code() : otherwise;
        watchers.tell(new JobUpdate(
                JobState.FAILED, reports.total(), code, String.valueOf(failure.getMessage()), null));
    }

    @Override
    public CommandHandler<JobCommand, JobEvent, JobRecord> commandHandler() {
        return (record, command) -> switch (command) {
            case JobCommand.Run run -> onRun(record, run);
            case JobCommand.SplitsResolved resolved -> onSplits(resolved);
            case JobCommand.SplitsFailed failed -> onSplitsFailed(record, failed);
            case JobCommand.SplitsDiscovered discovered -> onDiscovered(record, discovered);
            case JobCommand.NumberReader number -> onNumberReader(record, number);
            case JobCommand.PartitionReport report -> {
                reports.put(report);
                placements.heard(JobMembers.partition(report.stage(), report.index()), System.currentTimeMillis());
                noteComingUp(record);
                yield Effect().none();
            }
            case JobCommand.ReaderReport report -> {
                reports.put(report);
                yield Effect().none();
            }
            case JobCommand.Problem problem -> {
                reports.put(problem);
                yield Effect().none();
            }
            case JobCommand.PartitionFinished finished ->
                    onEnded(record, finished.stage(), finished.index(), finished.counters(), false);
            case JobCommand.PartitionStopped stopped ->
                    onEnded(record, stopped.stage(), stopped.index(), stopped.counters(), true);
            case JobCommand.PartitionFailed failed -> onPartitionFailed(record, failed);
            case JobCommand.PartitionHealed healed -> onPartitionHealed(record, healed);
            case JobCommand.ReaderFailed failed -> onReaderFailed(record, failed);
            case JobCommand.Stop stop -> onStop(record, stop);
            case JobCommand.Resume resume -> onResume(record, resume);
            case JobCommand.Drop drop -> onDrop(record, drop);
            case JobCommand.Erased _ -> onErased(record);
            case JobCommand.TakeSavepoint take -> onTakeSavepoint(record, take);
            case JobCommand.Alter alter -> onAlter(record, alter);
            case JobCommand.Level level -> onSavepoint(record, () -> taking.level(level));
            case JobCommand.Frozen frozen -> onSavepoint(record, () -> taking.frozen(frozen));
            case JobCommand.FreezeFailed failed -> onSavepoint(record, () -> taking.failed(failed));
            case JobCommand.Transferred transferred -> onTransferred(record, transferred);
            case JobCommand.TransferFailed failed -> onTransferFailed(record, failed);
            case JobCommand.DescribePlan describe -> {
                describe.replyTo().tell(new JobCommand.PlanReply(record.plan()));
                yield Effect().none();
            }
            case JobCommand.Describe describe -> Effect().none().thenRun(now -> reply(describe.replyTo(), now));
            case JobCommand.ListMoves list -> {
                list.replyTo().tell(new JobCommand.MovesReply(placements.moves()));
                yield Effect().none();
            }
            case JobCommand.Leaving leaving -> onLeaving(record, leaving);
            case JobCommand.Arrived arrived -> onArrived(record, arrived);
            case JobCommand.NodeGone gone -> onNodeGone(record, gone);
            case JobCommand.HandOff _ -> onHandOff(record);
            case JobCommand.Inherit inherit -> onInherit(record, inherit);
            case JobCommand.Ping _ -> onPing(record);
            case JobCommand.Tick _ -> onTick(record);
            case JobCommand.WatcherGone gone -> onWatcherGone(record, gone);
        };
    }

    // ---- Starting

    private Effect<JobEvent, JobRecord> onRun(JobRecord record, JobCommand.Run run) {
        watchers.add(run.watcher());
        if (record.isDropped()) {
            // The node ended before the registry heard of it. Its logs are gone, and can't be begun anew.
            return refuse(run, "was dropped, but its name was not freed: drop it again");
        }
        if (!record.isCreated() || goesOnFromSavepoint(record, run)) {
            client = run.client();
            if (!course.isPreparing()) {
                long attempt = course.prepare(run);
                if (run.savepoint() != null) {
                    return Effect().persist(new JobEvent.Restoring(record.generation() + 1))
                            .thenRun((JobRecord now) -> prepare(now, run, attempt, now.generation()));
                }
                prepare(record, run, attempt, record.generation() + 1);
                return Effect().none();
            }
            return course.preparing().plan().sql().equals(run.plan().sql())
                    ? Effect().none()
                    : refuse(run, OTHER_SQL);
        }
        if (!record.plan().sql().equals(run.plan().sql())) {
            return refuse(run, OTHER_SQL);
        }
        if (record.state() == JobState.STOPPING) {
            return refuse(run, "is being dropped");
        }
        return resume(record).thenRun((JobRecord now) -> tellWatchers(now, true));
    }

    /** Whether a job that rests goes on with another statement, or on other partitions, from a savepoint of its own. */
    private static boolean goesOnFromSavepoint(JobRecord record, JobCommand.Run run) {
        return run.savepoint() != null && run.savepoint().job().unique().equals(record.id().unique())
                && record.state() == JobState.STOPPED;
    }

    private void prepare(JobRecord record, JobCommand.Run run, long attempt, long generation) {
        JobId id = run.id().withGeneration(generation);
        background.run(
                () -> preparation.begin(record, run, id),
                splits -> new JobCommand.SplitsResolved(attempt, id, splits),
                JobActor::splitsFailed);
    }

    private static JobCommand splitsFailed(MillraceException e) {
        return new JobCommand.SplitsFailed(
                e.code(), e.hint() == null ? e.getMessage() : e.getMessage() + "\n  " + e.hint());
    }

    private Effect<JobEvent, JobRecord> refuse(JobCommand.Run run, String why) {
        watchers.remove(run.watcher());
        run.watcher()
                .tell(new JobUpdate(
                        JobState.FAILED,
                        Counters.NONE,
                        ErrorCode.JOB_EXISTS,
                        "a job named \"" + run.id().name() + "\" " + why,
                        null));
        return Effect().none();
    }

    private Effect<JobEvent, JobRecord> onResume(JobRecord record, JobCommand.Resume resume) {
        return resume(record).thenRun((JobRecord now) -> reply(resume.replyTo(), now));
    }

    private EffectBuilder<JobEvent, JobRecord> resume(JobRecord record) {
        boolean rests = record.state() == JobState.STOPPED
                || record.state() == JobState.PAUSED
                || record.state() == JobState.FAILED;
        EffectBuilder<JobEvent, JobRecord> effect =
                record.isCreated() && rests ? Effect().persist(new JobEvent.Started()) : claim(record);
        return effect.thenRun((JobRecord now) -> {
            if (course.isAtWork()) {
                members.assign(now, client, false, restarts.clear(System.nanoTime())::contains);
            }
            startIfItShouldRun(now);
        });
    }

    /** A job that should run and doesn't, because its actor is a new one, starts. */
    private Effect<JobEvent, JobRecord> onPing(JobRecord record) {
        if (nameless) {
            return Effect().none();
        }
        return claim(record).thenRun((JobRecord now) -> {
            startIfItShouldRun(now);
            if (now.state() == JobState.STOPPING) {
                erase(now, true);
            }
        });
    }

    /**
     * A new actor of a job says so in the log before it starts anything: one that leads the job still, on a node that was
     * frozen, can't write any more, and so can't decide to go on as another generation.
     */
    private EffectBuilder<JobEvent, JobRecord> claim(JobRecord record) {
        return shouldStart(record) ? Effect().persist(new JobEvent.Started()) : Effect().none();
    }

    private boolean shouldStart(JobRecord record) {
        return record.isCreated() && record.state() == JobState.RUNNING
                && !course.isStarted() && !course.isResting() && !transferring;
    }

    private void startIfItShouldRun(JobRecord record) {
        if (shouldStart(record)) {
            course.start();
            reports.clearEnded();
            reports.clearAtWork();
            placements.clearMoving();
            restarts.clear(System.nanoTime());
            discovery.schedule(record);
            members.assign(record, client, true, _ -> true);
        }
    }

    private Effect<JobEvent, JobRecord> onSplits(JobCommand.SplitsResolved resolved) {
        if (!course.isPreparing(resolved.attempt())) {
            // Stopped before it began; what began since looks for itself.
            return Effect().none();
        }
        return Effect()
                .persist(new JobEvent.Created(resolved.id(), course.preparing().plan(), resolved.splits()))
                .thenRun((JobRecord record) -> {
                    course.prepared();
                    if (course.isResting()) {
                        watchers.tell(new JobUpdate(JobState.STOPPED, Counters.NONE, null, null, null));
                        tellStopWaiters(record);
                    } else {
                        startIfItShouldRun(record);
                    }
                });
    }

    private Effect<JobEvent, JobRecord> onSplitsFailed(JobRecord record, JobCommand.SplitsFailed failed) {
        if (discovery.isLooking()) {
            // Whoever reads the source says what is wrong with it; the next try may find it well.
            discovery.looked();
            return Effect().none();
        }
        // Nothing was created: the same statement may be tried again.
        course.giveUpPreparing();
        watchers.tell(new JobUpdate(JobState.FAILED, Counters.NONE, failed.code(), failed.reason(), null));
        tellStopWaiters(record);
        return Effect().none();
    }

    private Effect<JobEvent, JobRecord> onDiscovered(JobRecord record, JobCommand.SplitsDiscovered discovered) {
        discovery.looked();
        if (record.state() != JobState.RUNNING || discovered.splits().equals(record.splits())) {
            return Effect().none();
        }
        return Effect().persist(new JobEvent.SplitsAdded(discovered.splits())).thenRun((JobRecord now) -> {
            if (course.isAtWork()) {
                members.assign(now, client, false, restarts::mayRun);
            }
        });
    }

    private Effect<JobEvent, JobRecord> onNumberReader(JobRecord record, JobCommand.NumberReader command) {
        if (record.state() != JobState.RUNNING || course.isStopping() || course.isResting()) {
            return Effect().none();
        }
        long number = record.readers().getOrDefault(command.input(), 0L) + 1;
        return Effect()
                .persist(new JobEvent.ReaderNumbered(command.input(), number))
                .thenRun(_ -> command.reader().tell(new ReaderCommand.Numbered(number)));
    }

    // ---- Savepoints

    private Effect<JobEvent, JobRecord> onTakeSavepoint(JobRecord record, JobCommand.TakeSavepoint take) {
        String refusal = whyNoSavepoint(record);
        if (refusal == null) {
            refusal = JobSize.whyNoSavepoint(context.getSystem(), record.plan(), record.splits());
        }
        return refusal == null
                ? take(record, SavepointTaking.of(record, take))
                : refuse(take.replyTo(), refusal);
    }

    private Effect<JobEvent, JobRecord> onAlter(JobRecord record, JobCommand.Alter alter) {
        String refusal = whyNoSavepoint(record);
        return refusal == null
                ? take(record, SavepointTaking.of(record, alter))
                : refuse(alter.replyTo(), refusal);
    }

    private String whyNoSavepoint(JobRecord record) {
        if (!record.isCreated()) {
            return "the job has not begun";
        } else if (taking != null) {
            return "another one of the job is being taken";
        } else if (record.state() != JobState.RUNNING || !course.isAtWork()) {
            String state = view.state(record).name().toLowerCase(Locale.ROOT);
            return "the job does not run, it is " + state + "; resume it first";
        }
        return null;
    }

    private Effect<JobEvent, JobRecord> refuse(ActorRef<JobCommand.SavepointReply> replyTo, String reason) {
        replyTo.tell(new JobCommand.SavepointReply(null, ErrorCode.SAVEPOINT_FAILED, reason));
        return Effect().none();
    }

    private Effect<JobEvent, JobRecord> take(JobRecord record, SavepointTaking begun) {
        taking = begun;
        taking.ask(record, members);
        return Effect().none();
    }

    private Effect<JobEvent, JobRecord> onSavepoint(JobRecord record, Runnable news) {
        if (taking == null || transferring) {
            return Effect().none();
        }
        SavepointCut.Phase before = taking.phase();
        news.run();
        if (taking.phase() == before) {
            return Effect().none();
        }
        taking.ask(record, members);
        return switch (taking.phase()) {
            case REFUSED -> {
                taking.replyRefused();
                taking = null;
                yield Effect().none();
            }
            case DONE -> onTaken(record);
            default -> Effect().none();
        };
    }

    private Effect<JobEvent, JobRecord> onTaken(JobRecord record) {
        Savepoint savepoint = taking.result(record, reports.total().rowsRead());
        return switch (taking.then()) {
            case GO_ON -> {
                taking.replyTaken(savepoint);
                taking = null;
                yield Effect().none();
            }
            case STOP -> {
                taking.replyTaken(savepoint);
                taking = null;
                yield onStop(record, new JobCommand.Stop(JobState.STOPPED, null));
            }
            case ALTER -> {
                transferring = true;
                // All that these partitions gave has left, and the savepoint holds what they know.
                halt(record, false);
                JobPlan plan = record.plan().with(taking.options());
                yield Effect().persist(new JobEvent.Restoring(record.generation() + 1))
                        .thenRun((JobRecord now) -> transfer(savepoint, now, plan));
            }
        };
    }

    /** The job ends, for whatever reason. */
    private void giveUpSavepoint() {
        if (taking != null && !transferring) {
            taking.replyRefused(ErrorCode.SAVEPOINT_FAILED, "the job has ended meanwhile");
            taking = null;
        }
    }

    private void transfer(Savepoint savepoint, JobRecord record, JobPlan plan) {
        JobId id = record.id().withGeneration(record.generation());
        background.run(
                () -> preparation.change(record, savepoint, id, plan),
                splits -> new JobCommand.Transferred(id, plan, splits),
                e -> new JobCommand.TransferFailed(e.code(), e.getMessage()));
    }

    private Effect<JobEvent, JobRecord> onTransferred(JobRecord record, JobCommand.Transferred transferred) {
        transferring = false;
        SavepointTaking altering = taking;
        taking = null;
        if (record.state() != JobState.RUNNING) {
            altering.replyRefused(ErrorCode.SAVEPOINT_FAILED, "the job has ended meanwhile");
            return Effect().none();
        }
        reports.forget();
        return Effect()
                .persist(new JobEvent.Restored(transferred.id(), transferred.plan(), transferred.splits()))
                .thenRun((JobRecord now) -> {
                    startIfItShouldRun(now);
                    altering.replyTaken(altering.result(now, reports.total().rowsRead()));
                });
    }

    /** The job goes on as it was. */
    private Effect<JobEvent, JobRecord> onTransferFailed(JobRecord record, JobCommand.TransferFailed failed) {
        transferring = false;
        taking.replyRefused(failed.code(), failed.reason());
        taking = null;
        startIfItShouldRun(record);
        return Effect().none();
    }

    // ---- Ending

    private Effect<JobEvent, JobRecord> onEnded(
            JobRecord record, int stage, int index, Counters done, boolean stopped) {
        boolean expected = record.state() == JobState.RUNNING && course.isStarted() && stopped == course.isStopping();
        if (!expected) {
            // A partition that was not there has nothing to report.
            return Effect().none();
        }
        reports.put(stage, index, done);
        if (reports.end(stage, index) < JobMembers.partitions(record)) {
            return !stopped && view.nothingIsAtWork(record) ? suspend(restarts.suspension()) : Effect().none();
        }
        Counters total = reports.total();
        EffectBuilder<JobEvent, JobRecord> effect;
        if (!stopped) {
            effect = Effect().persist(new JobEvent.Finished(total));
        } else {
            effect = switch (course.stoppingInto()) {
                case PAUSED -> Effect().persist(new JobEvent.Paused(total));
                case STOPPED -> Effect().persist(new JobEvent.Stopped(total));
                default -> Effect().none();
            };
            if (course.stoppingInto() == JobState.RUNNING) {
                course.rest();
            }
        }
        return effect.thenRun((JobRecord now) -> {
            if (stopped) {
                course.halt();
            } else {
                halt(now, false);
                if (!nameless) {
                    erase(now, false);
                }
            }
            if (course.isResting()) {
                watchers.tell(new JobUpdate(JobState.STOPPED, reports.total(), null, null, null));
            } else {
                tellWatchers(now, true);
            }
            tellStopWaiters(now);
        });
    }

    private Effect<JobEvent, JobRecord> onPartitionFailed(JobRecord record, JobCommand.PartitionFailed failed) {
        if (record.state() != JobState.RUNNING || !course.isStarted()) {
            return Effect().none();
        }
        if (nameless || !failed.code().mayPass()) {
            return suspend(failed.code(), failed.reason());
        }
        if (course.isStopping()) {
            // It stands at its last checkpoint, and that is where it will go on.
            return onEnded(record, failed.stage(), failed.index(), Counters.NONE, true);
        }
        String partition = JobMembers.partition(failed.stage(), failed.index());
        context.getLog().warn("{} of job {} has failed: {}", partition, record.id(), failed.reason());
        reports.failed(failed.stage(), failed.index());
        Breakdowns before = record.breakdowns(partition);
        Breakdowns after = failed.at() == null ? before : before.after(failed.at(), failed.reason());
        if (after.leftOut().size() > before.leftOut().size()) {
            restarts.gotOn(partition);
        }
        restarts.failed(partition, failed.code(), failed.reason(), failed.epoch(), System.nanoTime());
        if (view.nothingIsAtWork(record)) {
            return suspend(restarts.suspension());
        }
        return failed.at() == null
                ? Effect().none()
                : Effect().persist(
                        new JobEvent.BrokeDown(failed.stage(), failed.index(), failed.at(), failed.reason()));
    }

    private Effect<JobEvent, JobRecord> onPartitionHealed(JobRecord record, JobCommand.PartitionHealed healed) {
        return record.breakdowns(JobMembers.partition(healed.stage(), healed.index())).isNone()
                ? Effect().none()
                : Effect().persist(new JobEvent.Healed(healed.stage(), healed.index()));
    }

    private Effect<JobEvent, JobRecord> onReaderFailed(JobRecord record, JobCommand.ReaderFailed failed) {
        if (record.state() != JobState.RUNNING || !course.isStarted()
                || course.isStopping() && failed.code().mayPass()) {
            return Effect().none();
        }
        String reader = JobMembers.reader(failed.input());
        reports.failed(failed.input());
        boolean again = !nameless && failed.code().mayPass()
                && restarts.failed(reader, failed.code(), failed.reason(), 0, System.nanoTime());
        if (!again) {
            // All partitions wait for what it would have read.
            return suspend(failed.code(), failed.reason());
        }
        context.getLog().warn("{} of job {} has failed: {}", reader, record.id(), failed.reason());
        return Effect().none();
    }

    private Effect<JobEvent, JobRecord> suspend(Restarts.Suspension suspension) {
        return suspend(suspension.code(), suspension.who() + ": " + suspension.reason());
    }

    private Effect<JobEvent, JobRecord> suspend(ErrorCode code, String reason) {
        return Effect().persist(new JobEvent.Suspended(code, reason)).thenRun((JobRecord now) -> {
            halt(now, true);
            tellWatchers(now, true);
            tellStopWaiters(now);
        });
    }

    private Effect<JobEvent, JobRecord> onStop(JobRecord record, JobCommand.Stop stop) {
        if (!record.isCreated() && course.isPreparing() && stop.into() == JobState.RUNNING && !nameless) {
            // The next process is to find it: it has to be created first.
            course.rest();
            addStopWaiter(stop);
            return Effect().none();
        }
        if (!record.isCreated()) {
            JobStatus last = view.uncreated(JobState.STOPPED);
            course.giveUpPreparing();
            watchers.tell(new JobUpdate(JobState.STOPPED, Counters.NONE, null, null, null));
            if (stop.replyTo() != null) {
                stop.replyTo().tell(new JobCommand.JobStatusReply(last));
            }
            return Effect().none();
        }
        // A job that rests may be about to go on from a savepoint.
        course.giveUpPreparing();
        if (record.state() == JobState.PAUSED && stop.into() == JobState.STOPPED) {
            return Effect()
                    .persist(new JobEvent.Stopped(record.counters()))
                    .thenRun((JobRecord now) -> reply(stop.replyTo(), now));
        }
        if (record.state() != JobState.RUNNING || course.isResting()) {
            return Effect().none().thenRun((JobRecord now) -> {
                tellWatchers(now, true);
                reply(stop.replyTo(), now);
            });
        }
        addStopWaiter(stop);
        if (!course.isStopping()) {
            course.stop(stop.into());
            giveUpSavepoint();
            reports.clearEnded();
            members.stop(record, true);
        }
        return Effect().none();
    }

    private void addStopWaiter(JobCommand.Stop stop) {
        if (stop.replyTo() != null) {
            stopWaiters.add(stop.replyTo());
        }
    }

    private void tellStopWaiters(JobRecord record) {
        stopWaiters.forEach(waiter -> reply(waiter, record));
        stopWaiters.clear();
    }

    private Effect<JobEvent, JobRecord> onDrop(JobRecord record, JobCommand.Drop drop) {
        course.giveUpPreparing();
        if (!record.isCreated()) {
            return Effect().none().thenRun((JobRecord now) -> reply(drop.replyTo(), now));
        }
        stopWaiters.add(drop.replyTo());
        halt(record, false);
        // A partition that has finished has cleared its target.
        boolean targets = record.state() != JobState.FINISHED;
        return Effect().persist(new JobEvent.Dropping()).thenRun((JobRecord now) -> erase(now, targets));
    }

    /** Erases what the partitions of a job have left behind that is over for ever. */
    private void erase(JobRecord record, boolean targets) {
        if (!erasing) {
            erasing = true;
            context.spawnAnonymous(JobEraser.create(node, record, targets, context.getSelf()));
        }
    }

    private Effect<JobEvent, JobRecord> onErased(JobRecord record) {
        erasing = false;
        return record.state() != JobState.STOPPING ? Effect().none()
                : Effect().persist(new JobEvent.Dropped()).thenRun((JobRecord now) -> {
                    watchers.tell(new JobUpdate(JobState.STOPPED, reports.total(), null, null, null));
                    tellStopWaiters(now);
                });
    }

    /** The job does nothing any more: its readers and partitions go. */
    private void halt(JobRecord record, boolean keepState) {
        giveUpSavepoint();
        course.halt();
        members.stop(record, keepState);
    }

    // ---- Moving

    /** It has to be told again what it is, on its next node: else it would wait for the next ping. */
    private Effect<JobEvent, JobRecord> onLeaving(JobRecord record, JobCommand.Leaving leaving) {
        placements.left(leaving.who(), leaving.node(), leaving.atMillis());
        if (course.isAtWork() && record.state() == JobState.RUNNING) {
            assignMoving(record);
        }
        return Effect().none();
    }

    /** What was there could not say so: it starts elsewhere at once, and not with the next ping only. */
    private Effect<JobEvent, JobRecord> onNodeGone(JobRecord record, JobCommand.NodeGone gone) {
        if (course.isAtWork() && record.state() == JobState.RUNNING) {
            placements.lost(gone.node(), System.currentTimeMillis());
            assignMoving(record);
        }
        return Effect().none();
    }

    private void assignMoving(JobRecord record) {
        members.assign(record, client, false, who -> placements.isMoving(who) && restarts.mayRun(who));
    }

    private Effect<JobEvent, JobRecord> onArrived(JobRecord record, JobCommand.Arrived arrived) {
        Move move = placements.arrived(arrived.who(), arrived.node(), System.currentTimeMillis());
        if (move != null) {
            context.getLog().info(
                    "{} of job {} has moved from {} to {} in {} ms",
                    move.member(), record.id(), move.from(), move.to(), move.pauseMillis());
        }
        return Effect().none();
    }

    /**
     * The next actor of the job, on another node, is told what only this one knows. What goes through the region from now
     * on reaches that one.
     */
    private Effect<JobEvent, JobRecord> onHandOff(JobRecord record) {
        if (nameless) {
            members.stop(record, false);
            watchers.tell(new JobUpdate(
                    JobState.FAILED, reports.total(), ErrorCode.JOB_FAILED,
                    "the node that led the query leaves the cluster", null));
            return Effect().stop();
        }
        giveUpSavepoint();
        if (course.isResting()) {
            return Effect().stop();
        }
        EntityRef<JobCommand> next = node.entities().job(unique);
        if (course.isPreparing()) {
            next.tell(course.preparing());
        }
        stopWaiters.forEach(waiter -> next.tell(new JobCommand.Stop(course.stoppingInto(), waiter)));
        if (course.isStopping() && stopWaiters.isEmpty()) {
            next.tell(new JobCommand.Stop(course.stoppingInto(), null));
        }
        next.tell(new JobCommand.Inherit(
                placements.nodes(), placements.leftMillis(), placements.moves(), watchers.all()));
        return Effect().stop();
    }

    private Effect<JobEvent, JobRecord> onInherit(JobRecord before, JobCommand.Inherit inherit) {
        inherit.watchers().forEach(watchers::add);
        return claim(before).thenRun((JobRecord record) -> {
            startIfItShouldRun(record);
            placements.inherit(inherit.nodes(), inherit.leftMillis(), inherit.moves());
        });
    }

    // ---- Telling

    private Effect<JobEvent, JobRecord> onTick(JobRecord record) {
        ticks++;
        boolean ping = ticks % TICKS_PER_PING == 0;
        if (!record.isCreated()) {
            if (course.isPreparing() && ping) {
                tellWatchers(record, true);
            }
            return Effect().none();
        }
        if (course.isStarted()) {
            noteComingUp(record);
            if (ping && course.isStopping()) {
                members.stop(record, true);
            } else if (ping) {
                members.assign(record, client, false, restarts::mayRun);
            } else if (course.isAtWork()) {
                startAgain(record);
                if (placements.isAnyMoving()) {
                    assignMoving(record);
                }
            }
            if (course.isAtWork() && taking == null) {
                discovery.lookIfDue(record, JobActor::splitsFailed);
            }
            tellWatchers(record, ping);
        }
        if (taking != null && !transferring) {
            SavepointTaking asked = taking;
            return onSavepoint(record, () -> asked.ask(record, members));
        }
        return Effect().none();
    }

    /** Once all partitions have been at work, one that starts again doesn't make the whole job come up again. */
    private void noteComingUp(JobRecord record) {
        if (course.comingUp() != null && view.hasComeUp(record)) {
            course.cameUp();
        }
    }

    private void startAgain(JobRecord record) {
        List<String> due = restarts.takeDue(System.nanoTime());
        if (!due.isEmpty()) {
            members.assign(record, client, false, due::contains);
        }
    }

    private Effect<JobEvent, JobRecord> onWatcherGone(JobRecord record, JobCommand.WatcherGone gone) {
        watchers.remove(gone.watcher());
        if (!nameless || !watchers.isEmpty()) {
            return Effect().none();
        }
        if (course.isStarted()) {
            halt(record, false);
        }
        return Effect().stop();
    }

    private void reply(ActorRef<JobCommand.JobStatusReply> replyTo, JobRecord record) {
        if (replyTo != null) {
            replyTo.tell(new JobCommand.JobStatusReply(view.status(record)));
        }
    }

    /** @param always whether to tell them also what they know, as a sign of life */
    private void tellWatchers(JobRecord record, boolean always) {
        watchers.tellNews(view.update(record), always);
    }
}
