// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import dev.millrace.testing.KafkaBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are killed under a job, one after the other, and come again. */
final class NodesKilledTest {
    private static final int NODES = 3;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Long> millis = new ArrayList<>();

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldCountEachRowOnceWhenTheNodeThatLeadsIsKilled() throws Exception {
        kill("kill", 1);
    }

    /** The long form: each node in turn, then by chance. Properties: {@code rounds}, {@code seconds}, {@code seed}. */
    @Test
    @Tag("soak")
    @Timeout(60 * 60)
    void shouldCountEachRowOnceWhenNodesAreKilledAgainAndAgain() throws Exception {
        kill("kills", Integer.getInteger("rounds", 20));
    }

    /** The younger one of two can't tell whether the other one is dead or out of reach. */
    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldEndTheOtherOfTwoWithTheOldest() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, 2)) {
            Survivors servers = new Survivors(cluster);
            servers.start(0, 1);
            servers.awaitMembership();
            int oldest = servers.oldest();
            servers.kill(oldest);
            servers.awaitTakenOut(1 - oldest);
        }
    }

    private void kill(String name, int rounds) throws Exception {
        System.out.println("seed " + seed);
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, name)) {
            Survivors servers = job.begin(cluster, random.nextInt(NODES));
            for (int round = 0; round < rounds; round++) {
                if (round > 0) {
                    // From before the cluster is even again to after.
                    Thread.sleep(random.nextInt(5_000));
                }
                int oldest = servers.oldest();
                int node = round < NODES ? (oldest + round) % NODES : random.nextInt(NODES);
                long killed = System.nanoTime();
                servers.kill(node);
                long took = job.awaitNewResults(servers, killed).toMillis();
                millis.add(took);
                System.out.println("round " + (round + 1) + ": " + cluster.address(node)
                        + (node == oldest ? ", which led," : "") + " killed; right results again after " + took
                        + " ms");
                if (round + 1 < rounds) {
                    servers.start(node);
                    servers.awaitMembership();
                }
            }
            job.endAndCompare(servers);
            Collections.sort(millis);
            System.out.println("from kill to right results: median " + millis.get(millis.size() / 2) + " ms, longest "
                    + millis.getLast() + " ms");
        }
    }
}
