// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.StatePlace;
import dev.millrace.checkpointing.StateStore;
import dev.millrace.cluster.affinity.PinnedExecutor;
import dev.millrace.cluster.affinity.PinnedThreads;
import dev.millrace.cluster.client.ClientActor;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.client.LocalJob;
import dev.millrace.cluster.client.ResultConsumer;
import dev.millrace.cluster.context.Entities;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.deadletter.DeadLetters;
import dev.millrace.cluster.job.ImageStore;
import dev.millrace.cluster.job.JobActor;
import dev.millrace.cluster.job.JobSize;
import dev.millrace.cluster.job.RegistryActor;
import dev.millrace.cluster.member.Membership;
import dev.millrace.cluster.member.NodeTls;
import dev.millrace.cluster.member.SameState;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.partition.PartitionActor;
import dev.millrace.cluster.placement.EvenPlacement;
import dev.millrace.cluster.placement.OneShardEach;
import dev.millrace.cluster.placement.ShardPlacement;
import dev.millrace.cluster.reader.ReaderActor;
import dev.millrace.cluster.settings.EpochSettings;
import dev.millrace.cluster.settings.LaneOptions;
import dev.millrace.cluster.settings.RestartSettings;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Moves;
import dev.millrace.cluster.status.NodeReadiness;
import dev.millrace.cluster.status.NodeStatus;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.upgrade.SavepointName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/** A Millrace node in this process: a cluster of one until others join, or one of several. */
public final class Node implements AutoCloseable {
    private static final String SYSTEM_NAME = "millrace";
    /** Who waits for an answer looks so often whether the node is still there. */
    private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(4);
    private static final int REGISTRY_TRIES = 5;
    private static final int JOB_TRIES = 15;
    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(15);
    private static final int ORDER_TRIES = 4;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    /** With so many seeds at most the oldest node decides which side of a cut cluster goes on. */
    private static final int OLDEST_DECIDES_MAX = 3;
    private static final Duration HAND_OVER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration HAND_OVER_LOOK = Duration.ofMillis(100);
    private static final Duration FREE_INTERVAL = Duration.ofSeconds(1);

    private final ActorSystem<Void> system;
    private final NodeContext context;
    private final ActorRef<RegistryCommand> registry;
    private final StateStore store;
    private final Membership membership;
    private final boolean resumesJobs;
    private final CompletableFuture<Void> ended;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean last;
    private final ConcurrentLinkedQueue<LocalJob> jobs = new ConcurrentLinkedQueue<>();
    private volatile boolean hasBeenUp;

    private Node(
            ActorSystem<Void> system, NodeContext context, ActorRef<RegistryCommand> registry, StateStore store,
            Membership membership, boolean resumesJobs) {
        this.system = system;
        this.context = context;
        this.registry = registry;
        this.store = store;
        this.membership = membership;
        this.resumesJobs = resumesJobs;
        // Each one that Pekko gives is done a moment later than those before it.
        ended = system.getWhenTerminated().toCompletableFuture().thenApply(_ -> null);
    }

    /**
     * Starts the node. Jobs may be submitted at once; they begin when it is one of a cluster: without seeds in a moment,
     * else as {@link #joined} tells.
     *
     * @throws MillraceException if the place of the state is in use or can't be written
     */
    public static Node start(NodeSettings settings, Connectors connectors) {
        return start(settings, connectors, ConfigFactory.empty());
    }

    /**
     * Starts the node with settings of Pekko's that go before Millrace's own.
     *
     * @throws MillraceException if the place of the state is in use or can't be written
     */
    public static Node start(NodeSettings settings, Connectors connectors, Config overrides) {
        if (!settings.seeds().isEmpty() && settings.state() instanceof StatePlace.Memory) {
            throw new MillraceException(
                    ErrorCode.USAGE, "a node of a cluster can't keep its state in memory",
                    "name a directory on a shared volume, or a database");
        }
        StateStore store = StateStore.open(settings.state(), settings.use());
        boolean started = false;
        try {
            Node node = start(settings, connectors, overrides, store);
            started = true;
            return node;
        } finally {
            if (!started) {
                store.close();
            }
        }
    }

    private static Node start(
            NodeSettings settings, Connectors connectors, Config overrides, StateStore store) {
        Config config = overrides.withFallback(config(settings, store));
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), SYSTEM_NAME, NodeTls.settings(config).withFallback(config));
        if (settings.affinity()) {
            keepAffinity(system, settings.threads());
        }
        ClusterSharding sharding = ClusterSharding.get(system);
        Cluster cluster = Cluster.get(system.classicSystem());
        ActorRef<DeadLetterCommand> deadLetters = system.systemActorOf(
                DeadLetters.create(connectors, settings.deadLetterDirectory()), "dead-letters",
                DispatcherSelector.fromConfig(NodeContext.BLOCKING));
        NodeContext context =
                new NodeContext(address(cluster), new Entities(sharding), connectors, deadLetters, alarms(system),
                        RestartSettings.of(system.settings().config()),
                        EpochSettings.of(system.settings().config()),
                        LaneOptions.of(system.settings().config()), ConcurrentHashMap.newKeySet());
        DispatcherSelector work = DispatcherSelector.fromConfig(NodeContext.WORK);
        int movesMax = system.settings().config().getInt("millrace.placement.moves-max");
        sharding.init(Entity.of(Entities.JOB, entity -> JobActor.create(entity.getEntityId(), context))
                .withStopMessage(new JobCommand.HandOff())
                // Wherever it is, it has little to do; who leads does not move as long as it can stay.
                .withAllocationStrategy(new ShardPlacement(cluster, 0, context.leavingNodes()))
                .withMessageExtractor(new OneShardEach<>()));
        sharding.init(Entity.of(Entities.READER, _ -> ReaderActor.create(context))
                .withStopMessage(new ReaderCommand.HandOff())
                .withEntityProps(work)
                .withAllocationStrategy(new ShardPlacement(cluster, movesMax, context.leavingNodes()))
                .withMessageExtractor(new OneShardEach<>()));
        sharding.init(Entity.of(Entities.PARTITION, _ -> PartitionActor.create(context))
                .withStopMessage(new PartitionCommand.HandOff())
                .withEntityProps(work)
                .withAllocationStrategy(new ShardPlacement(cluster, movesMax, context.leavingNodes()))
                .withMessageExtractor(new OneShardEach<>()));
        ActorRef<RegistryCommand> registry =
                ClusterSingleton.get(system)
                        .init(SingletonActor.of(RegistryActor.create(context, settings.resumesJobs()), "registry"));
        Membership membership = Membership.begin(system, store, settings.seeds());
        return new Node(system, context, registry, store, membership, settings.resumesJobs());
    }

    private static String address(Cluster cluster) {
        Address address = cluster.selfAddress();
        return address.host().get() + ":" + address.port().get();
    }

    /** One thread, which ends with the system. */
    private static ScheduledExecutorService alarms(ActorSystem<Void> system) {
        ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("millrace-alarms").factory());
        system.getWhenTerminated().thenRun(alarms::shutdownNow);
        return alarms;
    }

    /** The threads pin themselves as they start; what they start in their turn is let free again. */
    private static void keepAffinity(ActorSystem<Void> system, int threads) {
        PinnedThreads pinned = PinnedThreads.ofProcess();
        int cpus = pinned.cpus();
        if (cpus == 0) {
            system.log().warn("affinity: this system does not let threads be pinned; they run wherever it lets them");
            return;
        }
        if (cpus < threads) {
            system.log().warn("affinity: {} threads share the {} CPUs that this process may use", threads, cpus);
        }
        system.scheduler()
                .scheduleAtFixedRate(FREE_INTERVAL, FREE_INTERVAL, pinned::freeHeirs, system.executionContext());
    }

    private static Config config(NodeSettings settings, StateStore store) {
        return ConfigFactory.parseMap(Map.of(
                "pekko.remote.artery.canonical.hostname", settings.host(),
                "pekko.remote.artery.canonical.port", settings.port(),
                "millrace.dispatchers.work.fork-join-executor.parallelism-min", settings.threads(),
                "millrace.dispatchers.work.fork-join-executor.parallelism-max", settings.threads(),
                SameState.IDENTITY, store.identity(),
                "pekko.cluster.split-brain-resolver.active-strategy", splitBrainStrategy(settings)))
                .withFallback(store.config())
                .withFallback(pinning(settings))
                .withFallback(ConfigFactory.parseResourcesAnySyntax(Node.class.getClassLoader(), "millrace-node"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    /**
     * Up to three nodes it is the oldest whose side goes on, unless it is alone on it: that is the majority of three, and
     * works with two. Of more nodes the oldest and one other may be lost at a time, and the rest has to go on.
     */
    private static String splitBrainStrategy(NodeSettings settings) {
        return settings.seeds().size() > OLDEST_DECIDES_MAX ? "keep-majority" : "keep-oldest";
    }

    private static Config pinning(NodeSettings settings) {
        boolean pins = settings.affinity() && PinnedThreads.ofProcess().cpus() > 0;
        return pins
                ? ConfigFactory.parseMap(Map.of("millrace.dispatchers.work.executor", PinnedExecutor.class.getName()))
                : ConfigFactory.empty();
    }

    /** Completes when the node is one of a cluster; exceptionally, with the reason, if it can't be. */
    public CompletableFuture<Void> joined() {
        return membership.joined();
    }

    /** Completes when the node has ended, by {@link #close} or because the others have taken it out of the cluster. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Whether the node, which has been closed, was the last one of its cluster: nobody goes on with its jobs for now. */
    public boolean wasLast() {
        return last;
    }

    /** Host and port by which other nodes know this one. */
    public String address() {
        return context.address();
    }

    /** The nodes of the cluster, the oldest first. Waits for the answers of all jobs. */
    public List<NodeStatus> nodes() {
        List<JobStatus> jobs = jobs();
        return membership.nodes().stream().map(node -> {
            int partitions = 0;
            int readers = 0;
            for (JobStatus job : jobs) {
                boolean runs = !job.state().isTerminal() && job.state() != JobState.PAUSED;
                partitions += runs ? (int) job.partitions().stream()
                        .filter(partition -> node.address().equals(partition.node())).count() : 0;
                readers += (int) job.readers().stream()
                        .filter(reader -> node.address().equals(reader.node())).count();
            }
            return new NodeStatus(
                    node.address(), node.state(), node.sinceMillis(), node.self(), node.oldest(), partitions, readers);
        }).toList();
    }

    /**
     * How a job's partitions and readers have moved.
     *
     * @throws MillraceException if there is no such job
     */
    public Moves moves(String name) {
        return await(question(find(name), JobCommand.ListMoves::new)).moves();
    }

    /** The node's actors, for others that live in this process: it ends with {@link #close}. */
    public ActorSystem<Void> system() {
        return system;
    }

    /**
     * Starts a job, or goes on with the job of this name.
     *
     * @param plan the plan; without a name it is a nameless job without checkpoints
     * @param consumer the client of a SELECT, or null if the target is a table
     * @return the job; that its sources can't be resolved, that a job of this name with other SQL exists, or that the
     *     savepoint from which it shall start does not fit, is its outcome
     * @throws MillraceException if there is no such savepoint, or the plan is too large to be sent to another node
     */
    public JobHandle submit(JobPlan plan, ResultConsumer consumer) {
        JobSize.check(system, plan, List.of());
        Savepoint savepoint = startingPoint(plan);
        JobId id = plan.name().isEmpty()
                ? new JobId(JobId.NAMELESS + UUID.randomUUID().toString().replace("-", ""), 1, "")
                : register(plan.name());
        ActorRef<ClientCommand> client = consumer == null
                ? null
                : system.systemActorOf(
                        ClientActor.create(consumer),
                        "client-" + id.unique(),
                        DispatcherSelector.fromConfig(NodeContext.BLOCKING));
        LocalJob job = LocalJob.start(id, plan, savepoint, client, system, context.entities());
        jobs.add(job);
        job.outcome().thenRun(() -> jobs.remove(job));
        return job;
    }

    /** The savepoint from which a job shall start, or null; one that has started from it goes on where it stands. */
    private Savepoint startingPoint(JobPlan plan) {
        String named = plan.options().get(SavepointName.OPTION);
        if (named == null || plan.name().isEmpty()) {
            return null;
        }
        JobPlan known = names().stream()
                .filter(id -> id.name().equals(plan.name()))
                .findFirst()
                .map(id -> await(question(id, JobCommand.DescribePlan::new)).plan())
                .orElse(null);
        boolean begun = known != null && known.sql().equals(plan.sql())
                && named.equals(known.options().get(SavepointName.OPTION));
        return begun ? null : savepoint(SavepointName.parse(named, plan.name()));
    }

    private JobId register(String name) {
        return this.<RegistryCommand.Registered>askRegistry(replyTo -> new RegistryCommand.Register(name, replyTo))
                .id();
    }

    /** All named jobs that this node's cluster knows, in order of their names. Waits for their answers. */
    public List<JobStatus> jobs() {
        List<CompletableFuture<JobCommand.JobStatusReply>> replies = names().stream()
                .map(id -> question(id, JobCommand.Describe::new))
                .toList();
        return replies.stream().map(reply -> await(reply).status()).filter(Objects::nonNull).toList();
    }

    /**
     * A job by its name. Waits for its answer.
     *
     * @throws MillraceException if there is none ({@link ErrorCode#JOB_NOT_FOUND})
     */
    public JobStatus job(String name) {
        JobStatus status = await(question(find(name), JobCommand.Describe::new)).status();
        if (status == null) {
            throw notFound(name);
        }
        return status;
    }

    /**
     * Ends the job's epochs and lets it rest; {@link #resume} goes on. Returns when it rests.
     *
     * @return the job afterwards
     * @throws MillraceException if there is no such job
     */
    public JobStatus pause(String name) {
        return order(name, replyTo -> new JobCommand.Stop(JobState.PAUSED, replyTo));
    }

    /**
     * Lets a paused, stopped or failed job go on where it stood.
     *
     * @return the job afterwards
     * @throws MillraceException if there is no such job
     */
    public JobStatus resume(String name) {
        return order(name, JobCommand.Resume::new);
    }

    /**
     * Ends the job's epochs and stops it, until somebody resumes it. Returns when it has stopped.
     *
     * @return the job afterwards
     * @throws MillraceException if there is no such job
     */
    public JobStatus stop(String name) {
        return order(name, replyTo -> new JobCommand.Stop(JobState.STOPPED, replyTo));
    }

    /**
     * Stops the job at once and forgets it: its name is free.
     *
     * @throws MillraceException if there is no such job
     */
    public void drop(String name) {
        await(ask(find(name), JobCommand.Drop::new));
        this.<RegistryCommand.Jobs>askRegistry(replyTo -> new RegistryCommand.Forget(name, replyTo));
    }

    /**
     * Keeps the state of a running job, at one cut of its inputs, under a name. The job goes on, after a moment in which
     * it reads nothing. Returns when all is durable.
     *
     * @throws MillraceException if the job does not run, the name is taken, or partitions can't be brought to one cut in
     *     time, for example because their target is away
     */
    public Savepoint createSavepoint(SavepointName name) {
        return takeSavepoint(name, false);
    }

    /**
     * The same, and the job stops at the cut. Returns when it has.
     *
     * @throws MillraceException as {@link #createSavepoint}; the job goes on then
     */
    public Savepoint stopWithSavepoint(SavepointName name) {
        Savepoint savepoint = takeSavepoint(name, true);
        stop(name.job());
        return savepoint;
    }

    private Savepoint takeSavepoint(SavepointName name, boolean stops) {
        JobId id = find(name.job());
        if (savepoints().stream().anyMatch(savepoint -> isNamed(savepoint, name))) {
            throw new MillraceException(
                    ErrorCode.SAVEPOINT_EXISTS, "savepoint \"" + name + "\" exists",
                    "take another name, or DROP SAVEPOINT '" + name.savepoint() + "' FOR JOB " + name.job());
        }
        Savepoint taken = taken(id, replyTo -> new JobCommand.TakeSavepoint(name.savepoint(), stops, replyTo));
        this.<RegistryCommand.Savepoints>askRegistry(replyTo -> new RegistryCommand.KeepSavepoint(taken, replyTo));
        return taken;
    }

    private Savepoint taken(JobId id, Function<ActorRef<JobCommand.SavepointReply>, JobCommand> command) {
        JobCommand.SavepointReply reply = await(ask(id, command));
        if (reply.savepoint() == null) {
            throw new MillraceException(
                    reply.code(), "the savepoint was not taken: " + reply.reason(),
                    "the job goes on; try again when the cause is gone");
        }
        return reply.savepoint();
    }

    /**
     * Gives a running job other options; if their number of partitions is another one, the job goes on from a savepoint on
     * them. Returns when it does.
     *
     * @param options the options that change, by name
     * @throws MillraceException if the job does not run or can't be brought to a cut; it goes on as it was then
     */
    public void alter(String name, Map<String, String> options) {
        taken(find(name), replyTo -> new JobCommand.Alter(options, replyTo));
    }

    /** All savepoints, also of jobs that are gone, the oldest first. */
    public List<Savepoint> savepoints() {
        return this.<RegistryCommand.Savepoints>askRegistry(RegistryCommand.ListSavepoints::new).savepoints();
    }

    /** @throws MillraceException if there is none of this name */
    public Savepoint savepoint(SavepointName name) {
        List<Savepoint> all = savepoints();
        return all.stream().filter(savepoint -> isNamed(savepoint, name)).findFirst().orElseThrow(() -> {
            List<String> known = all.stream().map(Savepoint::fullName).map(SavepointName::toString).toList();
            return new MillraceException(
                    ErrorCode.SAVEPOINT_NOT_FOUND, "savepoint \"" + name + "\" not found",
                    NearestName.hint(name.toString(), known, "savepoints"));
        });
    }

    private static boolean isNamed(Savepoint savepoint, SavepointName name) {
        return savepoint.fullName().equals(name);
    }

    /**
     * Deletes a savepoint.
     *
     * @throws MillraceException if there is none of this name
     */
    public void dropSavepoint(SavepointName name) {
        Savepoint savepoint = savepoint(name);
        this.<RegistryCommand.Savepoints>askRegistry(
                replyTo -> new RegistryCommand.ForgetSavepoint(savepoint.unique(), replyTo));
        new ImageStore(system).deleteAll(savepoint);
    }

    /**
     * The plan of a job.
     *
     * @throws MillraceException if there is no such job
     */
    public JobPlan plan(String name) {
        JobPlan plan = await(question(find(name), JobCommand.DescribePlan::new)).plan();
        if (plan == null) {
            throw notFound(name);
        }
        return plan;
    }

    /** An order that may come twice: it is given again when there is no answer, since the job may have moved meanwhile. */
    private JobStatus order(String name, Function<ActorRef<JobCommand.JobStatusReply>, JobCommand> command) {
        JobId id = find(name);
        JobStatus status = await(again(
                () -> context.entities().job(id).<JobCommand.JobStatusReply>ask(command::apply, ORDER_TIMEOUT)
                        .toCompletableFuture(),
                ORDER_TRIES)).status();
        if (status == null) {
            throw notFound(name);
        }
        return status;
    }

    private JobId find(String name) {
        return names().stream().filter(id -> id.name().equals(name)).findFirst().orElseThrow(() -> notFound(name));
    }

    private MillraceException notFound(String name) {
        List<String> known = names().stream().map(JobId::name).filter(other -> !other.equals(name)).toList();
        return new MillraceException(
                ErrorCode.JOB_NOT_FOUND, "job \"" + name + "\" not found", NearestName.hint(name, known, "jobs"));
    }

    /**
     * Whether this node can take what is asked of it.
     *
     * @param registryTimeout how long the registry of jobs may take to answer
     */
    public CompletionStage<NodeReadiness> readiness(Duration registryTimeout) {
        MemberStatus status = Cluster.get(system).selfMember().status();
        if (status == MemberStatus.up()) {
            hasBeenUp = true;
            return AskPattern.<RegistryCommand, RegistryCommand.Jobs>ask(
                    registry, RegistryCommand.List::new, registryTimeout, system.scheduler())
                    .handle((jobs, _) -> jobs == null ? NodeReadiness.WITHOUT_REGISTRY : NodeReadiness.READY);
        }
        // A member that has not joined yet is told as removed.
        return CompletableFuture.completedStage(hasBeenUp ? NodeReadiness.LEAVING : NodeReadiness.STARTING);
    }

    private List<JobId> names() {
        return this.<RegistryCommand.Jobs>askRegistry(RegistryCommand.List::new).jobs();
    }

    private <R> R askRegistry(Function<ActorRef<R>, RegistryCommand> command) {
        return await(again(
                () -> AskPattern.<RegistryCommand, R>ask(
                        registry, command::apply, QUESTION_TIMEOUT, system.scheduler()).toCompletableFuture(),
                REGISTRY_TRIES));
    }

    /** What may be asked twice is asked again when there is no answer: a message may get lost while its receiver moves. */
    private <R> CompletableFuture<R> question(JobId id, Function<ActorRef<R>, JobCommand> command) {
        return again(
                () -> context.entities().job(id).<R>ask(command::apply, QUESTION_TIMEOUT).toCompletableFuture(),
                JOB_TRIES);
    }

    private static <R> CompletableFuture<R> again(Supplier<CompletableFuture<R>> question, int tries) {
        CompletableFuture<R> answer = question.get();
        return tries <= 1 ? answer : answer.exceptionallyCompose(_ -> again(question, tries - 1));
    }

    private <R> CompletableFuture<R> ask(JobId id, Function<ActorRef<R>, JobCommand> command) {
        return context.entities().job(id).<R>ask(command::apply, STOP_TIMEOUT).toCompletableFuture();
    }

    private <T> T await(CompletableFuture<T> answer) {
        while (true) {
            try {
                return answer.get(LOOK_AFTER.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                // With the system its clock ends, too, and nothing would ever end the wait.
                if (system.getWhenTerminated().toCompletableFuture().isDone()) {
                    throw unanswered("the node has ended", null);
                }
            } catch (ExecutionException e) {
                throw unanswered(e.getCause().getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unanswered("interrupted", e);
            }
        }
    }

    private static MillraceException unanswered(String reason, Exception cause) {
        return new MillraceException(
                ErrorCode.JOB_FAILED,
                "no answer: " + reason,
                null,
                "the state may be damaged or slow, or a node is lost; see the log. Whether it was carried out, or "
                        + "still will be, is not known: look with millrace jobs",
                cause);
    }

    /**
     * Ends the node in order. The last one of its cluster stops all jobs first, each with a checkpoint; one of several
     * hands over what it has to the others.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            end();
        }
    }

    private void end() {
        List<CompletableFuture<?>> ending = new ArrayList<>();
        for (LocalJob job : jobs) {
            if (!store.durable() || job.name().isEmpty()) {
                // Nobody will go on with it, so it need not be created first if it has not begun.
                job.stop();
                ending.add(job.outcome());
            }
        }
        last = membership.isLast(Set.of()) || isMember() && !handOver();
        if (last && store.durable()) {
            jobs.stream().filter(job -> !job.name().isEmpty()).forEach(job -> {
                job.rest();
                ending.add(job.outcome());
            });
        }
        if (last && resumesJobs && isMember()) {
            ending.addAll(restAll());
        }
        try {
            CompletableFuture.allOf(ending.toArray(CompletableFuture<?>[]::new))
                    .get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            system.log()
                    .warn(
                            "not all jobs have stopped in {} s; they go on from their last checkpoint",
                            STOP_TIMEOUT.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (membership.isLast(Set.of())) {
            // Nobody is there to hand anything to.
            system.terminate();
        } else {
            CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
        }
        try {
            system.getWhenTerminated().toCompletableFuture().get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            system.log().warn("the node has not ended in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private List<CompletableFuture<JobCommand.JobStatusReply>> restAll() {
        try {
            return names().stream().map(this::rest).toList();
        } catch (MillraceException e) {
            system.log().warn("the registry gives no answer; jobs go on from their last checkpoint", e);
            return List.of();
        }
    }

    /** The job does nothing until the next process. */
    private CompletableFuture<JobCommand.JobStatusReply> rest(JobId id) {
        return ask(id, replyTo -> new JobCommand.Stop(JobState.RUNNING, replyTo));
    }

    /**
     * Has partitions and readers moved elsewhere, a few at a time; what is left after a while moves at once.
     *
     * @return false if nobody is there to take them: all other nodes are about to leave, too
     */
    private boolean handOver() {
        long until = System.nanoTime() + HAND_OVER_TIMEOUT.toNanos();
        while (System.nanoTime() - until < 0) {
            try {
                RegistryCommand.Leaving leaving =
                        askRegistry(replyTo -> new RegistryCommand.Leave(address(), replyTo));
                if (membership.isLast(leaving.nodes())) {
                    return false;
                }
                if (!hasToHandOver()) {
                    break;
                }
                Thread.sleep(HAND_OVER_LOOK.toMillis());
            } catch (MillraceException e) {
                system.log().warn("the registry gives no answer; the node leaves without it", e);
                break;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return true;
    }

    private boolean hasToHandOver() {
        return hasToHandOver(Entities.PARTITION) || hasToHandOver(Entities.READER);
    }

    private boolean hasToHandOver(EntityTypeKey<?> kind) {
        try {
            return AskPattern.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>ask(
                    ClusterSharding.get(system).shardState(),
                    replyTo -> new GetShardRegionState(kind, replyTo), QUESTION_TIMEOUT, system.scheduler())
                    .toCompletableFuture()
                    .join()
                    .getShards()
                    .stream()
                    .anyMatch(shard -> EvenPlacement.mayMove(shard.shardId()) && !shard.getEntityIds().isEmpty());
        } catch (CompletionException e) {
            system.log().warn("it is not known what there is to be handed over: {}", e.getCause().toString());
            return false;
        }
    }

    /** Else it has nothing to stop, and nobody to ask. */
    private boolean isMember() {
        return joined().isDone() && !joined().isCompletedExceptionally() && !ended().isDone();
    }
}
