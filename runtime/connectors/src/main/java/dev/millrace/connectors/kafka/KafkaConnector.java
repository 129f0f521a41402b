// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Set;

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
public final class KafkaConnector implements SourceConnector, SinkConnector {
    private final KafkaTables tables = new KafkaTables();

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public void validateSource(TableDefinition table) {
        KafkaOption.checkNames(table);
        KafkaOption.topics(table);
        KafkaTables.validate(table, RecordLayout.of(table));
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return !OffsetRule.end(table).isNever();
    }

    @Override
    public Duration discoveryInterval(TableDefinition table) {
        return KafkaTables.discoveryInterval(table);
    }

    @Override
    public Set<String> readableMetadata() {
        return MetadataKey.readable();
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        return tables.source(table, RecordLayout.of(table), false, columns);
    }

    @Override
    public DeadLetterWriter openDeadLetters(TableDefinition table) {
        return KafkaTables.deadLetters(table);
    }

    @Override
    public void validateSink(TableDefinition table) {
        KafkaOption.checkNames(table);
        KafkaTables.validateSink(table, RecordLayout.of(table));
    }

    @Override
    public Set<String> writableMetadata() {
        return MetadataKey.writable();
    }

    @Override
    public void checkTarget(TableDefinition table) {
        tables.checkTarget(table);
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.APPEND;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return tables.sink(table, RecordLayout.of(table), false);
    }

    @Override
    public boolean takesEpochs(TableDefinition table) {
        return true;
    }

    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        return tables.epochSink(table, RecordLayout.of(table), false, owner);
    }
}
