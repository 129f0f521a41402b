// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import dev.millrace.cluster.affinity.PinnedThreads;
import dev.millrace.cluster.context.Entities;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.deadletter.DeadLetters;
import dev.millrace.cluster.job.JobActor;
import dev.millrace.cluster.job.RegistryActor;
import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.cluster.partition.PartitionActor;
import dev.millrace.cluster.placement.OneShardEach;
import dev.millrace.cluster.placement.ShardPlacement;
import dev.millrace.cluster.reader.ReaderActor;
import dev.millrace.cluster.settings.EpochSettings;
import dev.millrace.cluster.settings.LaneOptions;
import dev.millrace.cluster.settings.RestartSettings;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.state.ChunkPool;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The actors of a node, started.
 *
 * @param system in which they live
 * @param context what they share
 * @param registry the registry of jobs, on whichever node it is
 */
record NodeActors(ActorSystem<Void> system, NodeContext context, ActorRef<RegistryCommand> registry) {
    private static final String SYSTEM_NAME = "millrace";
    private static final Duration FREE_INTERVAL = Duration.ofSeconds(1);

    /** Starts them; they have nothing to do before the node is one of a cluster. */
    static NodeActors start(NodeSettings settings, Connectors connectors, Config config, ChunkPool chunks) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), SYSTEM_NAME, config);
        if (settings.affinity()) {
            keepAffinity(system, settings.threads());
        }
        NodeContext context = context(system, settings, connectors, chunks);
        startSharding(system, context);
        ActorRef<RegistryCommand> registry = ClusterSingleton.get(system)
                .init(SingletonActor.of(RegistryActor.create(context, settings.resumesJobs()), "registry"));
        return new NodeActors(system, context, registry);
    }

    private static NodeContext context(
            ActorSystem<Void> system, NodeSettings settings, Connectors connectors, ChunkPool chunks) {
        Config config = system.settings().config();
        Address address = Cluster.get(system.classicSystem()).selfAddress();
        ActorRef<DeadLetterCommand> deadLetters = system.systemActorOf(
                DeadLetters.create(connectors, settings.deadLetterDirectory()), "dead-letters",
                DispatcherSelector.fromConfig(NodeContext.BLOCKING));
        return new NodeContext(
                address.host().get() + ":" + address.port().get(), new Entities(ClusterSharding.get(system)),
                connectors, deadLetters, alarms(system), RestartSettings.of(config), EpochSettings.of(config),
                chunks, LaneOptions.of(config), ConcurrentHashMap.newKeySet());
    }

    private static void startSharding(ActorSystem<Void> system, NodeContext context) {
        ClusterSharding sharding = ClusterSharding.get(system);
        Cluster cluster = Cluster.get(system.classicSystem());
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
}
