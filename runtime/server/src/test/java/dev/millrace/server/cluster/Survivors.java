// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.StatementsAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** Those servers of a cluster that the test has not ended or frozen: any of them is asked. */
final class Survivors {
    private static final int PAUSE_MILLIS = 100;
    /** The exit code of a process that ended in order when it was asked to. */
    private static final int TERMINATED = 143;
    /** Longer than the nodes of a cluster take to find out that others have ended. */
    private static final Duration QUIET = Duration.ofSeconds(8);

    private final ServerCluster cluster;
    private final SortedSet<Integer> numbers = new TreeSet<>();

    Survivors(ServerCluster cluster) {
        this.cluster = cluster;
    }

    /** Starts servers, all at once, and waits until they take jobs. */
    void start(int... servers) throws Exception {
        for (int server : servers) {
            cluster.begin(server);
        }
        for (int server : servers) {
            cluster.server(server).awaitReady();
            numbers.add(server);
        }
    }

    /** Ends a server as a crash would. */
    void kill(int server) throws Exception {
        signal(server, "KILL");
        cluster.server(server).exitCode();
    }

    /** Tells a server to end, and waits until the others have its share of a job. */
    void leave(int server, String job) throws Exception {
        signal(server, "TERM");
        assertEquals(TERMINATED, cluster.server(server).exitCode(), this::told);
        assertTrue(cluster.server(server).told().contains("its jobs go on on the other nodes"), this::told);
        awaitMembership();
        awaitShares(job);
    }

    /** Waits until a server has ended by itself, since the others have gone on without it. */
    void awaitTakenOut(int server) throws InterruptedException {
        cluster.server(server).await("this node is no longer one of its cluster");
        assertEquals(1, cluster.server(server).exitCode(), this::told);
    }

    /** Sends a signal to a server, which is not asked any more. */
    void signal(int server, String name) throws Exception {
        numbers.remove(server);
        cluster.server(server).signal(name);
    }

    /** Leaves out servers that have ended by themselves; gives their numbers. */
    List<Integer> takeEnded() {
        List<Integer> ended = numbers.stream().filter(server -> !cluster.server(server).isAlive()).toList();
        ended.forEach(numbers::remove);
        return ended;
    }

    /** Waits until at least one has ended by itself, and no further one does for a while; gives their numbers. */
    List<Integer> awaitEnded() throws InterruptedException {
        List<Integer> ended = new ArrayList<>();
        long quietSince = System.nanoTime();
        while (ended.isEmpty() || System.nanoTime() - quietSince < QUIET.toNanos()) {
            List<Integer> more = takeEnded();
            if (!more.isEmpty()) {
                ended.addAll(more);
                quietSince = System.nanoTime();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return ended;
    }

    /** How many they are. */
    int count() {
        return numbers.size();
    }

    /** The one that has been there longest, where all is that there is only one of in a cluster. */
    int oldest() {
        for (JsonNode node : ask(MillraceClient::nodes)) {
            if (node.path("oldest").asBoolean()) {
                String address = node.path("address").asText();
                return numbers.stream().filter(i -> cluster.address(i).equals(address)).findFirst().orElseThrow();
            }
        }
        return fail("no node is the oldest");
    }

    /** Submits a script to a server. */
    void submit(int server, String script) {
        StatementsAnswer answer = cluster.server(server).client().statements(script, Map.of());
        assertEquals(List.of(), answer.errors(), this::told);
    }

    /** Asks one that answers. */
    JsonNode ask(Function<MillraceClient, JsonNode> question) {
        List<String> errors = new ArrayList<>();
        for (int server : numbers) {
            try {
                return question.apply(cluster.server(server).client());
            } catch (MillraceException e) {
                errors.add(cluster.address(server) + ": " + e.getMessage());
            }
        }
        return fail("no server answers: " + errors + told());
    }

    /** Waits until the answer is as wanted. */
    void await(Function<MillraceClient, JsonNode> question, Predicate<JsonNode> condition)
            throws InterruptedException {
        while (!condition.test(ask(question))) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Waits until they are the nodes of one cluster, none of them on its way. */
    void awaitMembership() throws InterruptedException {
        await(
                MillraceClient::nodes,
                nodes -> nodes.size() == count()
                        && nodes.findValuesAsText("state").stream().allMatch("up"::equals));
    }

    /** Waits until each of them has its share of a job's partitions. */
    void awaitShares(String job) throws InterruptedException {
        await(client -> client.partitions(job), partitions -> {
            Map<String, Integer> shares = new TreeMap<>();
            partitions.forEach(partition -> shares.merge(partition.path("node").asText(), 1, Integer::sum));
            return shares.size() == count()
                    && shares.values().stream().allMatch(share -> share <= (partitions.size() + count() - 1) / count());
        });
    }

    /** What all servers have said, also those that are gone. */
    String told() {
        return cluster.told();
    }
}
