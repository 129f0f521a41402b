// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.client.RemoteQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three servers share a job; the one that leads them all is told to end, and comes back. */
@Tag("cluster")
@Timeout(60)
final class ServerLeavesTest {
    private static final int SERVERS = 3;
    private static final int PARTITIONS = 6;
    private static final int ROWS = 110_000;
    private static final int RATE = 5_000;
    private static final int SOME_ROWS = 100;

    @TempDir
    Path directory;

    @Test
    void shouldGoOnWithEveryRowOnceWhenTheFirstServerLeaves() throws Exception {
        Path copies = directory.resolve("copies");
        try (ServerCluster cluster = new ServerCluster(directory, SERVERS)) {
            Survivors servers = new Survivors(cluster);
            servers.start(0, 1, 2);
            servers.submit(0, """
                    CREATE TABLE orders (order_id BIGINT) WITH ('connector' = 'workload', 'workload' = 'orders',
                      'rows' = '%d', 'rows-per-second' = '%d', 'splits' = '3');
                    CREATE TABLE few (order_id BIGINT) WITH ('connector' = 'workload', 'workload' = 'orders',
                      'rows' = '%d', 'splits' = '2');
                    CREATE TABLE copies (order_id BIGINT)
                      WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv');
                    SET 'partitions' = '%d';
                    SET 'checkpoint.interval' = '200 ms';
                    INSERT INTO copies SELECT order_id FROM orders;
                    """.formatted(ROWS, RATE, SOME_ROWS, copies, PARTITIONS));
            servers.awaitMembership();
            servers.awaitShares("copies");
            assertEquals(SOME_ROWS, count(cluster.server(1), "SELECT order_id FROM few"));

            servers.leave(0, "copies");
            JsonNode moves = cluster.server(2).client().moves("copies");
            assertTrue(moves.path("count").asLong() >= 3, moves::toString);

            // It gets its share again while the rest comes, or is too late for it.
            cluster.begin(0);
            servers.await(client -> client.job("copies"), job -> job.path("state").asText().equals("finished"));
            assertEquals(ROWS, servers.ask(client -> client.job("copies")).path("rows_read").asLong());
        }
        assertEquals(IntStream.range(0, ROWS).boxed().toList(), written(copies));
    }

    private static int count(ServerProcess server, String sql) {
        int rows = 0;
        try (RemoteQuery query = server.client().query(sql, Map.of())) {
            while (query.next() != null) {
                rows++;
            }
        }
        return rows;
    }

    /** All that the part files hold, in order. */
    private static List<Integer> written(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .flatMap(ServerLeavesTest::lines)
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
