// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.testing.KafkaBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that stands still and goes on: for a moment, and for so long that others have taken over what it has. */
final class NodeFrozenTest {
    private static final int NODES = 3;

    @TempDir
    Path directory;

    private Survivors servers;

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldWriteNothingWhenOthersHaveTakenOver() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, "frozen")) {
            servers = job.begin(cluster, 1);
            // The one that leads: it believes that for a moment when it wakes up.
            int frozen = servers.oldest();
            long since = System.nanoTime();
            servers.signal(frozen, "STOP");
            System.out.println("right results " + job.awaitNewResults(servers, since).toMillis()
                    + " ms after a node stood still");

            cluster.server(frozen).signal("CONT");
            servers.awaitTakenOut(frozen);
            job.awaitNewResults(servers);
            job.endAndCompare(servers);
            checkLogs();
        }
    }

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldGoOnAfterAMoment() throws Exception {
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, "moment")) {
            servers = job.begin(cluster, 1);
            Map<String, String> before = places();
            int frozen = servers.oldest();
            cluster.server(frozen).signal("STOP");
            Thread.sleep(2_000);
            cluster.server(frozen).signal("CONT");
            job.awaitNewResults(servers);
            servers.awaitMembership();
            assertEquals(before, places());
            job.endAndCompare(servers);
        }
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
