// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.placement;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
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
public final class ShardPlacement extends ShardCoordinator.AbstractShardAllocationStrategy {
    private final Cluster cluster;
    private final int movesMax;
    private final Set<String> leavingNodes;
    private Map<ActorRef, IndexedSeq<String>> before = Map.of();

    /**
     * @param movesMax so many shards move at a time; 0 if they stay where they are as long as their node does
     * @param leavingNodes host and port of nodes that are about to leave
     */
    public ShardPlacement(Cluster cluster, int movesMax, Set<String> leavingNodes) {
        this.cluster = cluster;
        this.movesMax = movesMax;
        this.leavingNodes = leavingNodes;
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
        leavingNodes.retainAll(members());
        if (!moving.isEmpty() || movesMax == 0 || !cluster.state().getUnreachable().isEmpty()) {
            return Future.successful(Set.of());
        }
        Set<Address> staying = stayingNodes();
        if (!leavingNodes.isEmpty() && !staying.isEmpty()) {
            return Future.successful(leaving(current, staying));
        }
        boolean goodTime = unchanged && isSteady() && current.size() == staying.size();
        return Future.successful(
                goodTime ? EvenPlacement.moves(onNodes(current, null), movesMax) : Set.of());
    }

    /** What is to be moved next off the nodes that are about to leave. */
    private Set<String> leaving(Map<ActorRef, IndexedSeq<String>> current, Set<Address> staying) {
        return onNodes(current, null).entrySet().stream()
                .filter(region -> !staying.contains(address(region.getKey())))
                .flatMap(region -> region.getValue().stream())
                .filter(EvenPlacement::mayMove)
                .limit(movesMax)
                .collect(Collectors.toSet());
    }

    private Set<String> members() {
        Set<String> members = new HashSet<>();
        cluster.state().getMembers().forEach(member -> members.add(hostAndPort(member.address())));
        return members;
    }

    private static String hostAndPort(Address address) {
        return address.host().get() + ":" + address.port().get();
    }

    /** Whether nobody comes or goes: what is moved now need not move again in a moment. */
    private boolean isSteady() {
        for (Member member : cluster.state().getMembers()) {
            if (!member.status().equals(MemberStatus.up())) {
                return false;
            }
        }
        return true;
    }

    private Set<Address> stayingNodes() {
        Set<Address> staying = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (member.status().equals(MemberStatus.up())
                    && !leavingNodes.contains(hostAndPort(member.address()))) {
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
