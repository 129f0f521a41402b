// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(30)
class NodeTest {
    private static final int ROWS = 100_000;

    @TempDir
    Path directory;

    @Test
    void shouldBringEveryRowToTheClientOnce() throws Exception {
        run("off");
    }

    @Test
    void shouldFinishOnlyWhenTheClientHasTakenEverything() throws Exception {
        try (Node node = Node.start(settings(null), BuiltInConnectors.create(System.out))) {
            for (int round = 0; round < 20; round++) {
                LongAdder taken = new LongAdder();
                JobHandle job = node.submit(TestPlans.copyToClient(10, 8), batch -> taken.add(batch.size()));
                assertEquals(JobState.FINISHED, job.outcome().get(30, TimeUnit.SECONDS).state());
                assertEquals(10, taken.sum());
            }
        }
    }

    @Test
    void shouldFeedAllStagesOfAStatementSetFromOneReading() throws Exception {
        LongAdder wide = new LongAdder();
        LongAdder narrow = new LongAdder();
        CollectingSink sink = new CollectingSink(
                batch -> (batch.columns().length == 2 ? wide : narrow).add(batch.size()));
        try (Node node = Node.start(settings(null), sink.connectors())) {
            JobOutcome outcome = node.submit(TestPlans.statementSet(ROWS), null).outcome().get(30, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, outcome.progress().rowsRead());
            assertEquals(ROWS, wide.sum());
            assertEquals(ROWS, narrow.sum());
        }
    }

    @Test
    void shouldSendAllMessagesThroughTheirSerializers() throws Exception {
        run("on");
    }

    private void run(String serializeMessages) throws Exception {
        BitSet seen = new BitSet();
        try (Node node = Node.start(
                settings(null),
                BuiltInConnectors.create(System.out),
                ConfigFactory.parseMap(Map.of("pekko.actor.serialize-messages", serializeMessages)))) {
            JobHandle job = node.submit(TestPlans.copyToClient(ROWS, 3), batch -> mark(batch, seen));
            JobOutcome outcome = job.outcome().get(30, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, outcome.progress().rowsRead());
            assertEquals(ROWS, outcome.progress().rowsWritten());
        }
        assertEquals(ROWS, seen.cardinality());
    }

    @Test
    void shouldGoOnWhereAJobStoodThatWasStoppedInOrder() throws Exception {
        BitSet seen = new BitSet();
        CollectingSink sink = new CollectingSink(batch -> mark(batch, seen));
        long readBefore;
        try (Node node = Node.start(settings(directory.resolve("state")), sink.connectors())) {
            JobHandle job = node.submit(TestPlans.copyToTable("copy", ROWS, 50_000, 3), null);
            sink.awaitRows(1_000);
            job.stop();
            JobOutcome outcome = job.outcome().get(30, TimeUnit.SECONDS);
            assertEquals(JobState.STOPPED, outcome.state(), String.valueOf(outcome.reason()));
            readBefore = outcome.progress().rowsRead();
            assertTrue(readBefore < ROWS, "stopped in the middle");
        }
        try (Node node = Node.start(settings(directory.resolve("state")), sink.connectors())) {
            JobHandle job = node.submit(TestPlans.copyToTable("copy", ROWS, 50_000, 3), null);
            JobOutcome outcome = job.outcome().get(30, TimeUnit.SECONDS);
            assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
            assertEquals(ROWS, outcome.progress().rowsRead());
        }
        assertEquals(ROWS, seen.cardinality());
        try (Node node = Node.start(settings(directory.resolve("state")), sink.connectors())) {
            JobHandle same = node.submit(TestPlans.copyToTable("copy", ROWS, 50_000, 3), null);
            assertEquals(JobState.FINISHED, same.outcome().get(30, TimeUnit.SECONDS).state());
            JobHandle other = node.submit(TestPlans.copyToTable("copy", ROWS + 1, 50_000, 3), null);
            assertEquals(
                    ErrorCode.JOB_EXISTS, other.outcome().get(30, TimeUnit.SECONDS).code());
        }
    }

    /** What Pekko does to a node that is no longer one of its cluster. */
    @Test
    void shouldWaitForNoJobWhenItHasBeenEnded() throws Exception {
        CollectingSink sink = new CollectingSink(_ -> {});
        Node node = Node.start(settings(directory.resolve("state")), sink.connectors());
        try {
            node.submit(TestPlans.copyToTable("copy", ROWS, 1_000, 3), null);
            sink.awaitRows(10);
        } finally {
            node.system().terminate();
        }
        node.ended().get(20, TimeUnit.SECONDS);
        assertTimeout(Duration.ofSeconds(20), node::close);
    }

    @Test
    void shouldSuspendAJobWhoseSinkFailsWithItsReason() throws Exception {
        CollectingSink sink = new CollectingSink(_ -> {
            throw new MillraceException(ErrorCode.SINK_GONE, "the target is closed", null);
        });
        try (Node node = Node.start(settings(null), sink.connectors())) {
            JobHandle job = node.submit(TestPlans.copyToTable("full", ROWS, 1_000_000, 3), null);
            JobOutcome outcome = job.outcome().get(30, TimeUnit.SECONDS);
            assertEquals(JobState.FAILED, outcome.state());
            assertEquals(ErrorCode.SINK_GONE, outcome.code());
            assertEquals("the target is closed", outcome.reason());
        }
    }

    private NodeSettings settings(Path state) {
        return new NodeSettings("127.0.0.1", 0, state, directory.resolve("dead-letters"), 2);
    }

    /** The first column numbers the rows; each may come once. */
    private static void mark(Batch batch, BitSet seen) {
        LongVector ids = (LongVector) batch.column(0);
        synchronized (seen) {
            for (int i = 0; i < batch.size(); i++) {
                int id = (int) ids.get(batch.row(i));
                assertFalse(seen.get(id), "row " + id + " came twice");
                seen.set(id);
            }
        }
    }
}
