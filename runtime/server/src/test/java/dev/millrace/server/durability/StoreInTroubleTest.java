// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.PartitionState;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.testing.SlowPlugin;
import dev.millrace.testing.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk with the state is full, read-only or slow while a job runs: it says so, loses nothing, and goes on. */
@Tag("cluster")
@Timeout(60)
final class StoreInTroubleTest {
    private static final Config IMPATIENT = ConfigFactory.parseString("millrace.restarts.delay-max = 200ms");
    private static final Config SLOW = ConfigFactory.parseString("""
            slow-journal {
              class = "%s"
              kind = journal
              plugin = "millrace.checkpointing.directory.journal"
              delay = 1ms
            }
            pekko.persistence.journal.plugin = slow-journal
            """.formatted(SlowPlugin.class.getName()));

    @TempDir
    Path directory;

    private Copies copies() {
        return new Copies(directory);
    }

    private EmbeddedNode start(Path state, Config config) {
        return EmbeddedNode.start(
                state, BuiltInConnectors.create(new PrintStream(OutputStream.nullOutputStream())), config);
    }

    @Test
    void shouldGoOnWhenTheDiskHasSpaceAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(journal(), 16_384)) {
            goThrough("No space left", disk::fill, disk::free);
        }
    }

    @Test
    void shouldGoOnWhenTheDiskCanBeWrittenAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(journal(), 16_384)) {
            goThrough("Read-only", () -> disk.setReadOnly(true), () -> disk.setReadOnly(false));
        }
    }

    /** The logs alone lie on the disk: the state directory has a lock, open for writing, that nothing may turn away. */
    private Path journal() throws IOException {
        return Files.createDirectories(directory.resolve("state").resolve("journal"));
    }

    private void goThrough(String reason, Runnable harm, Runnable heal) throws Exception {
        try (EmbeddedNode node = start(directory.resolve("state"), IMPATIENT)) {
            node.run(copies().script(40_000, 10_000));
            node.await("copies", EmbeddedNode.hasEpochs(3, 2));
            harm.run();
            JobStatus troubled = node.await("copies", status -> status.partitions().stream()
                    .allMatch(partition -> partition.state() == PartitionState.RESTARTING));
            assertEquals(JobState.RUNNING, troubled.state());
            assertTrue(
                    troubled.problem().contains(ErrorCode.STATE_UNWRITABLE.id()) && troubled.problem().contains(reason),
                    troubled::toString);
            heal.run();
            JobStatus job = node.await("copies", status -> status.state().isTerminal());
            assertEquals(JobState.FINISHED, job.state(), job::toString);
        }
        copies().assertEachRowOnce(40_000);
    }

    @Test
    void shouldLoseNoSpeedWhenTheStoreIsSlow() throws Exception {
        try (EmbeddedNode node = start(directory.resolve("state"), SLOW.withFallback(IMPATIENT))) {
            node.run(copies().script(60_000, 10_000));
            node.await("copies", EmbeddedNode.hasEpochs(3, 3));
            long before = node.node().job("copies").progress().rowsRead();
            SlowPlugin.setJournalDelay(node.node().system().classicSystem(), "slow-journal", Duration.ofMillis(100));
            long start = System.nanoTime();
            // 100 ms for each of three partitions: an epoch lasts three times as long as it would, and has more rows.
            JobStatus later = node.await("copies", status -> status.progress().rowsRead() >= before + 30_000);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.toMillis() < 2 * 3_000, () -> "30,000 rows at 10,000 a second took " + took + ": " + later);
            SlowPlugin.setJournalDelay(node.node().system().classicSystem(), "slow-journal", Duration.ofMillis(1));
            node.await("copies", status -> status.state() == JobState.FINISHED);
        }
        copies().assertEachRowOnce(60_000);
    }
}
