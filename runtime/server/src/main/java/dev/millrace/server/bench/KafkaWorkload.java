// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.connectors.kafka.FreshTopic;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.plan.TableDefinition;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** K1: the topic {@code orders} as it stands, into a fresh topic; and what has been committed there. */
final class KafkaWorkload implements AutoCloseable {
    private static final String INPUT = "orders";
    private static final int PARTITIONS = 4;

    private final KafkaSettings settings;
    private final FreshTopic topic;

    /** Makes the topic for the results. */
    KafkaWorkload(KafkaSettings settings) {
        this.settings = settings;
        topic = new FreshTopic(settings.servers(), "out-millrace-" + UUID.randomUUID(), PARTITIONS);
    }

    /** The script with the topics' tables. */
    String script() {
        String kafka = "'connector' = 'kafka', 'properties.bootstrap.servers' = '" + settings.servers()
                + "', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'";
        return "CREATE TABLE market (trader_id STRING, symbol STRING, price DOUBLE, quantity BIGINT,"
                + " order_time TIMESTAMP(3), WATERMARK FOR order_time AS order_time - INTERVAL '1' SECOND)"
                + " WITH (" + kafka + ", 'topic' = '" + INPUT + "');\n"
                + "CREATE TABLE results (window_start TIMESTAMP(3), trader_id STRING, symbol STRING, cnt BIGINT,"
                + " avg_price DOUBLE, total_qty BIGINT, total_value DOUBLE) WITH (" + kafka + ", 'topic' = '"
                + topic.name() + "', 'sink.delivery-guarantee' = '" + settings.guarantee().optionValue() + "');\n"
                + "INSERT INTO results SELECT window_start, trader_id, symbol, COUNT(*), AVG(price), SUM(quantity),"
                + " SUM(price * quantity) FROM TABLE(TUMBLE(TABLE market, DESCRIPTOR(order_time), INTERVAL '1' MINUTE))"
                + " GROUP BY window_start, window_end, trader_id, symbol;\n";
    }

    /**
     * Reads all results that are committed.
     *
     * @param results their table
     * @param to takes them
     */
    void read(TableDefinition results, Connectors connectors, CheckSink to) {
        Source source = connectors.source(results)
                .openSource(results, IntStream.range(0, results.schema().size()).boxed().toList());
        for (Split split : source.resolveSplits()) {
            try (SplitReader reader = source.open(split, split.start())) {
                ReadStatus status;
                do {
                    BatchBuilder rows = new BatchBuilder(results.schema(), Batch.ROWS, new BatchArena());
                    status = reader.read(rows);
                    to.write(rows.build());
                    if (status == ReadStatus.IDLE) {
                        LockSupport.parkNanos(reader.idleNanos());
                    }
                } while (status != ReadStatus.END);
            }
        }
    }

    /** Removes the topic. */
    @Override
    public void close() {
        topic.close();
    }
}
