// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.RegistryCommand;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/** The registry: gives every job name an id for ever, and keeps the jobs that were asked for alive by pinging them. */
public final class RegistryActor extends EventSourcedBehavior<RegistryCommand, RegistryEvent, RegistryRecord> {
    private static final Duration TICK = Duration.ofSeconds(3);

    private final NodeContext node;
    private final boolean resumesJobs;
    private final Set<JobId> asked = new LinkedHashSet<>();

    private RegistryActor(NodeContext node, boolean resumesJobs) {
        super(PersistenceId.ofUniqueId("registry"));
        this.node = node;
        this.resumesJobs = resumesJobs;
    }

    /** @param resumesJobs whether all jobs that ran go on, and not only those that are asked for */
    public static Behavior<RegistryCommand> create(NodeContext node, boolean resumesJobs) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new RegistryCommand.Tick(), TICK);
            Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(
                    context.messageAdapter(MemberRemoved.class, _ -> new RegistryCommand.NodeGone()),
                    MemberRemoved.class));
            return new RegistryActor(node, resumesJobs);
        }));
    }

    @Override
    public RegistryRecord emptyState() {
        return RegistryRecord.EMPTY;
    }

    @Override
    public EventHandler<RegistryRecord, RegistryEvent> eventHandler() {
        return RegistryRecord::after;
    }

    @Override
    public SignalHandler<RegistryRecord> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), record -> {
                    if (resumesJobs) {
                        asked.addAll(record.jobs().values());
                        ping();
                    }
                })
                .build();
    }

    private void ping() {
        asked.forEach(id -> node.entities().job(id).tell(new JobCommand.Ping()));
    }

    @Override
    public CommandHandler<RegistryCommand, RegistryEvent, RegistryRecord> commandHandler() {
        return (record, command) -> switch (command) {
            case RegistryCommand.Register register -> onRegister(record, register);
            case RegistryCommand.Tick _ -> {
                ping();
                yield Effect().none();
            }
            case RegistryCommand.NodeGone _ -> {
                ping();
                yield Effect().none();
            }
            case RegistryCommand.Leave leave -> {
                node.leavingNodes().add(leave.node());
                leave.replyTo().tell(new RegistryCommand.Leaving(node.leavingNodes()));
                yield Effect().none();
            }
            case RegistryCommand.List list -> {
                list.replyTo().tell(jobs(record));
                yield Effect().none();
            }
            case RegistryCommand.KeepSavepoint keep -> Effect()
                    .persist(new RegistryEvent.SavepointKept(keep.savepoint()))
                    .thenRun((RegistryRecord now) -> keep.replyTo().tell(savepoints(now)));
            case RegistryCommand.ForgetSavepoint forget -> Effect()
                    .persist(new RegistryEvent.SavepointForgotten(forget.unique()))
                    .thenRun((RegistryRecord now) -> forget.replyTo().tell(savepoints(now)));
            case RegistryCommand.ListSavepoints list -> {
                list.replyTo().tell(savepoints(record));
                yield Effect().none();
            }
            case RegistryCommand.Forget forget -> {
                asked.remove(record.jobs().get(forget.name()));
                yield Effect().persist(new RegistryEvent.Forgotten(forget.name()))
                        .thenRun(left -> forget.replyTo().tell(jobs(left)));
            }
        };
    }

    private static RegistryCommand.Savepoints savepoints(RegistryRecord record) {
        return new RegistryCommand.Savepoints(record.savepoints());
    }

    private static RegistryCommand.Jobs jobs(RegistryRecord record) {
        return new RegistryCommand.Jobs(List.copyOf(record.jobs().values()));
    }

    private Effect<RegistryEvent, RegistryRecord> onRegister(RegistryRecord record, RegistryCommand.Register register) {
        JobId known = record.jobs().get(register.name());
        if (known != null) {
            asked.add(known);
            register.replyTo().tell(new RegistryCommand.Registered(known));
            return Effect().none();
        }
        JobId id = new JobId(UUID.randomUUID().toString().replace("-", ""), 1, register.name());
        return Effect().persist(new RegistryEvent.Registered(id)).thenRun(_ -> {
            asked.add(id);
            register.replyTo().tell(new RegistryCommand.Registered(id));
        });
    }
}
