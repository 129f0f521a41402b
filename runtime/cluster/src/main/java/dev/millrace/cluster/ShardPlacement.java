// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Carries out {@link EvenPlacement} for one kind of entities: a few moves at a time, and only while all nodes are up and
 * well.
 */
final class ShardPlacement extends ShardCoordinator.AbstractShardAllocationStrategy {
    private final Cluster cluster;
    private final int movesMax;
    private Map<ActorRef, IndexedSeq<String>> before = Map.of();

    /** @param movesMax so many shards move at a time; 0 if they stay where they are as long as their node does */
    ShardPlacement(Cluster cluster, int movesMax) {
        this.cluster = cluster;
        this.movesMax = movesMax;
    }

    @Override
    public Future<ActorRef> allocateShard(
            ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> current) {
        ActorRef staying = EvenPlacement.place(shard, onNodes(current, stayingNodes()));
        return Future.successful(staying != null ? staying : EvenPlacement.place(shard, onNodes(current, null)));
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> current, Set<String> moving) {
        // A node that has just handed over everything is about to end: nothing is to move to it.
        boolean unchanged = current.equals(before);
        before = Map.copyOf(current);
        boolean goodTime = unchanged && moving.isEmpty() && movesMax > 0 && isSteady()
                && current.size() == stayingNodes().size();
        return Future.successful(
                goodTime ? EvenPlacement.moves(onNodes(current, null), movesMax) : Set.of());
    }

    /** Whether nobody comes or goes: what is moved now need not move again in a moment. */
    private boolean isSteady() {
        ClusterEvent.CurrentClusterState state = cluster.state();
        for (Member member : state.getMembers()) {
            if (!member.status().equals(MemberStatus.up())) {
                return false;
            }
        }
        return state.getUnreachable().isEmpty();
    }

    private Set<Address> stayingNodes() {
        Set<Address> staying = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (member.status().equals(MemberStatus.up())) {
                staying.add(member.address());
            }
        }
        return staying;
    }

    /** In an order that is the same at each call. */
    private Map<ActorRef, Collection<String>> onNodes(Map<ActorRef, IndexedSeq<String>> current, Set<Address> nodes) {
        Map<ActorRef, Collection<String>> shards = new LinkedHashMap<>();
        current.entrySet().stream()
                .filter(region -> nodes == null || nodes.contains(address(region.getKey())))
                .sorted(Comparator.comparing(region -> address(region.getKey()).toString()))
                .forEach(region -> shards.put(region.getKey(), CollectionConverters.asJava(region.getValue())));
        return shards;
    }

    private Address address(ActorRef region) {
        Address address = region.path().address();
        return address.hasLocalScope() ? cluster.selfAddress() : address;
    }
}
