// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.testing.KafkaTopics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.duckdb.DuckDBAppender;

/** The rows of a topic, and the same rows in DuckDB as the table {@code trades}. */
final class Trades {
    static final int PARTITIONS = 4;
    private static final int PIECE = 50_000;
    private static final int NAMES = 50;
    private static final long BASE = 1_700_000_040_000L;
    private static final int ROWS_PER_MILLI = 4;
    private static final long END = 100_000_000L;

    private final KafkaTopics topics;
    private final String topic;
    private final Duck duck;
    private final Random random;
    private final int keys;
    private final String note;
    private long next;

    /**
     * @param keys number of values of the column k
     * @param noteLength length of the column note
     */
    Trades(KafkaTopics topics, String topic, Duck duck, Random random, int keys, int noteLength) {
        this.topics = topics;
        this.topic = topic;
        this.duck = duck;
        this.random = random;
        this.keys = keys;
        note = "x".repeat(noteLength);
        duck.execute("CREATE TABLE trades (id BIGINT, k BIGINT, name VARCHAR, note VARCHAR, v BIGINT, millis BIGINT)");
    }

    /** Appends one row of each key. */
    void appendKeys() {
        append(keys, true);
    }

    /** Appends rows of keys by chance. */
    void append(int rows) {
        append(rows, false);
    }

    private void append(int rows, boolean eachKey) {
        for (int done = 0; done < rows; done += PIECE) {
            List<ProducerRecord<String, String>> records = new ArrayList<>();
            try (DuckDBAppender appender = duck.appender("trades")) {
                for (int i = done; i < Math.min(rows, done + PIECE); i++) {
                    long key = eachKey ? i : random.nextInt(keys);
                    records.add(row(key, "n" + random.nextInt(NAMES), BASE + next / ROWS_PER_MILLI, appender));
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            topics.append(records);
        }
    }

    /** Appends to each partition of the topic a row that closes all windows before it. */
    void appendEnd() {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        try (DuckDBAppender appender = duck.appender("trades")) {
            for (int i = 0; i < PARTITIONS; i++) {
                records.add(row(random.nextInt(keys), "end", BASE + END, appender));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        topics.append(records);
    }

    private ProducerRecord<String, String> row(long key, String name, long millis, DuckDBAppender appender)
            throws SQLException {
        long id = next++;
        long value = random.nextInt(1_000);
        String text = note + id % 10;
        appender.beginRow();
        appender.append(id);
        appender.append(key);
        appender.append(name);
        appender.append(text);
        appender.append(value);
        appender.append(millis);
        appender.endRow();
        return new ProducerRecord<>(topic, (int) (id % PARTITIONS), null,
                "{\"id\":" + id + ",\"k\":" + key + ",\"name\":\"" + name + "\",\"note\":\"" + text + "\",\"v\":"
                        + value
                        + ",\"ts\":" + millis + "}");
    }
}
