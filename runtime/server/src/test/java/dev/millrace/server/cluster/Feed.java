// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import dev.millrace.testing.KafkaBroker;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Rows that come to a topic steadily. What is in each follows from its number, so that DuckDB knows it without having seen
 * it: every {@link #ROWS} of them make a window of a second, in which each of the {@link #NAMES} occurs equally often.
 */
final class Feed implements AutoCloseable {
    static final int PARTITIONS = 4;
    /** Rows of a window. */
    static final int ROWS = 400;
    /** Groups of a window. */
    static final int NAMES = 40;

    private static final long BASE = 1_700_000_040_000L;
    private static final long END = 100_000_000L;
    private static final int PIECES_PER_SECOND = 20;

    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final int rowsPerPiece;
    private final Thread thread;
    private volatile long next;
    private volatile boolean ending;

    Feed(KafkaBroker broker, String topic, int rowsPerSecond) {
        this.topic = topic;
        rowsPerPiece = rowsPerSecond / PIECES_PER_SECOND;
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()), new StringSerializer(), new StringSerializer());
        thread = Thread.ofPlatform().daemon().name("feed").start(this::feed);
    }

    private void feed() {
        long pause = TimeUnit.SECONDS.toNanos(1) / PIECES_PER_SECOND;
        long due = System.nanoTime();
        while (!ending) {
            for (int i = 0; i < rowsPerPiece; i++) {
                long id = next;
                next = id + 1;
                send((int) (id % PARTITIONS), id, "n" + id * 7 % NAMES, BASE + id * 1_000 / ROWS);
            }
            producer.flush();
            due += pause;
            while (System.nanoTime() < due && !ending) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void send(int partition, long id, String name, long millis) {
        producer.send(new ProducerRecord<>(topic, partition, null,
                "{\"name\":\"" + name + "\",\"v\":" + id % 1_000 + ",\"ts\":" + millis + "}"));
    }

    /** The first window of which no row is there yet. */
    long nextWindow() {
        return next / ROWS + 1;
    }

    /** The number of the window that begins at a time of the output, such as {@code 2023-11-14 22:14:00.000}. */
    static long window(String start) {
        return (Instant.parse(start.replace(' ', 'T') + "Z").toEpochMilli() - BASE) / 1_000;
    }

    /** Adds no more rows, but one to each partition that closes all windows before it. */
    void end() throws InterruptedException {
        ending = true;
        thread.join();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            send(partition, 0, "end", BASE + next * 1_000 / ROWS + END);
        }
        producer.flush();
    }

    /** How many groups all windows have together, after {@link #end}. */
    long groups() {
        long rest = next % ROWS;
        return next / ROWS * NAMES + Math.min(rest, NAMES);
    }

    /** The query that answers in DuckDB what the job is to have written, after {@link #end}. */
    String meaning() {
        return "SELECT epoch_ms(" + BASE + " + id // " + ROWS + " * 1000) AS window_start, 'n' || (id * 7 % " + NAMES
                + ") AS name, COUNT(*) AS n, SUM(id % 1000)::BIGINT AS total FROM range(" + next
                + ") AS rows(id) GROUP BY ALL";
    }

    @Override
    public void close() {
        ending = true;
        producer.close();
    }
}
