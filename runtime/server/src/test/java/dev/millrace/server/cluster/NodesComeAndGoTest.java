// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.testing.KafkaBroker;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that grows and shrinks under a job that goes on. */
final class NodesComeAndGoTest {
    private static final int NODES = 3;
    private static final int PERCENT = 100;

    @TempDir
    Path directory;

    /** Pauses by who has moved, and when. */
    private final Map<String, Long> pauses = new LinkedHashMap<>();

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldCountEachRowOnceOnOneNodeOnThreeAndOnTwo() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, "come-and-go")) {
            Survivors servers = new Survivors(cluster);
            servers.start(0);
            servers.submit(0, job.script());
            job.awaitNewResults(servers);

            servers.start(1, 2);
            servers.awaitShares(WindowsJob.NAME);
            // Four of six partitions have moved to those who came.
            note(servers);
            assertTrue(pauses.size() >= 4, pauses::toString);

            // The one that leads.
            servers.leave(0, WindowsJob.NAME);
            job.awaitNewResults(servers);
            note(servers);
            job.endAndCompare(servers);
            print();
        }
    }

    /** The long form: nodes come and go in turn. System property: {@code rounds}. */
    @Test
    @Tag("soak")
    @Timeout(60 * 60)
    void shouldCountEachRowOnceWhileNodesComeAndGo() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, "in-turn")) {
            Survivors servers = new Survivors(cluster);
            servers.start(0, 1);
            servers.submit(0, job.script());
            servers.awaitShares(WindowsJob.NAME);
            int rounds = Integer.getInteger("rounds", 20);
            for (int round = 0; round < rounds; round++) {
                servers.start((round + 2) % NODES);
                servers.awaitShares(WindowsJob.NAME);
                note(servers);
                servers.leave(round % NODES, WindowsJob.NAME);
                note(servers);
            }
            job.awaitNewResults(servers);
            job.endAndCompare(servers);
            print();
        }
    }

    private void note(Survivors servers) {
        for (JsonNode move : servers.ask(client -> client.moves(WindowsJob.NAME)).path("moves")) {
            pauses.put(
                    move.path("member").asText() + " at " + move.path("at_millis").asLong(),
                    move.path("pause_millis").asLong());
        }
    }

    private void print() {
        List<Long> sorted = pauses.values().stream().sorted().toList();
        System.out.println(sorted.size() + " moves; pause: median " + sorted.get(sorted.size() / 2) + " ms, 99 % "
                + sorted.get((sorted.size() - 1) * 99 / PERCENT) + " ms, longest " + sorted.getLast() + " ms");
    }
}
