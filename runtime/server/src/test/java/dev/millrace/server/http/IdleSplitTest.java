// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.StatementsAnswer;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows over a topic of which some partitions bring nothing. */
@Tag("cluster")
@Timeout(60)
final class IdleSplitTest {
    private static final long BASE = 1_700_000_000_000L;

    @RegisterExtension
    static final ServerExtension SERVER = new ServerExtension();

    private final MillraceClient client = SERVER.client();
    private final KafkaTopics topics = KafkaBroker.shared().topics();

    @Test
    void shouldCloseWindowsWithoutTheEmptyPartitions() {
        topics.create("idle-in", 4);
        topics.create("idle-out", 1);
        topics.append("idle-in", 0, row(0, "a"), row(1_500, "a"), row(3_000, "a"));
        topics.append("idle-in", 1, row(10, "b"), row(1_600, "b"), row(3_000, "b"));
        start("idle");

        awaitWindows(List.of("0 a 1", "0 b 1", "1000 a 1", "1000 b 1"));

        // The woken partition's first row comes too late for its window and is counted; its next one does not.
        topics.append("idle-in", 3, row(1_700, "c"), row(6_000, "c"));
        topics.append("idle-in", 0, row(6_000, "a"));
        topics.append("idle-in", 1, row(6_000, "b"));
        awaitWindows(List.of("0 a 1", "0 b 1", "1000 a 1", "1000 b 1", "3000 a 1", "3000 b 1"));
        ServerExtension.await(() -> client.job("idle").path("rows_of_closed_windows").asLong() == 1);
        assertEquals(0, client.job("idle").path("late_rows").asLong());
    }

    @Test
    void shouldNameTheSplitThatHoldsTheWatermark() {
        topics.create("held-in", 2);
        topics.create("held-out", 1);
        topics.append("held-in", 0, row(0, "a"), row(3_000, "a"));
        run("""
                SET 'partitions' = '1';
                CREATE TABLE held_in (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka',
                  'topic' = 'held-in', 'properties.bootstrap.servers' = '%s', 'format' = 'json',
                  'scan.startup.mode' = 'earliest-offset');
                CREATE TABLE held (k STRING, n BIGINT) WITH ('connector' = 'blackhole');
                INSERT INTO held SELECT k, COUNT(*)
                FROM TABLE(TUMBLE(TABLE held_in, DESCRIPTOR(ts), INTERVAL '1' SECOND))
                GROUP BY window_start, window_end, k;
                """.formatted(KafkaBroker.shared().bootstrapServers()));

        ServerExtension.await(() -> client.job("held").path("rows_read").asLong() == 2);
        JsonNode partition = client.partitions("held").iterator().next();
        assertEquals("held_in split 1", partition.path("slowest_input").asText());
        assertEquals(0, partition.path("rows_written").asLong());
    }

    private void start(String name) {
        run("""
                CREATE TABLE %2$s_in (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka',
                  'topic' = '%2$s-in', 'properties.bootstrap.servers' = '%1$s', 'format' = 'json',
                  'scan.startup.mode' = 'earliest-offset', 'scan.watermark.idle-timeout' = '300 ms');
                CREATE TABLE %2$s (start BIGINT, k STRING, n BIGINT) WITH ('connector' = 'kafka',
                  'topic' = '%2$s-out', 'properties.bootstrap.servers' = '%1$s', 'format' = 'json');
                INSERT INTO %2$s SELECT EXTRACT(EPOCH FROM window_start), k, COUNT(*)
                FROM TABLE(TUMBLE(TABLE %2$s_in, DESCRIPTOR(ts), INTERVAL '1' SECOND))
                GROUP BY window_start, window_end, k;
                """.formatted(KafkaBroker.shared().bootstrapServers(), name));
    }

    private void run(String script) {
        StatementsAnswer answer = client.statements(script, Map.of());
        assertEquals(List.of(), answer.errors());
    }

    private void awaitWindows(List<String> windows) {
        List<String> expected = new ArrayList<>();
        for (String window : windows) {
            String[] parts = window.split(" ");
            expected.add("{\"start\":" + (BASE + Long.parseLong(parts[0])) / 1_000 + ",\"k\":\"" + parts[1]
                    + "\",\"n\":" + parts[2] + "}");
        }
        ServerExtension.await(() -> client.job("idle").path("rows_written").asLong() >= expected.size());
        ServerExtension.await(() -> topics.values("idle-out").size() >= expected.size());
        assertTrue(new TreeSet<>(topics.values("idle-out")).containsAll(expected));
    }

    private static String row(long millis, String key) {
        return "{\"k\":\"" + key + "\",\"ts\":" + (BASE + millis) + "}";
    }
}
