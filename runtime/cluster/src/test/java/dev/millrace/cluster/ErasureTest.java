// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.upgrade.SavepointName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of jobs that are over. */
@Tag("integration")
@Timeout(30)
class ErasureTest {
    private static final int ROWS = 20_000;
    private static final int RATE = 20_000;
    private static final int PARTITIONS = 3;

    @TempDir
    Path directory;

    private final EpochTarget target = new EpochTarget();

    @Test
    void shouldLeaveNothingOfAJobThatIsDroppedAtWork() throws Exception {
        try (Node node = start()) {
            node.submit(TestPlans.copyToTable("copy", ROWS, RATE, PARTITIONS), null);
            target.awaitRows(1_000);
            assertNotEquals(Set.of(), target.owners());
            node.drop("copy");
            assertEquals(List.of(), node.jobs());
            assertEquals(Set.of(), target.owners());
            assertEquals(PARTITIONS, logs().size());
            assertEquals(List.of(), fullLogs());
            assertEquals(List.of(), snapshots());
            long before = target.rows();

            JobHandle again = node.submit(TestPlans.copyToTable("copy", 100, RATE, PARTITIONS), null);
            assertEquals(JobState.FINISHED, again.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(before + 100, target.rows());
        }
    }

    @Test
    void shouldEmptyTheLogsOfAJobThatHasFinished() throws Exception {
        try (Node node = start()) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", 1_000, RATE, PARTITIONS), null);
            assertEquals(JobState.FINISHED, handle.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(1_000, target.rows());
            assertEquals(1_000, target.differentRows());
            assertEquals(Set.of(), target.owners());
            while (logs().size() < PARTITIONS || !fullLogs().isEmpty()) {
                Thread.onSpinWait();
            }
        }
        try (Node node = start()) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", 1_000, RATE, PARTITIONS), null);
            assertEquals(JobState.FINISHED, handle.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(1_000, target.rows());
            node.drop("copy");
            assertEquals(List.of(), node.jobs());
        }
    }

    @Test
    void shouldDropAJobWhoseTargetIsAway() throws Exception {
        try (Node node = start()) {
            node.submit(TestPlans.copyToTable("copy", ROWS, RATE, PARTITIONS), null);
            target.awaitRows(1_000);
            target.goAway();
            node.drop("copy");
            assertEquals(List.of(), node.jobs());
            assertEquals(List.of(), fullLogs());
        }
    }

    /** Deleting reads no event: else a damaged savepoint could never be got rid of. */
    @Test
    void shouldDropASavepointThatIsDamaged() throws Exception {
        try (Node node = start()) {
            node.submit(TestPlans.copyToTable("copy", ROWS, RATE, PARTITIONS), null);
            target.awaitRows(1_000);
            SavepointName name = new SavepointName("copy", "s");
            node.createSavepoint(name);
            node.drop("copy");
            List<Path> images = fullLogs();
            assertEquals(PARTITIONS, images.size());
            damage(images.getFirst());
            node.dropSavepoint(name);
            assertEquals(List.of(), fullLogs());
            assertEquals(List.of(), node.savepoints());
        }
    }

    /** The directories of the logs of partitions and of their images in savepoints. */
    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("state/journal"))) {
            return files.filter(file -> isOfAPartition(file.getFileName().toString())).toList();
        }
    }

    private static boolean isOfAPartition(String name) {
        return name.contains("-1%2f") || name.startsWith("savepoint-");
    }

    private static void damage(Path log) throws IOException {
        Path slot = log.resolve(last(log, ".slot") + ".slot");
        byte[] bytes = Files.readAllBytes(slot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(slot, bytes);
    }

    /** Logs with events that are not deleted. */
    private List<Path> fullLogs() throws IOException {
        return logs().stream().filter(log -> !last(log, ".slot").equals(last(log, ".deleted"))).toList();
    }

    private static String last(Path log, String ending) {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .max(String::compareTo).orElse("none");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> snapshots() throws IOException {
        Path root = directory.resolve("state/snapshots");
        if (Files.notExists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".snapshot")).toList();
        }
    }

    private Node start() {
        NodeSettings settings = new NodeSettings(
                "127.0.0.1", 0, directory.resolve("state"), directory.resolve("dead-letters"), false, 2);
        return Node.start(settings, target.connectors());
    }
}
