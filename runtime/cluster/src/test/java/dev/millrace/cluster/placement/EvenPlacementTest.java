// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvenPlacementTest {
    private static final int ROUNDS = 200;

    @Test
    void shouldPlaceWhereTheJobHasFewest() {
        Map<String, List<String>> nodes = Map.of(
                "a", List.of("one-1/0/0"), "b", List.of("two-1/0/0", "two-1/0/1", "two-1/0/2"));
        assertEquals("b", EvenPlacement.place("one-1/0/1", nodes));
        assertEquals("a", EvenPlacement.place("two-1/0/3", nodes));
        assertEquals("a", EvenPlacement.place("three-1/0/0", nodes));
    }

    @Test
    void shouldMoveNothingThatIsEven() {
        assertEquals(Set.of(), EvenPlacement.moves(Map.of(), 4));
        assertEquals(Set.of(), EvenPlacement.moves(Map.of("a", List.of("one-1/0/0"), "b", List.of()), 4));
        assertEquals(Set.of(), EvenPlacement.moves(
                Map.of("a", List.of("one-1/0/0", "one-1/0/1"), "b", List.of("one-1/0/2")), 4));
    }

    @Test
    void shouldMoveAFewAtATime() {
        Map<String, List<String>> nodes = new TreeMap<>();
        nodes.put("a", shards("one-1", 0, 16));
        nodes.put("b", List.of());
        assertEquals(4, EvenPlacement.moves(nodes, 4).size());
        assertEquals(8, EvenPlacement.moves(nodes, 100).size());
    }

    @Test
    void shouldEvenOutEachJobThoughAllTogetherAreEven() {
        Map<String, List<String>> nodes = new TreeMap<>();
        nodes.put("a", shards("one-1", 0, 4));
        nodes.put("b", shards("two-1", 0, 4));
        settle(nodes);
        assertEven(nodes, "one-1");
        assertEven(nodes, "two-1");
    }

    @Test
    void shouldLetQueriesStayWhereTheyAre() {
        assertEquals(Set.of(), EvenPlacement.moves(
                Map.of("a", List.of("query-1", "query-2", "query-3"), "b", List.of()), 4));
    }

    @Test
    void shouldBecomeEvenFromAnywhereAndRestThen() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, List<String>> nodes = new TreeMap<>();
            int count = 1 + random.nextInt(5);
            for (int node = 0; node < count; node++) {
                nodes.put("node" + node, new ArrayList<>());
            }
            int jobs = 1 + random.nextInt(4);
            for (int job = 0; job < jobs; job++) {
                for (String shard : shards("job" + job, 0, random.nextInt(12))) {
                    nodes.get("node" + random.nextInt(count)).add(shard);
                }
            }
            settle(nodes);
            for (int job = 0; job < jobs; job++) {
                assertEven(nodes, "job" + job);
            }
            assertTrue(spread(nodes.values().stream().map(List::size).toList()) <= 1, "seed " + seed + ": " + nodes);
        }
    }

    private static List<String> shards(String job, int from, int to) {
        List<String> shards = new ArrayList<>();
        for (int i = from; i < to; i++) {
            shards.add(job + "/0/" + i);
        }
        return shards;
    }

    /** Moves until nothing wants to, as the cluster does. */
    private static void settle(Map<String, List<String>> nodes) {
        nodes.replaceAll((_, shards) -> new ArrayList<>(shards));
        int rounds = 0;
        for (Set<String> moves = EvenPlacement.moves(nodes, 4); !moves.isEmpty(); moves =
                EvenPlacement.moves(nodes, 4)) {
            Set<String> moving = moves;
            nodes.values().forEach(shards -> shards.removeAll(moving));
            moving.forEach(shard -> nodes.get(EvenPlacement.place(shard, nodes)).add(shard));
            assertTrue(++rounds < 100, nodes::toString);
        }
    }

    private static void assertEven(Map<String, List<String>> nodes, String job) {
        List<Integer> counts = nodes.values().stream()
                .map(shards -> (int) shards.stream().filter(shard -> shard.startsWith(job + "/")).count())
                .toList();
        assertTrue(spread(counts) <= 1, job + ": " + nodes);
    }

    private static int spread(List<Integer> counts) {
        return counts.stream().mapToInt(count -> count).max().orElse(0)
                - counts.stream().mapToInt(count -> count).min().orElse(0);
    }
}
