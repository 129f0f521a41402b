// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.MillraceProcess;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A windowed GROUP BY from a topic of four partitions into a topic, while the engine is killed and started again. Rows may
 * come again (at-least-once), but no group may ever be wrong.
 */
final class EngineKilledBetweenTopicsTest {
    private static final int PARTITIONS = 4;
    private static final int ROWS_PER_ROUND = 40_000;
    private static final int KEYS = 50;
    private static final long BASE = 1_700_000_040_000L;
    private static final int ROWS_PER_MILLI = 4;

    @TempDir
    Path directory;

    private final Map<String, long[]> groups = new HashMap<>();
    private long nextRow;

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldNeverGiveAWrongGroup() throws Exception {
        killAndStart(2);
    }

    @Test
    @Tag("soak")
    @Timeout(300)
    void shouldNeverGiveAWrongGroupInTenKills() throws Exception {
        killAndStart(10);
    }

    private void killAndStart(int kills) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        KafkaBroker broker = KafkaBroker.shared();
        KafkaTopics topics = broker.topics();
        topics.create(name("trades", kills), PARTITIONS);
        topics.create(name("minutes", kills), 2);
        String text = script(broker.bootstrapServers(), name("trades", kills), name("minutes", kills));
        Path script = Files.writeString(directory.resolve("job.sql"), text);

        for (int kill = 0; kill < kills; kill++) {
            Process engine = start(script);
            topics.append(round(random, name("trades", kills)));
            // A moment of chance, from before the job runs to after it has caught up.
            Thread.sleep(1_000 + random.nextInt(3_000));
            assertTrue(engine.isAlive(), this::errors);
            MillraceProcess.signal(engine, "KILL");
            engine.waitFor();
        }
        Process engine = start(script);
        topics.append(round(random, name("trades", kills)));
        topics.append(rowsThatCloseAllWindows(name("trades", kills)));
        Set<String> expected = expected();
        Set<String> seen = new TreeSet<>();
        while (!seen.containsAll(expected)) {
            assertTrue(engine.isAlive(), this::errors);
            Thread.sleep(200);
            seen = new TreeSet<>(topics.values(name("minutes", kills)));
        }
        MillraceProcess.signal(engine, "TERM");
        engine.waitFor();

        Set<String> wrong = new HashSet<>(topics.values(name("minutes", kills)));
        wrong.removeAll(expected);
        assertEquals(Set.of(), wrong);
    }

    private Process start(Path script) throws Exception {
        return new ProcessBuilder(MillraceProcess.command(
                "run", script.toString(), "--state", directory.resolve("state").toString()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.appendTo(directory.resolve("errors.txt").toFile()))
                .start();
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors.txt"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    /** Topics of their own for each test, since the broker is shared. */
    private static String name(String topic, int kills) {
        return topic + "-" + kills;
    }

    private static String script(String servers, String source, String target) {
        return """
                SET 'partitions' = '4';
                SET 'checkpoint.interval' = '200 ms';
                SET 'guarantee' = 'at-least-once';
                CREATE TABLE trades (trader STRING, quantity BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
                WITH ('connector' = 'kafka', 'topic' = '%2$s', 'properties.bootstrap.servers' = '%1$s',
                  'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
                CREATE TABLE minutes (window_start TIMESTAMP(3), trader STRING, trades BIGINT, volume BIGINT)
                WITH ('connector' = 'kafka', 'topic' = '%3$s', 'properties.bootstrap.servers' = '%1$s',
                  'format' = 'json');
                INSERT INTO minutes
                SELECT window_start, trader, COUNT(*), SUM(quantity)
                FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' SECOND))
                GROUP BY window_start, window_end, trader;
                """.formatted(servers, source, target);
    }

    private List<ProducerRecord<String, String>> round(Random random, String topic) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < ROWS_PER_ROUND; i++) {
            long row = nextRow++;
            long time = BASE + row / ROWS_PER_MILLI;
            String trader = "T" + random.nextInt(KEYS);
            long quantity = random.nextInt(1_000);
            long[] group = groups.computeIfAbsent(time / 1_000 * 1_000 + " " + trader, _ -> new long[2]);
            group[0]++;
            group[1] += quantity;
            records.add(record(topic, (int) (row % PARTITIONS), trader, quantity, time));
        }
        return records;
    }

    private List<ProducerRecord<String, String>> rowsThatCloseAllWindows(String topic) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            records.add(record(topic, partition, "last", 0, BASE + nextRow + 10_000_000));
        }
        return records;
    }

    private static ProducerRecord<String, String> record(String topic, int partition, String trader, long quantity,
            long time) {
        return new ProducerRecord<>(topic, partition, null,
                "{\"trader\":\"" + trader + "\",\"quantity\":" + quantity + ",\"ts\":" + time + "}");
    }

    private Set<String> expected() {
        Set<String> rows = new TreeSet<>();
        groups.forEach((name, group) -> {
            long start = Long.parseLong(name.substring(0, name.indexOf(' ')));
            String time = java.time.Instant.ofEpochMilli(start).toString().replace("T", " ").replace("Z", "");
            rows.add("{\"window_start\":\"" + (time.length() == 19 ? time + ".000" : time) + "\",\"trader\":\""
                    + name.substring(name.indexOf(' ') + 1) + "\",\"trades\":" + group[0] + ",\"volume\":" + group[1]
                    + "}");
        });
        return rows;
    }
}
