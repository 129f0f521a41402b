// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that stands still and goes on: for a moment, and for so long that others have taken over what it has. */
final class NodeFrozenTest {
    private static final int NODES = 3;
    private static final Duration RESULTS_MAX = Duration.ofSeconds(Integer.getInteger("seconds", 40));
    private static final String TAKEN_OUT = "this node is no longer one of its cluster";

    @TempDir
    Path directory;

    private Survivors servers;

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldWriteNothingWhenOthersHaveTakenOver() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, "frozen")) {
            begin(cluster, job);
            // The one that leads: it believes that for a moment when it wakes up.
            int frozen = servers.oldest();
            long since = System.nanoTime();
            servers.signal(frozen, "STOP");
            System.out.println("right results " + job.awaitNewResults(servers, since, RESULTS_MAX).toMillis()
                    + " ms after a node stood still");

            cluster.server(frozen).signal("CONT");
            cluster.server(frozen).await(TAKEN_OUT);
            assertEquals(1, cluster.server(frozen).exitCode(), servers::told);
            job.awaitNewResults(servers, RESULTS_MAX);
            job.endAndCompare(servers, RESULTS_MAX);
            checkLogs();
        }
    }

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldGoOnAfterAMoment() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, "moment")) {
            begin(cluster, job);
            Map<String, String> before = places();
            int frozen = servers.oldest();
            cluster.server(frozen).signal("STOP");
            Thread.sleep(2_000);
            cluster.server(frozen).signal("CONT");
            job.awaitNewResults(servers, RESULTS_MAX);
            servers.awaitMembership();
            assertEquals(before, places());
            job.endAndCompare(servers, RESULTS_MAX);
        }
    }

    private void begin(ServerCluster cluster, WindowsJob job) throws Exception {
        servers = new Survivors(cluster);
        servers.start(0, 1, 2);
        servers.submit(1, job.script());
        servers.awaitShares(WindowsJob.NAME);
        job.awaitNewResults(servers, RESULTS_MAX);
    }

    /** Where each partition is. */
    private Map<String, String> places() {
        Map<String, String> places = new TreeMap<>();
        for (JsonNode partition : servers.ask(client -> client.partitions(WindowsJob.NAME))) {
            places.put(partition.path("partition").asText(), partition.path("node").asText());
        }
        return places;
    }

    /** Nobody has written into a log that somebody else had claimed: whoever reads it next would refuse it. */
    private void checkLogs() throws InterruptedException {
        servers.ask(client -> {
            client.resume(WindowsJob.NAME);
            return null;
        });
        servers.await(client -> client.job(WindowsJob.NAME), job -> {
            assertEquals("null", job.path("code").asText(), job::toString);
            return job.path("state").asText().equals("running");
        });
    }
}
