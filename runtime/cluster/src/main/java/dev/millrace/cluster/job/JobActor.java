// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.JobState;
import dev.millrace.cluster.NodeContext;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobUpdate;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.ReaderSpec;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One job. It resolves the splits once, keeps partitions and readers alive by telling them again and again what they
 * are, and ends when all partitions have ended.
 */
public final class JobActor extends EventSourcedBehavior<JobCommand, JobEvent, JobRecord> {
    private static final Duration TICK = Duration.ofMillis(100);

    /** Every so many ticks readers and partitions are told again what they are. */
    private static final int TICKS_PER_PING = 30;

    private record PartitionName(int stage, int index) {}

    private final ActorContext<JobCommand> context;
    private final NodeContext node;
    private final Executor blocking;
    private final boolean nameless;

    private final Set<ActorRef<JobUpdate>> watchers = new LinkedHashSet<>();
    private final Map<PartitionName, Counters> counters = new LinkedHashMap<>();
    private final Set<PartitionName> ended = new HashSet<>();
    private ActorRef<ClientCommand> client;
    private JobCommand.Run resolving;
    private boolean started;
    private boolean stopping;
    private int ticks;
    private JobUpdate told;

    private JobActor(ActorContext<JobCommand> context, PersistenceId id, NodeContext node, boolean nameless) {
        super(id);
        this.context = context;
        this.node = node;
        this.nameless = nameless;
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(NodeContext.BLOCKING));
    }

    /** @param unique the job's unique id; what begins with {@link #NAMELESS} leaves nothing behind */
    public static Behavior<JobCommand> create(String unique, NodeContext node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new JobCommand.Tick(), TICK);
            return new JobActor(context, PersistenceId.of("job", unique), node, unique.startsWith(NAMELESS));
        }));
    }

    /** How the unique ids of interactive SELECTs begin. */
    public static final String NAMELESS = "query";

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
        JobUpdate update = new JobUpdate(JobState.FAILED, total(), code, String.valueOf(failure.getMessage()));
        watchers.forEach(watcher -> watcher.tell(update));
    }

    @Override
    public CommandHandler<JobCommand, JobEvent, JobRecord> commandHandler() {
        return (record, command) -> switch (command) {
            case JobCommand.Run run -> onRun(record, run);
            case JobCommand.SplitsResolved resolved -> onSplits(resolved);
            case JobCommand.SplitsFailed failed -> onSplitsFailed(failed);
            case JobCommand.NumberReader number -> onNumberReader(record, number);
            case JobCommand.PartitionReport report -> {
                counters.put(new PartitionName(report.stage(), report.index()), report.counters());
                yield Effect().none();
            }
            case JobCommand.PartitionFinished finished ->
                    onEnded(record, finished.stage(), finished.index(), finished.counters(), false);
            case JobCommand.PartitionStopped stopped ->
                    onEnded(record, stopped.stage(), stopped.index(), stopped.counters(), true);
            case JobCommand.Failed failed -> onFailed(record, failed);
            case JobCommand.Stop _ -> onStop(record);
            case JobCommand.Ping _ -> onPing();
            case JobCommand.Tick _ -> onTick(record);
            case JobCommand.WatcherGone gone -> onWatcherGone(record, gone);
        };
    }

    private Effect<JobEvent, JobRecord> onRun(
            JobRecord record, JobCommand.Run run) {
        watchers.add(run.watcher());
        context.watchWith(run.watcher(), new JobCommand.WatcherGone(run.watcher()));
        if (!record.isCreated()) {
            client = run.client();
            if (resolving == null) {
                resolving = run;
                resolve(run.plan());
            }
            return Effect().none();
        }
        if (!record.plan().sql().equals(run.plan().sql())) {
            run.watcher()
                    .tell(new JobUpdate(
                            JobState.FAILED,
                            Counters.NONE,
                            ErrorCode.JOB_EXISTS,
                            "a job named \"" + record.id().name() + "\" exists with other SQL"));
            return Effect().none();
        }
        if (record.state() == JobState.STOPPED || record.state() == JobState.FAILED) {
            return Effect().persist(new JobEvent.Started()).thenRun(this::start);
        }
        return Effect().none().thenRun(current -> {
            if (current.state() == JobState.RUNNING) {
                start(current);
            }
            tellWatchers(current);
        });
    }

    /** A job that should run and doesn't, because its actor is a new one, starts. */
    private Effect<JobEvent, JobRecord> onPing() {
        return Effect().none().thenRun(record -> {
            if (record.isCreated() && record.state() == JobState.RUNNING && !nameless) {
                start(record);
            }
        });
    }

    private void resolve(JobPlan plan) {
        CompletableFuture<List<JobCommand.InputSplits>> splits = CompletableFuture.supplyAsync(
                () -> {
                    List<JobCommand.InputSplits> inputs = new ArrayList<>();
                    for (Stage stage : plan.stages()) {
                        for (int i = 0; i < stage.inputs().size(); i++) {
                            SourceInput input = stage.inputs().get(i);
                            List<Split> found = node.connectors()
                                    .source(input.table())
                                    .openSource(input.table(), input.columns())
                                    .resolveSplits();
                            inputs.add(new JobCommand.InputSplits(stage.index(), i, found));
                        }
                    }
                    return inputs;
                },
                blocking);
        context.pipeToSelf(splits, (inputs, failure) -> {
            if (failure == null) {
                return new JobCommand.SplitsResolved(inputs);
            }
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof MillraceException e
                    ? new JobCommand.SplitsFailed(
                            e.code(), e.hint() == null ? e.getMessage() : e.getMessage() + "\n  " + e.hint())
                    : new JobCommand.SplitsFailed(ErrorCode.INTERNAL, cause.toString());
        });
    }

    private Effect<JobEvent, JobRecord> onSplits(
            JobCommand.SplitsResolved resolved) {
        if (resolving == null) {
            // Stopped before it began.
            return Effect().none();
        }
        return Effect()
                .persist(new JobEvent.Created(resolving.id(), resolving.plan(), resolved.splits()))
                .thenRun(this::start);
    }

    private Effect<JobEvent, JobRecord> onSplitsFailed(
            JobCommand.SplitsFailed failed) {
        // Nothing was created: the same statement may be tried again.
        resolving = null;
        watchers.forEach(
                watcher -> watcher.tell(new JobUpdate(JobState.FAILED, Counters.NONE, failed.code(), failed.reason())));
        return Effect().none();
    }

    private void start(JobRecord record) {
        if (!started) {
            started = true;
            ended.clear();
            ping(record, true);
        }
    }

    /** Tells partitions and readers what they are. */
    private void ping(JobRecord record, boolean first) {
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                node.entities()
                        .partition(record.id(), stage.index(), index)
                        .tell(new PartitionCommand.Assign(
                                new PartitionSpec(
                                        record.id(),
                                        stage,
                                        index,
                                        record.splitList(stage.index()),
                                        record.plan().target(),
                                        client,
                                        record.plan().options(),
                                        nameless),
                                context.getSelf(),
                                first));
            }
        }
        for (ReaderSpec spec : readers(record)) {
            node.entities()
                    .reader(record.id(), spec.inputName())
                    .tell(new ReaderCommand.Assign(spec, context.getSelf()));
        }
    }

    private List<ReaderSpec> readers(JobRecord record) {
        List<ReaderSpec> specs = new ArrayList<>();
        for (JobCommand.InputSplits input : record.splits()) {
            Stage stage = record.plan().stages().get(input.stage());
            for (Split split : input.splits()) {
                specs.add(new ReaderSpec(
                        record.id(),
                        input.stage(),
                        input.input(),
                        stage.inputs().get(input.input()),
                        split,
                        stage.partitions(),
                        record.plan().options()));
            }
        }
        return specs;
    }

    private Effect<JobEvent, JobRecord> onNumberReader(
            JobRecord record, JobCommand.NumberReader command) {
        if (record.state() != JobState.RUNNING || stopping) {
            return Effect().none();
        }
        long number = record.readers().getOrDefault(command.input(), 0L) + 1;
        return Effect()
                .persist(new JobEvent.ReaderNumbered(command.input(), number))
                .thenRun(_ -> command.reader().tell(new ReaderCommand.Numbered(number)));
    }

    private Effect<JobEvent, JobRecord> onEnded(
            JobRecord record, int stage, int index, Counters done, boolean stopped) {
        PartitionName name = new PartitionName(stage, index);
        counters.put(name, done);
        if (record.state() != JobState.RUNNING || stopping != stopped || !ended.add(name)) {
            return Effect().none();
        }
        int all = record.plan().stages().stream().mapToInt(Stage::partitions).sum();
        if (ended.size() < all) {
            return Effect().none();
        }
        Counters total = total();
        return Effect()
                .persist(stopped ? new JobEvent.Stopped(total) : new JobEvent.Finished(total))
                .thenRun((JobRecord current) -> {
                    halt(current, false);
                    tellWatchers(current);
                });
    }

    private Effect<JobEvent, JobRecord> onFailed(
            JobRecord record, JobCommand.Failed failed) {
        if (record.state() != JobState.RUNNING) {
            return Effect().none();
        }
        return Effect()
                .persist(new JobEvent.Suspended(failed.code(), failed.reason()))
                .thenRun((JobRecord current) -> {
                    halt(current, true);
                    tellWatchers(current);
                });
    }

    private Effect<JobEvent, JobRecord> onStop(JobRecord record) {
        if (!record.isCreated()) {
            resolving = null;
            JobUpdate update = new JobUpdate(JobState.STOPPED, Counters.NONE, null, null);
            watchers.forEach(watcher -> watcher.tell(update));
            return Effect().none();
        }
        if (record.state() != JobState.RUNNING) {
            return Effect().none().thenRun(this::tellWatchers);
        }
        started = true;
        if (!stopping) {
            stopping = true;
            ended.clear();
            stopAll(record, true);
        }
        return Effect().none();
    }

    /** The job does nothing any more: its readers and partitions go. */
    private void halt(JobRecord record, boolean keepState) {
        started = false;
        stopping = false;
        stopAll(record, keepState);
    }

    private void stopAll(JobRecord record, boolean keepState) {
        for (ReaderSpec spec : readers(record)) {
            node.entities().reader(record.id(), spec.inputName()).tell(new ReaderCommand.Stop());
        }
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                node.entities()
                        .partition(record.id(), stage.index(), index)
                        .tell(new PartitionCommand.Stop(stage.index(), index, keepState, context.getSelf()));
            }
        }
    }

    private Effect<JobEvent, JobRecord> onTick(JobRecord record) {
        ticks++;
        if (resolving != null && !record.isCreated() && ticks % TICKS_PER_PING == 0) {
            tellWatchers(record);
        }
        if (started) {
            boolean ping = ticks % TICKS_PER_PING == 0;
            if (ping && stopping) {
                stopAll(record, true);
            } else if (ping) {
                ping(record, false);
            }
            tellWatchers(record, ping);
        }
        return Effect().none();
    }

    private Effect<JobEvent, JobRecord> onWatcherGone(
            JobRecord record, JobCommand.WatcherGone gone) {
        watchers.remove(gone.watcher());
        if (!nameless || !watchers.isEmpty()) {
            return Effect().none();
        }
        if (started) {
            halt(record, false);
        }
        return Effect().stop();
    }

    private Counters total() {
        return counters.values().stream().reduce(Counters.NONE, Counters::plus);
    }

    private void tellWatchers(JobRecord record) {
        tellWatchers(record, true);
    }

    /** @param always whether to tell them also what they know, as a sign of life */
    private void tellWatchers(JobRecord record, boolean always) {
        Counters done = record.state().isTerminal() && counters.isEmpty() ? record.counters() : total();
        JobState state = stopping ? JobState.STOPPING : record.state();
        JobUpdate update = new JobUpdate(state, done, record.code(), record.reason());
        if (always || !update.equals(told)) {
            told = update;
            watchers.forEach(watcher -> watcher.tell(update));
        }
    }
}
