// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.member;

import dev.millrace.checkpointing.StateStore;
import dev.millrace.cluster.status.NodeState;
import dev.millrace.cluster.status.NodeStatus;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.Subscribe;

/** How a node becomes one of a cluster, and who the others are. */
public final class Membership {
    private record Seen(NodeState state, long sinceMillis) {}

    private final ActorSystem<Void> system;
    private final Cluster cluster;
    private final StateStore store;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    private Membership(ActorSystem<Void> system, StateStore store) {
        this.system = system;
        this.store = store;
        cluster = Cluster.get(system);
    }

    /**
     * Joins the cluster of the seeds, or begins one.
     *
     * @param seeds nodes by any of which the cluster is found; the first may begin one when it finds no other. None: the
     *     node begins one at once
     */
    public static Membership begin(ActorSystem<Void> system, StateStore store, List<NodeAddress> seeds) {
        Membership membership = new Membership(system, store);
        system.systemActorOf(membership.follow(), "membership", Props.empty());
        system.getWhenTerminated()
                .whenComplete((_, _) -> membership.joined.completeExceptionally(membership.refusal()));
        if (seeds.isEmpty()) {
            membership.cluster.manager().tell(new Join(membership.cluster.selfMember().address()));
        } else {
            membership.cluster.manager().tell(new JoinSeedNodes(seeds.stream().map(membership::address).toList()));
        }
        return membership;
    }

    private Address address(NodeAddress seed) {
        Address self = cluster.selfMember().address();
        return new Address(self.protocol(), self.system(), seed.host(), seed.port());
    }

    /** Why the node has ended before it was one of a cluster. */
    private MillraceException refusal() {
        Optional<CoordinatedShutdown.Reason> reason = CoordinatedShutdown.get(system).getShutdownReason();
        boolean incompatible = reason.isPresent()
                && reason.get().equals(CoordinatedShutdown.incompatibleConfigurationDetectedReason());
        return incompatible
                ? new MillraceException(
                        ErrorCode.CLUSTER_REFUSED,
                        "the cluster of the seeds does not take this node: it keeps its state elsewhere, or other "
                                + "settings of the two differ that must not",
                        "give all nodes the same --state (a directory on a shared volume, or a database) and as many "
                                + "seeds; the log names the setting")
                : new MillraceException(
                        ErrorCode.CLUSTER_REFUSED, "the node has ended before it was one of a cluster",
                        "the log tells more");
    }

    private Behavior<ClusterEvent.ClusterDomainEvent> follow() {
        return Behaviors.setup(context -> {
            cluster.subscriptions().tell(Subscribe.create(context.getSelf(), ClusterEvent.ClusterDomainEvent.class));
            return Behaviors.receive(ClusterEvent.ClusterDomainEvent.class)
                    .onMessage(ClusterEvent.ClusterDomainEvent.class, event -> {
                        onEvent(event);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private void onEvent(ClusterEvent.ClusterDomainEvent event) {
        switch (event) {
            case ClusterEvent.MemberUp up -> {
                see();
                if (up.member().uniqueAddress().equals(cluster.selfMember().uniqueAddress())) {
                    join(up.member());
                }
            }
            case ClusterEvent.MemberEvent _ -> see();
            case ClusterEvent.ReachabilityEvent _ -> see();
            default -> {
            }
        }
    }

    private void join(Member self) {
        try {
            // The first of all members has number 1, and no later one has.
            store.join(self.upNumber() == 1);
            joined.complete(null);
        } catch (MillraceException e) {
            joined.completeExceptionally(e);
            system.terminate();
        }
    }

    /** Notes since when who is what. */
    private void see() {
        long now = System.currentTimeMillis();
        Set<String> there = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            String address = address(member);
            there.add(address);
            seen.compute(address, (_, before) -> before != null && before.state() == state(member)
                    ? before
                    : new Seen(state(member), now));
        }
        seen.keySet().retainAll(there);
    }

    /** Completes when the node is one of a cluster; if it can't be, with the reason. */
    public CompletableFuture<Void> joined() {
        return joined;
    }

    /** The nodes, the oldest first; what they have to do is not known here. */
    public List<NodeStatus> nodes() {
        List<Member> members = new ArrayList<>();
        cluster.state().getMembers().forEach(members::add);
        members.sort(Comparator.comparingInt(Member::upNumber));
        List<NodeStatus> nodes = new ArrayList<>();
        for (Member member : members) {
            String address = address(member);
            NodeState state = state(member);
            Seen noted = seen.get(address);
            nodes.add(new NodeStatus(
                    address, state,
                    noted == null || noted.state() != state ? System.currentTimeMillis() : noted.sinceMillis(),
                    member.uniqueAddress().equals(cluster.selfMember().uniqueAddress()),
                    nodes.isEmpty(), 0, 0));
        }
        return nodes;
    }

    /** Host and port of this node. */
    public String address() {
        return address(cluster.selfMember());
    }

    /**
     * Whether no other node is there that could go on with what this one does.
     *
     * @param leaving nodes that are about to leave, too
     */
    public boolean isLast(Set<String> leaving) {
        for (Member member : cluster.state().getMembers()) {
            if (!member.uniqueAddress().equals(cluster.selfMember().uniqueAddress())
                    && state(member) == NodeState.UP && !leaving.contains(address(member))) {
                return false;
            }
        }
        return true;
    }

    private NodeState state(Member member) {
        if (cluster.state().getUnreachable().contains(member)) {
            return NodeState.UNREACHABLE;
        }
        MemberStatus status = member.status();
        if (status.equals(MemberStatus.up())) {
            return NodeState.UP;
        } else if (status.equals(MemberStatus.joining()) || status.equals(MemberStatus.weaklyUp())) {
            return NodeState.JOINING;
        } else if (status.equals(MemberStatus.down()) || status.equals(MemberStatus.removed())) {
            return NodeState.DOWN;
        }
        return NodeState.LEAVING;
    }

    private static String address(Member member) {
        return member.address().host().get() + ":" + member.address().port().get();
    }
}
