// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that can't reach each other, while each of them still reaches the brokers and the state: both sides could go on,
 * and one may. Needs a user who may make network namespaces, and the command {@code ip} (package iproute2).
 */
final class NodesCutOffTest {
    private static final int NODES = 3;
    private static final Duration DELAY = Duration.ofMillis(5);
    private static final int LOSS_PERCENT = 1;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeAll
    static void needsNetworks() {
        assumeTrue(
                CuttableNetwork.isPossible(),
                "nodes can't be cut off here: network namespaces take /dev/net/tun, and a user who may make them");
    }

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldGoOnWithoutTheNodeThatLeadsWhenItIsCutOff() throws Exception {
        try (CuttableNetwork network = new CuttableNetwork(NODES);
                KafkaBroker broker = KafkaBroker.start(network.address(network.here()));
                ServerCluster cluster = new ServerCluster(directory, NODES, network);
                WindowsJob job = new WindowsJob(broker, directory, "cut")) {
            Survivors servers = job.begin(cluster, 1);
            int alone = servers.oldest();
            long since = System.nanoTime();
            network.isolate(alone);
            System.out.println("right results "
                    + job.awaitNewResults(servers, since).toMillis() + " ms after a node was cut off");
            servers.awaitTakenOut(alone);
            assertEquals(List.of(alone), servers.takeEnded());
            job.endAndCompare(servers);
        }
    }

    /**
     * The long form, with packets that are late and lost: nodes that are cut off, and two nodes of which one does not reach
     * the other. System properties: {@code rounds}, {@code seconds}, {@code seed}.
     */
    @Test
    @Tag("soak")
    @Timeout(60 * 60)
    void shouldCountEachRowOnceOverCutsOfAllKinds() throws Exception {
        System.out.println("seed " + seed);
        List<Long> millis = new ArrayList<>();
        try (CuttableNetwork network = new CuttableNetwork(NODES);
                KafkaBroker broker = KafkaBroker.start(network.address(network.here()));
                ServerCluster cluster = new ServerCluster(directory, NODES, network);
                WindowsJob job = new WindowsJob(broker, directory, "cuts")) {
            network.disturb(DELAY, LOSS_PERCENT);
            Survivors servers = job.begin(cluster, 1);
            int rounds = Integer.getInteger("rounds", 10);
            for (int round = 0; round < rounds; round++) {
                int node = random.nextInt(NODES);
                int other = (node + 1 + random.nextInt(NODES - 1)) % NODES;
                boolean isOneWay = round % 2 == 1;
                long since = System.nanoTime();
                if (isOneWay) {
                    network.cut(node, other);
                } else {
                    network.isolate(node);
                }
                List<Integer> ended = servers.awaitEnded();
                job.awaitNewResults(servers);
                Duration longest = job.longestStandstill(since);
                millis.add(longest.toMillis());
                System.out.println((isOneWay ? "cut one way, " + node + " to " + other : "cut both ways, " + node)
                        + ": ended " + ended + ", no results for " + longest.toMillis() + " ms");
                assertTrue(ended.size() < NODES, servers::told);
                assertTrue(longest.compareTo(WindowsJob.RESULTS_MAX) < 0, longest::toString);
                network.heal();
                servers.start(ended.stream().mapToInt(Integer::intValue).toArray());
                servers.awaitMembership();
                servers.awaitShares(WindowsJob.NAME);
            }
            job.endAndCompare(servers);
        }
        Collections.sort(millis);
        System.out.println("no results after cuts: median " + millis.get(millis.size() / 2) + " ms, longest "
                + millis.getLast() + " ms");
    }
}
