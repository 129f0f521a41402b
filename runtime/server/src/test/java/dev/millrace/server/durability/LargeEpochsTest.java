// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.testing.SlowPlugin;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Epochs of several chunks, a few of which are always on their way to a slow journal, while later ones are written into the
 * arrays of those that have arrived.
 */
@Tag("cluster")
@Timeout(60)
final class LargeEpochsTest {
    private static final int ROWS = 600_000;
    private static final Config SLOW = ConfigFactory.parseString("""
            slow-journal {
              class = "%s"
              kind = journal
              plugin = "millrace.checkpointing.directory.journal"
              delay = 120ms
            }
            pekko.persistence.journal.plugin = slow-journal
            """.formatted(SlowPlugin.class.getName()));

    @TempDir
    Path directory;

    private EmbeddedNode start() {
        return EmbeddedNode.start(
                directory.resolve("state"),
                BuiltInConnectors.create(new PrintStream(OutputStream.nullOutputStream())), SLOW);
    }

    /** Each row makes a group that never changes again, so that what an early epoch holds of it is never put right. */
    @Test
    void shouldRestoreEachGroupAsItWas() throws Exception {
        try (EmbeddedNode node = start()) {
            node.run(
                    """
                            SET 'partitions' = '1';
                            SET 'checkpoint.interval' = '100 ms';
                            SET 'guarantee' = 'exactly-once';
                            CREATE TABLE orders (order_id BIGINT)
                            WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '%d', 'rows-per-second' = '200000');
                            CREATE TABLE sums (k STRING, n BIGINT, total BIGINT)
                            WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '%s');
                            INSERT INTO sums
                            SELECT k, COUNT(*), SUM(order_id)
                            FROM (SELECT order_id, 'the key of the group of order ' || CAST(order_id AS STRING) AS k FROM orders)
                            GROUP BY k EMIT FINAL;
                            """
                            .formatted(ROWS, directory.resolve("sums")));
            node.await("sums", EmbeddedNode.hasEpochs(1, 8));
        }
        try (EmbeddedNode node = start()) {
            JobStatus job = node.await("sums", status -> status.state().isTerminal());
            assertEquals(JobState.FINISHED, job.state(), job::toString);
        }
        try (Duck duck = new Duck()) {
            duck.assertSame(
                    "sums",
                    "FROM read_csv('" + directory.resolve("sums") + "/part-*.csv', header = false, "
                            + "columns = {k: 'VARCHAR', n: 'BIGINT', total: 'BIGINT'})",
                    "SELECT 'the key of the group of order ' || range AS k, 1 AS n, range AS total FROM range(" + ROWS
                            + ")");
        }
    }
}
