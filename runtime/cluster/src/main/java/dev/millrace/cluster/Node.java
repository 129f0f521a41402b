// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.StatePlace;
import dev.millrace.checkpointing.StateStore;
import dev.millrace.cluster.client.ClientActor;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.client.LocalJob;
import dev.millrace.cluster.client.ResultConsumer;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.job.JobSize;
import dev.millrace.cluster.member.Membership;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Moves;
import dev.millrace.cluster.status.NodeReadiness;
import dev.millrace.cluster.status.NodeStatus;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;

/** A Millrace node in this process: a cluster of one until others join, or one of several. */
public final class Node implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private final ActorSystem<Void> system;
    private final NodeContext context;
    private final StateStore store;
    private final Membership membership;
    private final Questions questions;
    private final JobNames names;
    private final Savepoints savepoints;
    private final boolean resumesJobs;
    private final CompletableFuture<Void> ended;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean last;
    private final ConcurrentLinkedQueue<LocalJob> jobs = new ConcurrentLinkedQueue<>();
    private volatile boolean hasBeenUp;

    private Node(NodeActors actors, StateStore store, Membership membership, boolean resumesJobs) {
        system = actors.system();
        context = actors.context();
        this.store = store;
        this.membership = membership;
        questions = new Questions(system, actors.registry(), context.entities());
        names = new JobNames(questions);
        savepoints = new Savepoints(system, questions, names);
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
        NodeActors actors = NodeActors.start(
                settings, connectors, NodeConfig.of(settings, store, overrides), store.chunks());
        Membership membership = Membership.begin(actors.system(), store, settings.seeds());
        return new Node(actors, store, membership, settings.resumesJobs());
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
        return questions.await(questions.job(names.find(name), JobCommand.ListMoves::new)).moves();
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
        Savepoint savepoint = savepoints.startingPoint(plan);
        JobId id = plan.name().isEmpty()
                ? new JobId(JobId.NAMELESS + UUID.randomUUID().toString().replace("-", ""), 1, "")
                : names.register(plan.name());
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

    /** All named jobs that this node's cluster knows, in order of their names. Waits for their answers. */
    public List<JobStatus> jobs() {
        List<CompletableFuture<JobCommand.JobStatusReply>> replies = names.all().stream()
                .map(id -> questions.job(id, JobCommand.Describe::new))
                .toList();
        return replies.stream().map(reply -> questions.await(reply).status()).filter(Objects::nonNull).toList();
    }

    /**
     * A job by its name. Waits for its answer.
     *
     * @throws MillraceException if there is none ({@link ErrorCode#JOB_NOT_FOUND})
     */
    public JobStatus job(String name) {
        return found(name, questions.await(questions.job(names.find(name), JobCommand.Describe::new)).status());
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
        questions.await(questions.once(names.find(name), JobCommand.Drop::new));
        names.forget(name);
    }

    /**
     * Keeps the state of a running job, at one cut of its inputs, under a name. The job goes on, after a moment in which
     * it reads nothing. Returns when all is durable.
     *
     * @throws MillraceException if the job does not run, the name is taken, or partitions can't be brought to one cut in
     *     time, for example because their target is away
     */
    public Savepoint createSavepoint(SavepointName name) {
        return savepoints.take(name, false);
    }

    /**
     * The same, and the job stops at the cut. Returns when it has.
     *
     * @throws MillraceException as {@link #createSavepoint}; the job goes on then
     */
    public Savepoint stopWithSavepoint(SavepointName name) {
        Savepoint savepoint = savepoints.take(name, true);
        stop(name.job());
        return savepoint;
    }

    /**
     * Gives a running job other options; if their number of partitions is another one, the job goes on from a savepoint on
     * them. Returns when it does.
     *
     * @param options the options that change, by name
     * @throws MillraceException if the job does not run or can't be brought to a cut; it goes on as it was then
     */
    public void alter(String name, Map<String, String> options) {
        savepoints.alter(name, options);
    }

    /** All savepoints, also of jobs that are gone, the oldest first. */
    public List<Savepoint> savepoints() {
        return savepoints.all();
    }

    /** @throws MillraceException if there is none of this name */
    public Savepoint savepoint(SavepointName name) {
        return savepoints.find(name);
    }

    /**
     * Deletes a savepoint.
     *
     * @throws MillraceException if there is none of this name
     */
    public void dropSavepoint(SavepointName name) {
        savepoints.drop(name);
    }

    /**
     * The plan of a job.
     *
     * @throws MillraceException if there is no such job
     */
    public JobPlan plan(String name) {
        return found(name, questions.await(questions.job(names.find(name), JobCommand.DescribePlan::new)).plan());
    }

    private JobStatus order(String name, Function<ActorRef<JobCommand.JobStatusReply>, JobCommand> command) {
        return found(name, questions.await(questions.order(names.find(name), command)).status());
    }

    /** What a job has answered that was known to the registry, but may be gone meanwhile. */
    private <T> T found(String name, T answer) {
        if (answer == null) {
            throw names.notFound(name);
        }
        return answer;
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
            return questions.registryAnswers(registryTimeout)
                    .thenApply(answers -> answers ? NodeReadiness.READY : NodeReadiness.WITHOUT_REGISTRY);
        }
        // A member that has not joined yet is told as removed.
        return CompletableFuture.completedStage(hasBeenUp ? NodeReadiness.LEAVING : NodeReadiness.STARTING);
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
        last = membership.isLast(Set.of()) || isMember() && !new HandOver(system, questions, membership).run();
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
            // A node that the others have taken out waits for nobody: its jobs go on elsewhere.
            CompletableFuture.anyOf(CompletableFuture.allOf(ending.toArray(CompletableFuture<?>[]::new)), ended)
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
            return names.all().stream().map(this::rest).toList();
        } catch (MillraceException e) {
            system.log().warn("the registry gives no answer; jobs go on from their last checkpoint", e);
            return List.of();
        }
    }

    /** The job does nothing until the next process. */
    private CompletableFuture<JobCommand.JobStatusReply> rest(JobId id) {
        return questions.once(id, replyTo -> new JobCommand.Stop(JobState.RUNNING, replyTo));
    }

    /** Else it has nothing to stop, and nobody to ask. */
    private boolean isMember() {
        return joined().isDone() && !joined().isCompletedExceptionally() && !ended().isDone();
    }
}
