// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.upgrade.SavepointName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of two stages, of which one reads the output of the other. */
@Tag("integration")
@Timeout(30)
class StagesTest {
    private static final int ROWS = 30_000;
    private static final int RATE = 30_000;

    @TempDir
    Path directory;

    private final EpochTarget target = new EpochTarget();

    @Test
    void shouldBringEveryRowThroughTwoStagesOnce() throws Exception {
        try (Node node = start("off")) {
            finish(node.submit(TestPlans.throughStages("copy", ROWS, 1_000_000, 3, 1), null));
            assertEquals(ROWS, node.job("copy").progress().rowsWritten());
        }
        assertExact();
    }

    @Test
    void shouldSendAllMessagesThroughTheirSerializers() throws Exception {
        try (Node node = start("on")) {
            finish(node.submit(TestPlans.throughStages("copy", ROWS, 1_000_000, 4, 3), null));
        }
        assertExact();
    }

    @Test
    void shouldGiveTheRowsOfAQueryWithoutAName() throws Exception {
        LongAdder rows = new LongAdder();
        try (Node node = Node.start(settings(null), BuiltInConnectors.create(System.out))) {
            finish(node.submit(TestPlans.throughStagesToClient(ROWS, 4, 3), batch -> rows.add(batch.size())));
        }
        assertEquals(ROWS, rows.sum());
    }

    @Test
    void shouldGiveTheSameWhenPartitionsOfTheLastStageFail() throws Exception {
        try (Node node = start("off")) {
            JobHandle handle = node.submit(TestPlans.throughStages("copy", ROWS, RATE, 4, 3), null);
            for (int round = 1; round <= 4; round++) {
                target.awaitRows(round * ROWS / 6);
                target.refuse(2);
            }
            finish(handle);
            assertTrue(restarts(node.job("copy"), 1) >= 4);
            assertEquals(0, restarts(node.job("copy"), 0));
        }
        assertExact();
    }

    @Test
    void shouldGiveTheSameWhenAPartitionOfTheFirstStageFails() throws Exception {
        try (Node node = start("off")) {
            JobHandle handle = node.submit(TestPlans.throughStages("copy", ROWS, RATE / 2, 3, 1), null);
            for (int round = 0; round < 3; round++) {
                target.awaitRows((round + 1) * ROWS / 6);
                long restarts = restarts(node.job("copy"), 0);
                breakLog("%2f0%2f" + round, () -> await(node, status -> restarts(status, 0) > restarts));
            }
            finish(handle);
            assertEquals(0, restarts(node.job("copy"), 1));
        }
        assertExact();
    }

    @Test
    void shouldGoOnWhereBothStagesStood() throws Exception {
        try (Node node = start("off")) {
            node.submit(TestPlans.throughStages("copy", ROWS, RATE, 4, 3), null);
            target.awaitRows(ROWS / 6);
            long begun = System.nanoTime();
            assertEquals(JobState.PAUSED, node.pause("copy").state());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            assertTrue(millis < 4_000, "the first stage waited for the second: " + millis + " ms");
            node.resume("copy");
            target.awaitRows(ROWS / 3);
        }
        assertTrue(target.rows() < ROWS, "closed in the middle");
        try (Node node = start("off")) {
            finish(node.submit(TestPlans.throughStages("copy", ROWS, RATE, 4, 3), null));
        }
        assertExact();
    }

    @Test
    void shouldStopAndDropAJobInTheMiddle() throws Exception {
        try (Node node = start("off")) {
            node.submit(TestPlans.throughStages("copy", ROWS, RATE, 4, 3), null);
            target.awaitRows(1_000);
            assertEquals(JobState.STOPPED, node.stop("copy").state());
            node.drop("copy");
            assertEquals(0, target.owners().size());
            long before = target.rows();
            finish(node.submit(TestPlans.throughStages("copy", 100, RATE, 4, 3), null));
            assertEquals(before + 100, target.rows());
        }
    }

    @Test
    void shouldGoOnOnOtherNumbersOfPartitions() throws Exception {
        try (Node node = start("off")) {
            node.submit(TestPlans.throughStages("copy", ROWS, RATE / 2, 4, 3), null);
            target.awaitRows(ROWS / 6);
            node.alter("copy", Map.of("partitions", "5"));
            assertEquals(10, node.job("copy").partitions().size());
            target.awaitRows(ROWS / 3);
            node.createSavepoint(new SavepointName("copy", "kept"));
            target.awaitRows(ROWS / 2);
            node.alter("copy", Map.of("partitions", "2"));
            await(node, status -> status.state() == JobState.FINISHED);
            assertEquals(ROWS, node.job("copy").progress().rowsRead());
        }
        assertExact();
    }

    private static void finish(JobHandle handle) throws Exception {
        JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
        assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
    }

    private void assertExact() {
        assertEquals(ROWS, target.differentRows());
        assertEquals(ROWS, target.rows());
    }

    /** Nothing can be written to the log of a partition until something has happened. */
    private void breakLog(String end, Runnable meanwhile) throws IOException {
        Path log;
        try (Stream<Path> paths = Files.list(directory.resolve("state").resolve("journal"))) {
            log = paths.filter(path -> path.getFileName().toString().endsWith(end)).findFirst().orElseThrow();
        }
        Path aside = directory.resolve("aside");
        Files.move(log, aside);
        Files.createFile(log);
        meanwhile.run();
        Files.delete(log);
        Files.move(aside, log);
    }

    private static void await(Node node, Predicate<JobStatus> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        JobStatus status = node.job("copy");
        while (!wanted.test(status)) {
            assertTrue(System.nanoTime() < deadline, "waited in vain; the job is " + status);
            status = node.job("copy");
        }
    }

    private static long restarts(JobStatus status, int stage) {
        return status.partitions().stream()
                .filter(partition -> partition.stage() == stage)
                .mapToLong(PartitionStatus::restarts)
                .sum();
    }

    private Node start(String serializeMessages) {
        return Node.start(
                settings(directory.resolve("state")), target.connectors(),
                ConfigFactory.parseMap(Map.of(
                        "millrace.restarts.first-delay", "10ms", "pekko.actor.serialize-messages",
                        serializeMessages)));
    }

    private NodeSettings settings(Path state) {
        return new NodeSettings("127.0.0.1", 0, state, directory.resolve("dead-letters"), 2);
    }
}
