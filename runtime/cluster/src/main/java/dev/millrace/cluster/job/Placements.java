// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.status.Move;
import dev.millrace.cluster.status.Moves;
import java.util.HashMap;
import java.util.Map;

/** On which nodes the partitions and readers of a job are, which of them are on their way, and how they have moved. */
final class Placements {
    private final Map<String, String> nodes = new HashMap<>();
    private final Map<String, Long> leftMillis = new HashMap<>();
    private final Map<String, Long> heardMillis = new HashMap<>();
    private Moves moves = Moves.NONE;

    /** What somebody else has known goes on being known. */
    void inherit(Map<String, String> otherNodes, Map<String, Long> otherLeftMillis, Moves otherMoves) {
        otherNodes.forEach(nodes::putIfAbsent);
        otherLeftMillis.forEach(leftMillis::putIfAbsent);
        moves = otherMoves;
    }

    /** Where they are, by name. */
    Map<String, String> nodes() {
        return Map.copyOf(nodes);
    }

    /** Who is on the way, and since when. */
    Map<String, Long> leftMillis() {
        return Map.copyOf(leftMillis);
    }

    Moves moves() {
        return moves;
    }

    /** The node of a partition or reader, or null if that is not known. */
    String node(String who) {
        return nodes.get(who);
    }

    boolean isMoving(String who) {
        return leftMillis.containsKey(who);
    }

    boolean isAnyMoving() {
        return !leftMillis.isEmpty();
    }

    /** A partition or reader has given a sign of life. */
    void heard(String who, long nowMillis) {
        heardMillis.put(who, nowMillis);
    }

    /** One is about to leave its node. */
    void left(String who, String node, long nowMillis) {
        nodes.put(who, node);
        leftMillis.putIfAbsent(who, nowMillis);
    }

    /** A node is gone, and with it all that was there; since when they stand still is when they were last heard. */
    void lost(String node, long nowMillis) {
        nodes.forEach((who, at) -> {
            if (at.equals(node)) {
                leftMillis.putIfAbsent(who, heardMillis.getOrDefault(who, nowMillis));
            }
        });
    }

    /**
     * One is at work.
     *
     * @return the move, if it was on another node before; else null
     */
    Move arrived(String who, String node, long nowMillis) {
        String from = nodes.put(who, node);
        Long left = leftMillis.remove(who);
        if (from == null || from.equals(node)) {
            return null;
        }
        long since = left != null ? left : heardMillis.getOrDefault(who, nowMillis);
        // Two clocks may have had a part in it.
        Move move = new Move(who, from, node, nowMillis, Math.max(0, nowMillis - since));
        moves = moves.and(move);
        return move;
    }

    /** All start, or stop: nobody is on the way any more. */
    void clearMoving() {
        leftMillis.clear();
        heardMillis.clear();
    }
}
