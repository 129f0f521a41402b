// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.connectors.filesystem.FilesystemConnector;
import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.connector.Connectors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Targets that take each row once, and fail or are away: the job goes on, waits and stops, and each row is there once. */
@Tag("cluster")
@Timeout(60)
final class TargetInTroubleTest {
    private static final Config IMPATIENT = ConfigFactory.parseMap(Map.of("millrace.restarts.first-delay", "10ms",
            "millrace.restarts.delay-max", "50ms"));

    @TempDir
    Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Trouble trouble = new Trouble(new Random(seed));

    @BeforeEach
    void tellSeed() {
        System.out.println("seed " + seed);
    }

    private Copies copies() {
        return new Copies(directory);
    }

    private EmbeddedNode start() {
        Connectors connectors = new Connectors(
                List.of(new WorkloadConnector(System::nanoTime)),
                List.of(new WrappedConnector(
                        new FilesystemConnector(Path.of(""), System::nanoTime), trouble::wrap)));
        return EmbeddedNode.start(directory.resolve("state"), connectors, IMPATIENT);
    }

    @Test
    void shouldWriteEachRowOnceIntoATargetThatFailsNowAndThen() throws Exception {
        trouble.fail(0.1);
        try (EmbeddedNode node = start()) {
            node.run(copies().script(40_000, 10_000));
            JobStatus job = node.await("copies", status -> status.state().isTerminal());
            assertEquals(JobState.FINISHED, job.state(), job::toString);
            int restarts = job.partitions().stream().mapToInt(PartitionStatus::restarts).sum();
            assertTrue(restarts >= 3 && trouble.failures() >= restarts, () -> trouble.failures() + " failures, " + job);
        }
        copies().assertEachRowOnce(40_000);
    }

    @Test
    void shouldPauseAndStopWithoutTheTargetAndReleaseTheRestWhenItIsBack() throws Exception {
        try (EmbeddedNode node = start()) {
            node.run(copies().script(1_000_000_000, 5_000));
            node.await("copies", EmbeddedNode.hasEpochs(3, 2));
            trouble.leave();
            node.await("copies", status -> trouble.waiting() == 3 && status.problem() != null);

            long start = System.nanoTime();
            JobStatus paused = node.node().pause("copies");
            assertEquals(JobState.PAUSED, paused.state());
            assertNull(paused.problem());
            assertShort(start);

            // The target is still away: the job goes on as far as it may, and can be stopped all the same.
            assertTrue(!node.node().resume("copies").state().isTerminal());
            node.await("copies", _ -> trouble.waiting() == 3);
            start = System.nanoTime();
            assertEquals(JobState.STOPPED, node.node().stop("copies").state());
            assertShort(start);

            trouble.comeBack();
            node.node().resume("copies");
            node.await("copies", status -> status.state() == JobState.RUNNING && status.problem() == null
                    && status.progress().rowsRead() > paused.progress().rowsRead());
            JobStatus stopped = node.node().stop("copies");
            assertEquals(JobState.STOPPED, stopped.state());
            assertTrue(stopped.progress().rowsRead() > 0);
            assertEquals(stopped.progress().rowsRead(), stopped.progress().rowsWritten());
            rows = stopped.progress().rowsRead();
        }
        // Which rows of which split were read is the readers' choice; how many, the job knows.
        try (Duck duck = new Duck()) {
            String ids = "read_csv('" + directory.resolve("copies")
                    + "/part-*.csv', header = false, columns = {id: 'BIGINT'})";
            assertEquals(rows, duck.number("SELECT COUNT(*) FROM " + ids));
            assertEquals(rows, duck.number("SELECT COUNT(DISTINCT id) FROM " + ids));
        }
    }

    private long rows;

    private static void assertShort(long startNanos) {
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        assertTrue(took.toSeconds() < 8, () -> "took " + took);
    }
}
