// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state of one partition is damaged while nothing runs: its job is suspended and names the file, the others go on, and
 * when the file is back so does the job, as if nothing had been.
 */
@Tag("cluster")
@Timeout(60)
final class StateDamagedTest {
    private static final int ROWS = 30_000;
    private static final String HEALTHY = "healthy";

    @TempDir
    Path directory;

    private final Random random = new Random(Long.getLong("seed", System.nanoTime()));

    /** What somebody does to the files of partition 0; gives the name that the job has to tell. */
    private interface Damage {
        String inflict(PartitionLog log, PartitionLog other) throws IOException;
    }

    private final Map<String, Damage> damages = new TreeMap<>(Map.of(
            "flipped", (log, _) -> flip(log.slots().get(log.slots().size() / 2)),
            "flipped_snapshot", (log, _) -> flip(log.snapshot()),
            "cut", (log, _) -> cut(log.slots().getLast()),
            "cut_snapshot", (log, _) -> cut(log.snapshot()),
            "lost", (log, _) -> {
                Path slot = log.slots().get(log.slots().size() / 2);
                Files.delete(slot);
                return slot.getFileName().toString().replaceAll("0*([1-9]\\d*).*", "$1");
            },
            "lost_snapshot", (log, _) -> {
                // The first slot may have gone for it.
                Files.delete(log.slots().getFirst());
                Files.delete(log.snapshot());
                return log.log().getFileName().toString();
            },
            "lost_end", (log, _) -> {
                // The target knows better than the log, and tells.
                for (int i = 0; i < 3; i++) {
                    Files.delete(log.slots().getLast());
                }
                return "the target has epoch";
            },
            "swapped", (log, other) -> {
                Path slot = log.slots().get(2);
                Path third = slot.resolveSibling("third");
                Path others = other.slots().get(2);
                Files.move(slot, third);
                Files.move(others, slot);
                Files.move(third, others);
                return slot.getFileName().toString();
            }));

    private String flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        return file.toString();
    }

    private String cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        return file.toString();
    }

    @Test
    void shouldSuspendTheJobAndGoOnWhenTheFilesAreBack() throws Exception {
        Path state = directory.resolve("state");
        Path copy = directory.resolve("copy");
        String script = script();
        try (EmbeddedNode node = EmbeddedNode.start(state)) {
            node.run(script);
            for (String job : damages.keySet()) {
                node.await(job, EmbeddedNode.hasEpochs(2, 5));
            }
        }
        copy(state, copy);
        Map<String, String> told = new TreeMap<>();
        for (Map.Entry<String, Damage> damage : damages.entrySet()) {
            told.put(damage.getKey(), damage.getValue().inflict(log(damage.getKey(), 0), log(damage.getKey(), 1)));
        }
        try (EmbeddedNode node = EmbeddedNode.start(state)) {
            for (Map.Entry<String, String> tell : told.entrySet()) {
                JobStatus job = node.await(tell.getKey(), status -> status.state() == JobState.FAILED);
                assertEquals(
                        job.name().equals("lost_end") ? ErrorCode.TARGET_DIFFERS : ErrorCode.STATE_DAMAGED, job.code(),
                        job::toString);
                assertTrue(job.reason().contains(tell.getValue()), () -> job + " does not tell " + tell.getValue());
            }
            node.await(HEALTHY, status -> status.state() == JobState.FINISHED);
            for (String job : damages.keySet()) {
                for (int partition = 0; partition < 2; partition++) {
                    PartitionLog log = log(job, partition);
                    copy(copy.resolve(state.relativize(log.log())), log.log());
                    copy(copy.resolve(state.relativize(log.snapshots())), log.snapshots());
                }
                node.node().resume(job);
            }
            for (String job : damages.keySet()) {
                node.await(job, status -> status.state() == JobState.FINISHED);
            }
        }
        try (Duck duck = new Duck()) {
            String counts = "SELECT customer_id, row_number() OVER (PARTITION BY customer_id) AS n FROM ("
                    + read(HEALTHY, "{order_id: 'BIGINT', customer_id: 'BIGINT'}") + ")";
            assertEquals(ROWS, duck.number("SELECT COUNT(*) FROM (" + counts + ")"));
            for (String job : damages.keySet()) {
                duck.assertSame(job, read(job, "{customer_id: 'BIGINT', n: 'BIGINT'}"), counts);
            }
        }
    }

    private String script() {
        StringBuilder script = new StringBuilder("""
                SET 'partitions' = '2';
                SET 'checkpoint.interval' = '100 ms';
                SET 'guarantee' = 'exactly-once';
                CREATE TABLE orders (order_id BIGINT, customer_id BIGINT)
                WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '%d', 'rows-per-second' = '3000',
                  'splits' = '2');
                """.formatted(ROWS));
        add(script, HEALTHY, "order_id BIGINT, customer_id BIGINT", "SELECT order_id, customer_id FROM orders");
        for (String job : damages.keySet()) {
            add(
                    script, job, "customer_id BIGINT, n BIGINT",
                    "SELECT customer_id, COUNT(*) FROM orders GROUP BY customer_id EMIT CHANGES");
        }
        return script.toString();
    }

    private void add(StringBuilder script, String job, String columns, String query) {
        script.append("CREATE TABLE " + job + " (" + columns
                + ") WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '" + directory.resolve(job)
                + "');\nINSERT INTO " + job + " " + query + ";\n");
    }

    private String read(String job, String columns) {
        return "SELECT * FROM read_json('" + directory.resolve(job)
                + "/part-*.json', format = 'newline_delimited', columns = " + columns + ")";
    }

    private final Map<String, List<String>> owners = new TreeMap<>();

    private PartitionLog log(String job, int partition) throws IOException {
        if (!owners.containsKey(job)) {
            try (Stream<Path> all = Files.list(directory.resolve(job).resolve(".epochs"))) {
                owners.put(job, all.map(owner -> owner.getFileName().toString()).sorted().toList());
            }
        }
        return PartitionLog.of(directory.resolve("state"), owners.get(job).get(partition));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
