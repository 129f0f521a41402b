// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.durability.CommittedValues;
import dev.millrace.server.durability.Duck;
import dev.millrace.testing.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A job from a topic over windows and groups into a topic, each row once; what is fed to it, and what it has written. Its
 * groups are spread over all partitions, so a window is complete when each of them has written its part.
 */
final class WindowsJob implements AutoCloseable {
    static final String NAME = "windows";
    static final int PARTITIONS = 6;
    /** How long results may take; a cluster on a machine of its own needs less than 10 s. Property: {@code seconds}. */
    static final Duration RESULTS_MAX = Duration.ofSeconds(Integer.getInteger("seconds", 40));

    private static final int ROWS_PER_SECOND = 4_000;
    private static final String START = "\"window_start\":\"";

    private final KafkaBroker broker;
    private final String source;
    private final String target;
    private final CommittedValues written;
    private final Map<Long, Integer> groups = new ConcurrentHashMap<>();
    private final Map<Long, Long> completed = new ConcurrentHashMap<>();
    private final Thread reading;
    private volatile boolean ending;
    private volatile long count;
    private final Feed feed;

    /** @param name tells this job's topics from those of others: the broker is shared */
    WindowsJob(KafkaBroker broker, Path directory, String name) throws IOException {
        this.broker = broker;
        source = name + "-rows";
        target = name + "-windows";
        broker.topics().create(source, Feed.PARTITIONS);
        broker.topics().create(target, 2);
        written = new CommittedValues(broker.bootstrapServers(), target, directory.resolve("windows.json"), this::see);
        feed = new Feed(broker, source, ROWS_PER_SECOND);
        reading = Thread.ofPlatform().daemon().name("results").start(this::read);
    }

    /** @param servers by which the nodes reach the broker */
    String script(String servers) {
        return """
                SET 'partitions' = '%4$d';
                SET 'checkpoint.interval' = '200 ms';
                SET 'guarantee' = 'exactly-once';
                CREATE TABLE trades (name STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
                WITH ('connector' = 'kafka', 'format' = 'json', 'topic' = '%2$s',
                  'properties.bootstrap.servers' = '%1$s', 'scan.startup.mode' = 'earliest-offset');
                CREATE TABLE windows (window_start TIMESTAMP(3), name STRING, n BIGINT, total BIGINT)
                WITH ('connector' = 'kafka', 'format' = 'json', 'topic' = '%3$s',
                  'properties.bootstrap.servers' = '%1$s');
                INSERT INTO windows SELECT window_start, name, COUNT(*), SUM(v)
                FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' SECOND))
                GROUP BY window_start, window_end, name;
                """.formatted(servers, source, target, PARTITIONS);
    }

    String script() {
        return script(broker.bootstrapServers());
    }

    /** Starts three servers and this job; waits until each has its share, and for results. */
    Survivors begin(ServerCluster cluster, int submittedTo) throws Exception {
        Survivors servers = new Survivors(cluster);
        servers.start(0, 1, 2);
        servers.submit(submittedTo, script());
        servers.awaitShares(NAME);
        awaitNewResults(servers);
        return servers;
    }

    private void read() {
        try {
            while (!ending) {
                count = written.poll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void see(String value) {
        int start = value.indexOf(START) + START.length();
        long window = Feed.window(value.substring(start, value.indexOf('"', start)));
        if (groups.merge(window, 1, Integer::sum) == Feed.NAMES) {
            completed.put(window, System.nanoTime());
        }
    }

    /** Waits for results of rows that are not there yet. */
    Duration awaitNewResults(Survivors servers) throws InterruptedException {
        return awaitNewResults(servers, System.nanoTime());
    }

    /**
     * Waits for results of rows that are not there yet, from all partitions.
     *
     * @return how long it took since a time
     */
    Duration awaitNewResults(Survivors servers, long sinceNanos) throws InterruptedException {
        long window = feed.nextWindow();
        long end = System.nanoTime() + RESULTS_MAX.toNanos();
        while (!completed.containsKey(window)) {
            assertTrue(System.nanoTime() < end,
                    () -> "no new results in " + RESULTS_MAX + ": window " + window + " has "
                            + groups.get(window) + " groups" + servers.told());
            Thread.sleep(5);
        }
        return Duration.ofNanos(completed.get(window) - sinceNanos);
    }

    /** The longest time since then in which no window became complete. */
    Duration longestStandstill(long sinceNanos) {
        long before = sinceNanos;
        long longest = 0;
        for (long at : completed.values().stream().filter(time -> time > sinceNanos).sorted().toList()) {
            longest = Math.max(longest, at - before);
            before = at;
        }
        return Duration.ofNanos(longest);
    }

    /** Ends the input, waits for all results, stops the job, and compares. */
    void endAndCompare(Survivors servers) throws Exception {
        feed.end();
        long end = System.nanoTime() + RESULTS_MAX.toNanos();
        while (count < feed.groups()) {
            assertTrue(System.nanoTime() < end,
                    () -> "in " + RESULTS_MAX + " there are " + count + " rows of " + feed.groups()
                            + servers.told());
            Thread.sleep(20);
        }
        servers.ask(client -> {
            client.stop(NAME);
            return null;
        });
        ending = true;
        reading.join();
        written.readToEnd();
        try (Duck duck = new Duck()) {
            duck.assertSame(
                    "windows",
                    "SELECT * FROM read_json('" + written.file() + "', format = 'newline_delimited', columns = "
                            + "{window_start: 'TIMESTAMP', name: 'VARCHAR', n: 'BIGINT', total: 'BIGINT'})",
                    feed.meaning());
        }
    }

    @Override
    public void close() throws IOException {
        feed.close();
        ending = true;
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        written.close();
    }
}
