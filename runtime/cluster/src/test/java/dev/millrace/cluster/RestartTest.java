// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.PartitionState;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Partitions and readers that fail, while the rest of their job goes on. */
@Tag("integration")
@Timeout(30)
class RestartTest {
    private static final int ROWS = 30_000;
    private static final int RATE = 60_000;
    private static final int MIDDLE = 5_000;
    private static final int ENDLESS = 50_000_000;

    @TempDir
    Path directory;

    private final AtomicInteger troubles = new AtomicInteger();
    private final AtomicLong broken = new AtomicLong(-1);

    @Test
    void shouldStartAPartitionAgainWhoseTargetFailsForAWhile() throws Exception {
        for (int troubled : List.of(0, 1)) {
            troubles.set(0);
            TroubledSink sink = new TroubledSink((partition, rows) -> {
                if (partition == troubled && rows != null && isInTheMiddle(rows) && troubles.incrementAndGet() <= 3) {
                    throw new MillraceException(ErrorCode.SINK_FAILED, "the target is full", null);
                }
            });
            String job = "copy" + troubled;
            try (Node node = start(sink.connectors())) {
                JobHandle handle = node.submit(TestPlans.copyToTable(job, ROWS, RATE, 3), null);
                JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
                assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
                assertEquals(ROWS, outcome.progress().rowsRead());
                assertEquals(0, outcome.progress().badRecords(), "what the target refuses is not the row's fault");
                assertTaken(all(), sink);
                for (PartitionStatus partition : node.job(job).partitions()) {
                    boolean restarted = partition.index() == troubled;
                    assertEquals(restarted ? 3 : 0, partition.restarts());
                    assertEquals(restarted ? "MR-3020 the target is full" : null, partition.error());
                    assertEquals(PartitionState.FINISHED, partition.state());
                }
            }
        }
    }

    @Test
    void shouldLeaveOutTheRowThatBreaksAPartition() throws Exception {
        TroubledSink sink = new TroubledSink((partition, rows) -> {
            if (partition == 1 && rows != null && isBroken(rows)) {
                troubles.incrementAndGet();
                throw new IllegalStateException("can't bear it");
            }
        });
        try (Node node = start(sink.connectors())) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, outcome.progress().rowsRead());
            assertEquals(1, outcome.progress().badRecords());
            assertEquals(3, troubles.get());
        }
        BitSet expected = all();
        expected.clear((int) broken.get());
        assertTaken(expected, sink);
        List<String> letters = Files.readAllLines(directory.resolve("dead-letters").resolve("orders.jsonl"));
        assertEquals(1, letters.size());
        assertTrue(letters.getFirst().contains(ErrorCode.ROW_BREAKS.id()), letters.getFirst());
        assertTrue(letters.getFirst().contains("can't bear it"), letters.getFirst());
        assertTrue(letters.getFirst().contains("order_id"), letters.getFirst());
    }

    @Test
    void shouldKnowTheRowInTheNextProcess() throws Exception {
        TroubledSink sink = new TroubledSink((partition, rows) -> {
            if (partition == 1 && rows != null && isBroken(rows)) {
                troubles.incrementAndGet();
                throw new IllegalStateException("can't bear it");
            }
        });
        Config slow = ConfigFactory.parseMap(Map.of("millrace.restarts.first-delay", "20s"));
        for (int process = 0; process < 3; process++) {
            // Each process sees it break once.
            try (Node node = Node.start(settings(), sink.connectors(), slow)) {
                node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
                await(node, "copy", status -> count(status, PartitionState.RESTARTING) == 1);
            }
        }
        try (Node node = Node.start(settings(), sink.connectors(), slow)) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(1, outcome.progress().badRecords());
        }
        assertEquals(3, troubles.get());
        assertEquals(ROWS - 1, sink.taken().cardinality());
    }

    @Test
    void shouldSuspendOnePartitionAloneThatBreaksWithoutARow() throws Exception {
        TroubledSink sink = new TroubledSink((partition, rows) -> {
            if (partition == 1 && rows == null) {
                throw new IllegalStateException("no row is to blame");
            }
        });
        try (Node node = start(sink.connectors())) {
            node.submit(TestPlans.copyToTable("copy", ENDLESS, RATE / 3, 3), null);
            JobStatus suspended = await(node, "copy", status -> count(status, PartitionState.SUSPENDED) == 1);
            assertEquals(JobState.RUNNING, suspended.state());
            assertEquals(
                    "partition 0/1 is suspended: MR-6900 java.lang.IllegalStateException: no row is to blame; "
                            + "RESUME JOB tries again",
                    suspended.problem());
            assertEquals(2, suspended.partitions().get(1).restarts());
            await(node, "copy", status -> epoch(status, 0) > epoch(suspended, 0) + 2);
            await(node, "copy", status -> epoch(status, 2) > epoch(suspended, 2) + 2);

            sink.set(TroubledSink.Trouble.NONE);
            node.resume("copy");
            await(node, "copy", status -> epoch(status, 1) > epoch(suspended, 1));
            JobStatus stopped = node.stop("copy");
            assertNull(stopped.problem());
            // Not those read: partitions stop at positions of their own, and count the blocks before these.
            assertEquals(stopped.progress().rowsWritten(), sink.taken().cardinality());
        }
    }

    @Test
    void shouldSuspendTheJobWhenNothingIsLeftAtWork() throws Exception {
        TroubledSink sink = new TroubledSink((partition, rows) -> {
            if (partition == 1 && rows == null) {
                throw new IllegalStateException("never again");
            }
        });
        try (Node node = start(sink.connectors())) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, 10 * RATE, 3), null);
            JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(JobState.FAILED, outcome.state());
            assertEquals(ErrorCode.INTERNAL, outcome.code());
            assertEquals("partition 0/1: java.lang.IllegalStateException: never again", outcome.reason());

            sink.set(TroubledSink.Trouble.NONE);
            node.resume("copy");
            await(node, "copy", status -> status.state() == JobState.FINISHED);
            assertEquals(ROWS, node.job("copy").progress().rowsRead());
            assertNull(node.job("copy").problem());
        }
        assertTaken(all(), sink);
    }

    @Test
    void shouldNotTryAgainWhatNoRestartHeals() throws Exception {
        TroubledSink sink = new TroubledSink((partition, _) -> {
            if (partition == 1) {
                troubles.incrementAndGet();
                throw new MillraceException(ErrorCode.ACCESS_DENIED, "wrong password", null);
            }
        });
        try (Node node = start(sink.connectors())) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(JobState.FAILED, outcome.state());
            assertEquals(ErrorCode.ACCESS_DENIED, outcome.code());
            assertEquals("wrong password", outcome.reason());
            assertEquals(1, troubles.get());

            sink.set(TroubledSink.Trouble.NONE);
            node.resume("copy");
            await(node, "copy", status -> status.state() == JobState.FINISHED);
            assertEquals(ROWS, node.job("copy").progress().rowsRead());
        }
        assertTaken(all(), sink);
    }

    @Test
    void shouldStopInOrderWhileAPartitionWaits() throws Exception {
        TroubledSink sink = new TroubledSink((partition, _) -> {
            if (partition == 1) {
                throw new MillraceException(ErrorCode.SINK_FAILED, "the target is full", null);
            }
        });
        try (Node node = start(sink.connectors())) {
            node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            await(node, "copy", status -> count(status, PartitionState.RESTARTING) == 1);
            assertEquals(JobState.PAUSED, node.pause("copy").state());
            assertEquals(3, count(node.job("copy"), PartitionState.STOPPED));
            sink.set(TroubledSink.Trouble.NONE);
            node.resume("copy");
            await(node, "copy", status -> status.state() == JobState.FINISHED);
            assertEquals(ROWS, node.job("copy").progress().rowsRead());
        }
        assertTaken(all(), sink);
    }

    @Test
    void shouldGoOnWhenTheDiskTakesCheckpointsAgain() throws Exception {
        TroubledSink sink = new TroubledSink(TroubledSink.Trouble.NONE);
        try (Node node = start(sink.connectors())) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE / 6, 3), null);
            await(node, "copy", status -> status.partitions().size() == 3 && status.partitions().get(1).epoch() > 0);
            Path log = logOfPartition("%2f0%2f1");
            Path aside = directory.resolve("aside");
            Files.move(log, aside);
            Files.createFile(log);
            JobStatus held = await(node, "copy", status -> status.partitions().get(1).restarts() > 0);
            assertEquals(JobState.RUNNING, held.state());
            Files.delete(log);
            Files.move(aside, log);
            JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, outcome.progress().rowsRead());
        }
        assertTaken(all(), sink);
    }

    @Test
    void shouldStartAReaderAgainWhoseSourceFailsForAWhile() throws Exception {
        TroubledSink sink = new TroubledSink(TroubledSink.Trouble.NONE);
        try (Node node = start(sink.connectors(new TroubledSource()))) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            JobOutcome outcome = handle.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, outcome.progress().rowsRead());
            assertTrue(troubles.get() > 2);
        }
        assertTaken(all(), sink);
    }

    private Node start(Connectors connectors) {
        Config quick = ConfigFactory.parseMap(Map.of(
                "millrace.restarts.first-delay", "10ms", "millrace.restarts.broken-restarts-max", 2));
        return Node.start(settings(), connectors, quick);
    }

    private NodeSettings settings() {
        return new NodeSettings("127.0.0.1", 0, directory.resolve("state"), directory.resolve("dead-letters"), 2);
    }

    private Path logOfPartition(String end) throws IOException {
        try (Stream<Path> paths = Files.list(directory.resolve("state").resolve("journal"))) {
            return paths.filter(path -> path.getFileName().toString().endsWith(end)).findFirst().orElseThrow();
        }
    }

    private static JobStatus await(Node node, String job, Predicate<JobStatus> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        JobStatus status = node.job(job);
        while (!wanted.test(status)) {
            assertTrue(System.nanoTime() < deadline, "waited in vain; the job is " + status);
            status = node.job(job);
        }
        return status;
    }

    private static long epoch(JobStatus status, int partition) {
        return status.partitions().get(partition).epoch();
    }

    private static long count(JobStatus status, PartitionState state) {
        return status.partitions().stream().filter(partition -> partition.state() == state).count();
    }

    private static void assertTaken(BitSet expected, TroubledSink sink) {
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(sink.taken());
        assertTrue(missing.isEmpty(), () -> missing.cardinality() + " rows are missing, the first is "
                + missing.nextSetBit(0));
        assertEquals(expected.cardinality(), sink.taken().cardinality());
    }

    private static BitSet all() {
        BitSet all = new BitSet();
        all.set(0, ROWS);
        return all;
    }

    private static boolean isInTheMiddle(Batch rows) {
        return TroubledSink.id(rows, 0) > MIDDLE;
    }

    /** Whether the row is there that is broken: the one in the middle of the first batch that is asked about later on. */
    private boolean isBroken(Batch rows) {
        if (isInTheMiddle(rows)) {
            broken.compareAndSet(-1, TroubledSink.id(rows, rows.size() / 2));
        }
        return TroubledSink.holds(rows, broken.get());
    }

    /** Orders whose splits can't be opened the first times. */
    private final class TroubledSource implements SourceConnector {
        private final WorkloadConnector orders = new WorkloadConnector(System::nanoTime);

        @Override
        public String name() {
            return orders.name();
        }

        @Override
        public void validateSource(TableDefinition table) {
            orders.validateSource(table);
        }

        @Override
        public boolean isBounded(TableDefinition table) {
            return orders.isBounded(table);
        }

        @Override
        public Source openSource(TableDefinition table, List<Integer> columns) {
            Source source = orders.openSource(table, columns);
            return new Source() {
                @Override
                public List<Split> resolveSplits() {
                    return source.resolveSplits();
                }

                @Override
                public SplitReader open(Split split, long position) {
                    if (troubles.incrementAndGet() <= 3) {
                        throw new MillraceException(ErrorCode.FILE_UNREADABLE, "not now", null);
                    }
                    return source.open(split, position);
                }
            };
        }
    }
}
