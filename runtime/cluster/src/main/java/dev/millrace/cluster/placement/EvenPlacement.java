// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.placement;

import dev.millrace.cluster.message.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules where partitions and readers go: those of each job are spread evenly over the nodes, and all together, too.
 * Jobs that were there long ago count like any other, since they may come again.
 *
 * <p>What belongs to an interactive query stays where it is: it has no state that it could go on from elsewhere.
 */
public final class EvenPlacement {
    private EvenPlacement() {}

    /**
     * The node for a shard that is nowhere: the one with the fewest of its job, and the fewest at all among those.
     *
     * @param shards shards by node
     * @param <N> names a node; the first of several equal ones is taken
     */
    static <N> N place(String shard, Map<N, ? extends Collection<String>> shards) {
        String group = group(shard);
        N best = null;
        long bestOfGroup = Long.MAX_VALUE;
        long bestOfAll = Long.MAX_VALUE;
        for (Map.Entry<N, ? extends Collection<String>> node : shards.entrySet()) {
            long ofGroup = node.getValue().stream().filter(other -> group(other).equals(group)).count();
            long all = node.getValue().size();
            if (ofGroup < bestOfGroup || ofGroup == bestOfGroup && all < bestOfAll) {
                best = node.getKey();
                bestOfGroup = ofGroup;
                bestOfAll = all;
            }
        }
        return best;
    }

    /**
     * The shards to be moved next, so that each goes where {@link #place} puts it; none if all is even.
     *
     * @param shards shards by node
     * @param max at most so many
     */
    static <N> Set<String> moves(Map<N, ? extends Collection<String>> shards, int max) {
        Map<N, List<String>> left = new LinkedHashMap<>();
        shards.forEach((node, all) -> left.put(node, new ArrayList<>(all)));
        Set<String> moves = new LinkedHashSet<>();
        while (moves.size() < max) {
            String shard = next(left);
            // What has moved once is where it belongs.
            if (shard == null || !moves.add(shard)) {
                break;
            }
            left.values().forEach(all -> all.remove(shard));
            left.get(place(shard, left)).add(shard);
        }
        return moves;
    }

    /** A shard by whose move the shards are spread more evenly, or null. */
    private static <N> String next(Map<N, List<String>> shards) {
        Map<String, Map<N, List<String>>> groups = new HashMap<>();
        shards.forEach((node, all) -> all.stream().filter(EvenPlacement::mayMove).forEach(
                shard -> groups.computeIfAbsent(group(shard), _ -> new HashMap<>())
                        .computeIfAbsent(node, _ -> new ArrayList<>())
                        .add(shard)));
        for (String group : new TreeSet<>(groups.keySet())) {
            List<String> most = null;
            int mostOfAll = 0;
            int least = Integer.MAX_VALUE;
            for (Map.Entry<N, List<String>> node : shards.entrySet()) {
                List<String> here = groups.get(group).getOrDefault(node.getKey(), List.of());
                int all = node.getValue().size();
                if (most == null || here.size() > most.size() || here.size() == most.size() && all > mostOfAll) {
                    most = here;
                    mostOfAll = all;
                }
                least = Math.min(least, here.size());
            }
            if (most != null && most.size() - least > 1) {
                return last(most);
            }
        }
        return nextOfAll(shards, groups);
    }

    /** The jobs are spread evenly each, but what is left over of them may be on the same nodes. */
    private static <N> String nextOfAll(Map<N, List<String>> shards, Map<String, Map<N, List<String>>> groups) {
        N most = null;
        N least = null;
        for (N node : shards.keySet()) {
            if (most == null || shards.get(node).size() > shards.get(most).size()) {
                most = node;
            }
            if (least == null || shards.get(node).size() < shards.get(least).size()) {
                least = node;
            }
        }
        if (most == null || shards.get(most).size() - shards.get(least).size() <= 1) {
            return null;
        }
        for (String group : new TreeSet<>(groups.keySet())) {
            List<String> here = groups.get(group).getOrDefault(most, List.of());
            if (here.size() > groups.get(group).getOrDefault(least, List.of()).size()) {
                return last(here);
            }
        }
        return null;
    }

    private static String last(List<String> shards) {
        return new TreeSet<>(shards).last();
    }

    /** Whether a shard can go on elsewhere. */
    public static boolean mayMove(String shard) {
        return !shard.startsWith(JobId.NAMELESS);
    }

    /** What belongs together: the partitions, or the readers, of one job. */
    private static String group(String shard) {
        int slash = shard.indexOf('/');
        return slash < 0 ? "" : shard.substring(0, slash);
    }
}
