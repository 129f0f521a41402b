// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.protocol.Occupancy;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.engine.plan.JobPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of which one partition is slow, because its target is. */
@Tag("integration")
@Timeout(30)
class SlowPartitionTest {
    private static final int PARTITIONS = 8;
    private static final int SLOW = 3;
    private static final int ROWS = 900_000;
    private static final int RATE = 150_000;
    private static final long PAUSE_MILLIS = 2_000;

    /** What a partition may be sent by two readers; its target is behind that. */
    private static final long IN_FLIGHT_BYTES_MAX = 2 * (8L << 20);

    @TempDir
    Path directory;

    private final SlowTarget target = new SlowTarget(SLOW, PAUSE_MILLIS);

    @Test
    void shouldLeaveASlowPartitionBehindUntilItIsFastAgain() throws Exception {
        try (Node node = start()) {
            JobHandle handle = node.submit(plan("isolate"), null);
            await(node, status -> slow(status).detached() == 2);
            // The others have come far, and would not have with the slow one's pace.
            target.awaitRows(ROWS / 3);
            long slowRows = target.slowRows();
            assertTrue(slowRows < ROWS / 3 / PARTITIONS / 2, slowRows + " rows of the slow partition");
            // Where the machine is short of time most lanes may be full for a moment, and then all are read for together.
            JobStatus left = await(node, status -> slow(status).detached() == 2 && slow(status).lagMillis() > 0
                    && slow(status).state() == Occupancy.SATURATED);
            assertTrue(slow(left).inFlightBytes() <= IN_FLIGHT_BYTES_MAX, slow(left).inFlightBytes() + " bytes");
            target.hurry();
            await(node, status -> slow(status).detached() == 0);
            assertEquals(JobState.RUNNING, node.job("copy").state(), "it rejoins the others while they run");
            finish(handle);
        }
        assertExact();
    }

    @Test
    void shouldCatchUpWithAPartitionThatIsSlowAndFails() throws Exception {
        try (Node node = start()) {
            JobHandle handle = node.submit(plan("isolate"), null);
            await(node, status -> slow(status).detached() == 2);
            target.fail();
            await(node, status -> status.partitions().get(SLOW).restarts() > 0);
            target.awaitRows(ROWS / 3);
            target.hurry();
            finish(handle);
        }
        assertExact();
    }

    @Test
    void shouldLetAllWaitForASlowPartitionIfTheJobSaysSo() throws Exception {
        try (Node node = start()) {
            JobHandle handle = node.submit(plan("block"), null);
            await(node, status -> status.readers().size() == 2
                    && status.readers().stream().allMatch(reader -> reader.heldUpMillis() >= PAUSE_MILLIS / 2));
            assertEquals(0, slow(node.job("copy")).detached());
            assertTrue(target.rows() < ROWS / 2, target.rows() + " rows");
            target.hurry();
            finish(handle);
        }
        assertExact();
    }

    private static JobPlan plan(String backpressure) {
        return TestPlans.copyByKey("copy", ROWS, RATE, PARTITIONS, Map.of("backpressure", backpressure));
    }

    private static Backpressure slow(JobStatus status) {
        return status.partitions().isEmpty() ? Backpressure.NONE : status.partitions().get(SLOW).backpressure();
    }

    private Node start() {
        NodeSettings settings = new NodeSettings(
                "127.0.0.1", 0, directory.resolve("state"), directory.resolve("dead-letters"), 2);
        return Node.start(settings, target.connectors(), ConfigFactory.parseMap(Map.of(
                "millrace.lanes.detach-after", "300ms",
                "millrace.lanes.rejoin-after", "200ms",
                "millrace.epochs.output-bytes", "16 KiB",
                "millrace.epochs.outbox-bytes", "32 KiB")));
    }

    private static JobStatus await(Node node, Predicate<JobStatus> condition) throws InterruptedException {
        return TestCluster.await(node, "copy", condition);
    }

    private static void finish(JobHandle handle) throws Exception {
        JobOutcome outcome = handle.outcome().get(25, TimeUnit.SECONDS);
        assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
        assertEquals(ROWS, outcome.progress().rowsRead());
    }

    private void assertExact() {
        assertEquals(ROWS, target.rows());
        assertEquals(ROWS, target.differentRows());
    }
}
