// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stages that read each other, on nodes that come and go. */
@Tag("integration")
@Timeout(30)
class StagesOnNodesTest {
    private static final int RATE = 10_000;
    private static final int ROWS = 8 * RATE;

    @TempDir
    Path directory;

    @Test
    void shouldLoseNothingWhilePartitionsOfBothStagesMove() throws Exception {
        try (TestCluster cluster = new TestCluster(directory)) {
            Node first = cluster.start(0);
            first.submit(TestPlans.throughStages("copy", ROWS, RATE, 4, 3), null);
            cluster.target().awaitRows(RATE / 2);
            Node second = cluster.start(1);
            JobHandle handle = second.submit(TestPlans.throughStages("copy", ROWS, RATE, 4, 3), null);
            TestCluster.await(second, "copy", status -> TestCluster.partitionsOn(second, status) >= 3);
            cluster.target().awaitRows(cluster.target().rows() + RATE / 2);
            assertTrue(cluster.target().rows() < ROWS, "partitions have moved while the job was at work");
            first.close();
            JobOutcome outcome = handle.outcome().get(25, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, cluster.target().differentRows());
            assertEquals(ROWS, cluster.target().rows());
        }
    }
}
