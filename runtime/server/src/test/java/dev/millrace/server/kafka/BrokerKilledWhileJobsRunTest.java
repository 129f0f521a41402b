// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.ToldProcess;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that is killed while one job reads from it and another writes to it, and started again: the jobs say that they
 * are held up, go on by themselves, and nothing is missing or wrong in the end.
 */
@Tag("cluster")
@Timeout(60)
final class BrokerKilledWhileJobsRunTest {
    private static final int PARTITIONS = 4;
    private static final int ROUND = 2_000;
    private static final int KEYS = 20;
    private static final int ROWS_PER_SECOND = 500;
    private static final String SCRIPT = """
            SET 'partitions' = '2';
            SET 'checkpoint.interval' = '200 ms';
            CREATE TABLE trades (trader STRING, quantity BIGINT)
            WITH ('connector' = 'kafka', 'topic' = 'held-trades', 'properties.bootstrap.servers' = '%1$s',
              'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
            CREATE TABLE totals (trader STRING, n BIGINT, volume BIGINT, PRIMARY KEY (trader) NOT ENFORCED)
            WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'properties.bootstrap.servers' = '%1$s',
              'key.format' = 'json', 'value.format' = 'json');
            CREATE TABLE ticks (id BIGINT)
            WITH ('connector' = 'datagen', 'rows-per-second' = '%2$d', 'fields.id.kind' = 'sequence',
              'fields.id.start' = '1', 'fields.id.end' = '1000000');
            CREATE TABLE ids (id BIGINT)
            WITH ('connector' = 'kafka', 'topic' = 'ids', 'properties.bootstrap.servers' = '%1$s', 'format' = 'json');
            INSERT INTO totals SELECT trader, COUNT(*), SUM(quantity) FROM trades GROUP BY trader;
            INSERT INTO ids SELECT id FROM ticks;
            """;

    @TempDir
    Path directory;

    private final Map<String, long[]> groups = new HashMap<>();
    private int nextRow;

    @Test
    void shouldBeHeldUpAndGoOnByThemselves() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        KafkaTopics topics = broker.topics();
        topics.create("held-trades", PARTITIONS);
        topics.create("totals", 2);
        topics.create("ids", 2);
        Path script = Files.writeString(
                directory.resolve("job.sql"), SCRIPT.formatted(broker.bootstrapServers(), ROWS_PER_SECOND));
        try (ToldProcess run = ToldProcess.start(
                directory, "run", script.toString(), "--state", directory.resolve("state").toString())) {
            topics.append(round());
            awaitTotals(topics);
            awaitIds(topics, ROWS_PER_SECOND);

            broker.kill();
            try {
                awaitBoth(run, " is held up and goes on by itself: the brokers " + broker.bootstrapServers() + " ");
            } finally {
                broker.restart();
            }
            awaitBoth(run, " goes on");

            topics.append(round());
            awaitTotals(topics);
            int ids = awaitIds(topics, 2 * ROWS_PER_SECOND);
            awaitIds(topics, ids + 1);
            run.signal("TERM");
            assertEquals(143, run.exitCode(), run::told);
            assertTrue(run.told().contains("job \"totals\" stopped: "), run::told);
            assertTrue(run.told().contains("job \"ids\" stopped: "), run::told);
        }
        assertEquals(expected(), totals(topics));
        awaitIds(topics, 2 * ROWS_PER_SECOND);
    }

    /** Waits until this was said of both jobs. */
    private static void awaitBoth(ToldProcess run, String what) throws InterruptedException {
        Set<String> jobs = new HashSet<>();
        while (!jobs.equals(Set.of("job \"ids\"", "job \"totals\""))) {
            String line = run.await(what);
            jobs.add(line.substring(0, line.indexOf(what)));
        }
    }

    private List<ProducerRecord<String, String>> round() {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            int row = nextRow++;
            String trader = "T" + row % KEYS;
            long[] group = groups.computeIfAbsent(trader, _ -> new long[2]);
            group[0]++;
            group[1] += row;
            records.add(new ProducerRecord<>("held-trades", row % PARTITIONS, null,
                    "{\"trader\":\"" + trader + "\",\"quantity\":" + row + "}"));
        }
        return records;
    }

    private Map<String, String> expected() {
        return groups.entrySet()
                .stream()
                .collect(Collectors.toMap(
                        group -> "{\"trader\":\"" + group.getKey() + "\"}",
                        group -> "{\"trader\":\"" + group.getKey() + "\",\"n\":" + group.getValue()[0]
                                + ",\"volume\":" + group.getValue()[1] + "}"));
    }

    private void awaitTotals(KafkaTopics topics) {
        while (!totals(topics).equals(expected())) {
            Thread.onSpinWait();
        }
    }

    /** The last value of each key. */
    private static Map<String, String> totals(KafkaTopics topics) {
        return topics.readCommitted("totals")
                .stream()
                .collect(Collectors.toMap(ConsumerRecord::key, ConsumerRecord::value, (_, last) -> last));
    }

    /** Waits for so many rows, and gives how many there are. None may be left out among them; some may come twice. */
    private static int awaitIds(KafkaTopics topics, int least) {
        while (true) {
            Set<String> values = new TreeSet<>(topics.values("ids"));
            Set<String> first = IntStream.rangeClosed(1, values.size())
                    .mapToObj(id -> "{\"id\":" + id + "}")
                    .collect(Collectors.toSet());
            if (values.size() >= least && values.equals(first)) {
                return values.size();
            }
        }
    }
}
