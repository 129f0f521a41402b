// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static dev.millrace.cluster.TestCluster.await;
import static dev.millrace.cluster.TestCluster.partitionsOn;
import static dev.millrace.cluster.TestCluster.readersOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.member.NodeAddress;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Move;
import dev.millrace.cluster.status.Moves;
import dev.millrace.cluster.status.NodeStatus;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come and go while a job runs. */
@Tag("integration")
@Timeout(30)
class NodesTest {
    private static final int RATE = 10_000;
    private static final int ROWS = 5 * RATE;
    private static final int ENDLESS = 50_000_000;
    private static final int PARTITIONS = 4;

    @TempDir
    Path directory;

    @Test
    void shouldShareTheWorkBetweenTwoNodes() throws Exception {
        try (TestCluster cluster = new TestCluster(directory)) {
            Node first = cluster.begin(0);
            Node second = cluster.start(1);
            first.joined().get(10, TimeUnit.SECONDS);
            JobHandle handle = second.submit(TestPlans.copyToTable("copy", 2 * RATE, RATE, PARTITIONS), null);
            await(first, "copy", status -> isEven(status, first, second));
            assertEquals(List.of(1, 1), first.nodes().stream().map(NodeStatus::readers).toList());
            assertEquals(List.of(2, 2), second.nodes().stream().map(NodeStatus::partitions).toList());
            assertEquals(
                    List.of(first.address(), second.address()),
                    second.nodes().stream().map(NodeStatus::address).toList());
            assertFinished(handle, cluster, 2 * RATE);
        }
    }

    @Test
    void shouldGiveItsShareToANodeThatJoins() throws Exception {
        try (TestCluster cluster = new TestCluster(directory)) {
            Node first = cluster.start(0);
            JobHandle handle = first.submit(TestPlans.copyToTable("copy", ENDLESS, RATE, PARTITIONS), null);
            await(first, "copy", status -> partitionsOn(first, status) == PARTITIONS);
            Node second = cluster.start(1);
            await(second, "copy", status -> isEven(status, first, second));
            Moves moves = second.moves("copy");
            assertEquals(3, moves.count(), moves::toString);
            assertEquals(3, first.job("copy").moves().count());
            for (Move move : moves.last()) {
                assertEquals(first.address(), move.from());
                assertEquals(second.address(), move.to());
            }
            cluster.target().awaitRows(cluster.target().rows() + RATE);
            assertExact(second.stop("copy"), cluster);
            assertEquals(JobState.STOPPED, handle.outcome().get(10, TimeUnit.SECONDS).state());
        }
    }

    @Test
    void shouldTakeOverFromTheNodeThatLeavesAndLeads() throws Exception {
        try (TestCluster cluster = new TestCluster(directory)) {
            Node first = cluster.start(0);
            Node second = cluster.start(1);
            first.submit(TestPlans.copyToTable("copy", ROWS, RATE, PARTITIONS), null);
            JobHandle handle = second.submit(TestPlans.copyToTable("copy", ROWS, RATE, PARTITIONS), null);
            await(second, "copy", status -> isEven(status, first, second));
            cluster.target().awaitRows(RATE / 2);
            first.close();
            JobStatus status = await(second, "copy", now -> partitionsOn(second, now) == PARTITIONS
                    && now.state() == JobState.RUNNING);
            assertEquals(2, readersOn(second, status));
            while (second.nodes().size() > 1) {
                Thread.sleep(20);
            }
            assertEquals(List.of(second.address()), second.nodes().stream().map(NodeStatus::address).toList());
            assertFinished(handle, cluster, ROWS);
        }
    }

    @Test
    void shouldLetOthersJoinANodeThatHasBegunAlone() throws Exception {
        try (TestCluster cluster = new TestCluster(directory)) {
            Node first = cluster.begin(0, List.of());
            first.joined().get(10, TimeUnit.SECONDS);
            Node second = cluster.begin(0, List.of(NodeAddress.parse(first.address())));
            second.joined().get(10, TimeUnit.SECONDS);
            assertEquals(2, second.nodes().size());
            MillraceException refused =
                    assertThrows(MillraceException.class, () -> cluster.begin(0, List.of()));
            assertEquals(ErrorCode.STATE_LOCKED, refused.code());
        }
    }

    @Test
    void shouldNotLetInANodeThatKeepsItsStateElsewhere() throws Exception {
        try (TestCluster cluster = new TestCluster(directory.resolve("one"));
                TestCluster other = new TestCluster(directory.resolve("other"))) {
            Node first = cluster.start(0);
            Node stranger = other.begin(0, List.of(NodeAddress.parse(first.address())));
            ExecutionException failure = assertThrows(
                    ExecutionException.class, () -> stranger.joined().get(15, TimeUnit.SECONDS));
            MillraceException refused = assertInstanceOf(MillraceException.class, failure.getCause());
            assertEquals(ErrorCode.CLUSTER_REFUSED, refused.code());
            assertTrue(refused.getMessage().contains("keeps its state elsewhere"), refused.getMessage());
            assertEquals(1, first.nodes().size());
        }
    }

    @Test
    void shouldStopAllJobsWhenAllNodesEndTogether() throws Exception {
        try (TestCluster cluster = new TestCluster(directory)) {
            Node first = cluster.begin(0);
            Node second = cluster.start(1);
            first.submit(TestPlans.copyToTable("copy", ENDLESS, RATE, PARTITIONS), null);
            await(second, "copy", status -> isEven(status, first, second));
            cluster.target().awaitRows(RATE / 2);
            Thread ending = Thread.startVirtualThread(first::close);
            second.close();
            ending.join();
            assertTrue(first.wasLast() || second.wasLast());
            Node third = cluster.start(0);
            long before = cluster.target().rows();
            cluster.target().awaitRows(before + RATE / 2);
            assertExact(third.stop("copy"), cluster);
        }
    }

    private static boolean isEven(JobStatus status, Node one, Node other) {
        return partitionsOn(one, status) == PARTITIONS / 2 && partitionsOn(other, status) == PARTITIONS / 2
                && readersOn(one, status) == 1 && readersOn(other, status) == 1;
    }

    private static void assertExact(JobStatus stopped, TestCluster cluster) {
        assertEquals(JobState.STOPPED, stopped.state());
        assertEquals(stopped.progress().rowsRead(), stopped.progress().rowsWritten());
        assertEquals(stopped.progress().rowsRead(), cluster.target().rows());
        assertEquals(stopped.progress().rowsRead(), cluster.target().differentRows());
    }

    private static void assertFinished(JobHandle handle, TestCluster cluster, int rows) throws Exception {
        JobOutcome outcome = handle.outcome().get(25, TimeUnit.SECONDS);
        assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
        assertEquals(rows, outcome.progress().rowsRead());
        assertEquals(rows, cluster.target().rows());
        assertEquals(rows, cluster.target().differentRows());
        assertTrue(cluster.target().owners().isEmpty());
    }
}
