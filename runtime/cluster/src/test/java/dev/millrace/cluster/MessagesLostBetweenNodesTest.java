// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes over TCP, between which deliveries and acks are lost, doubled and put in another order. */
@Tag("cluster")
@Timeout(60)
class MessagesLostBetweenNodesTest {
    private static final int RATE = 50_000;
    private static final int ROWS = 2 * RATE;
    private static final int PARTITIONS = 4;

    @TempDir
    Path directory;

    @Test
    void shouldBringEveryRowOnce() throws Exception {
        long seed = 20_260;
        Config lossy = ConfigFactory.parseMap(Map.of(
                "pekko.actor.typed.default-mailbox.mailbox-type", LossyMailbox.class.getName(),
                "pekko.actor.typed.default-mailbox.mailbox-seed", seed,
                // So that large deliveries lose parts.
                "millrace.lanes.batch-bytes", "16 KiB"));
        try (TestCluster cluster = new TestCluster(directory, lossy)) {
            Node first = cluster.start(0);
            Node second = cluster.start(1);
            JobHandle job = second.submit(TestPlans.copyToTable("copy", ROWS, RATE, PARTITIONS), null);
            TestCluster.await(first, "copy", status -> TestCluster.partitionsOn(first, status) == PARTITIONS / 2
                    && TestCluster.partitionsOn(second, status) == PARTITIONS / 2);
            JobOutcome outcome = job.outcome().get(50, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), outcome.reason() + ", seed " + seed);
            assertEquals(ROWS, outcome.progress().rowsRead(), "seed " + seed);
            assertEquals(ROWS, cluster.target().rows(), "seed " + seed);
            assertEquals(ROWS, cluster.target().differentRows(), "seed " + seed);
        }
        assertTrue(LossyMailbox.LOST.sum() > 10, "lost " + LossyMailbox.LOST);
        assertTrue(LossyMailbox.DOUBLED.sum() > 10, "doubled " + LossyMailbox.DOUBLED);
        assertTrue(LossyMailbox.DELAYED.sum() > 10, "delayed " + LossyMailbox.DELAYED);
    }
}
