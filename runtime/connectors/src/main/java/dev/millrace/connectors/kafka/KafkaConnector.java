// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.plan.TableDefinition;

/**
 * The connector {@code kafka}: a record is a row.
 *
 * <p>Both ways: {@code topic}, {@code properties.*} (the client's settings, of which {@code bootstrap.servers} must be
 * there), {@code format} or {@code value.format}, {@code key.format} with {@code key.fields} and
 * {@code key.fields-prefix}, {@code value.fields-include}.
 *
 * <p>Reading: several topics with ; between them, {@code scan.startup.mode} and {@code scan.bounded.mode} with their
 * timestamps and offsets, {@code scan.topic-partition-discovery.interval}, {@code on-error}, {@code dead-letter.path},
 * {@code dead-letter.topic}. Start and end of every partition are resolved once, when the job is created. Only committed
 * records are read, unless {@code properties.isolation.level} says otherwise. A record whose value is NULL has no row: it
 * is bad.
 *
 * <p>Writing: rows are appended, each at least once; Kafka's default partitioner chooses the partition by the key.
 */
public final class KafkaConnector extends TopicConnector {
    @Override
    public String name() {
        return "kafka";
    }

    @Override
    RecordLayout layout(TableDefinition table) {
        return RecordLayout.of(table);
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.APPEND;
    }
}
