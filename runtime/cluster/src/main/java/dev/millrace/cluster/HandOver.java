// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.context.Entities;
import dev.millrace.cluster.member.Membership;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.cluster.placement.EvenPlacement;
import dev.millrace.engine.error.MillraceException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** How a node that is about to leave has its partitions and readers moved to others. */
final class HandOver {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SHARDS_TIMEOUT = Duration.ofSeconds(4);

    private final ActorSystem<?> system;
    private final Questions questions;
    private final Membership membership;

    HandOver(ActorSystem<?> system, Questions questions, Membership membership) {
        this.system = system;
        this.questions = questions;
        this.membership = membership;
    }

    /**
     * Has partitions and readers moved elsewhere, a few at a time; what is left after a while moves at once.
     *
     * @return false if nobody is there to take them: all other nodes are about to leave, too
     */
    boolean run() {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - until < 0) {
            try {
                RegistryCommand.Leaving leaving =
                        questions.registry(replyTo -> new RegistryCommand.Leave(membership.address(), replyTo));
                if (membership.isLast(leaving.nodes())) {
                    return false;
                }
                if (!hasToHandOver(Entities.PARTITION) && !hasToHandOver(Entities.READER)) {
                    break;
                }
                Thread.sleep(LOOK.toMillis());
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

    private boolean hasToHandOver(EntityTypeKey<?> kind) {
        try {
            return AskPattern.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>ask(
                    ClusterSharding.get(system).shardState(),
                    replyTo -> new GetShardRegionState(kind, replyTo), SHARDS_TIMEOUT, system.scheduler())
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
}
