// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that stands still while a job goes over to other partitions, and goes on when these are at work elsewhere. */
final class NodeFrozenInChangeTest {
    private static final int NODES = 3;
    private static final int PARTITIONS = 4;
    private static final String CHANGE =
            "ALTER JOB " + WindowsJob.NAME + " SET ('partitions' = '" + PARTITIONS + "');";
    /** How long a change takes, more or less. */
    private static final int CHANGE_MILLIS = 600;
    private static final int PAUSE_MILLIS = 100;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Survivors servers;

    /** It may wake up in the middle of laying down the next generation, which somebody else has given up since. */
    @Test
    @Tag("soak")
    @Timeout(5 * 60)
    void shouldDecideNothingThatAnotherNodeHasDecidedSince() throws Exception {
        change("decides", true);
    }

    @Test
    @Tag("soak")
    @Timeout(5 * 60)
    void shouldGiveNothingThatTheNextGenerationGives() throws Exception {
        change("gives", false);
    }

    private void change(String name, boolean leads) throws Exception {
        System.out.println("seed " + seed);
        try (ServerCluster cluster = new ServerCluster(directory, NODES);
                WindowsJob job = new WindowsJob(KafkaBroker.shared(), directory, name)) {
            servers = job.begin(cluster, 1);
            String leader = servers.ask(client -> client.job(WindowsJob.NAME)).path("node").asText();
            int frozen = IntStream.range(0, NODES)
                    .filter(server -> cluster.address(server).equals(leader) == leads)
                    .findFirst().orElseThrow();
            // If the one that leads is frozen, the answer never comes, and the server takes no other statement until then.
            MillraceClient waiting = cluster.server((frozen + 1) % NODES).client();
            MillraceClient asked = cluster.server((frozen + 2) % NODES).client();
            Thread.ofVirtual().start(() -> ask(waiting));
            awaitFirstCopy();
            Thread.sleep(random.nextInt(CHANGE_MILLIS));
            servers.signal(frozen, "STOP");
            job.awaitNewResults(servers);

            cluster.server(frozen).signal("CONT");
            assertEquals(1, cluster.server(frozen).exitCode(), servers::told);
            awaitChange(asked);
            job.awaitNewResults(servers);
            job.endAndCompare(servers);
        }
    }

    /** The next generation's logs are begun with copies of what the partitions hold. */
    private void awaitFirstCopy() throws IOException, InterruptedException {
        while (true) {
            try (Stream<Path> logs = Files.list(directory.resolve("state").resolve("journal"))) {
                if (logs.anyMatch(log -> log.getFileName().toString().startsWith("savepoint-"))) {
                    return;
                }
            }
            Thread.sleep(1);
        }
    }

    /** Asks for it again where it was given up. */
    private static void awaitChange(MillraceClient asked) throws InterruptedException {
        while (asked.job(WindowsJob.NAME).path("partitions").asInt() != PARTITIONS) {
            asked.statements(CHANGE, Map.of());
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static void ask(MillraceClient waiting) {
        try {
            waiting.statements(CHANGE, Map.of());
        } catch (MillraceException e) {
            // The test is over, and the server gone.
        }
    }
}
