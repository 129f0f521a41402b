// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.options.TableOptions;
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
 * The connector {@code upsert-kafka}: the key of a record is the table's PRIMARY KEY, the newest record of a key is its
 * row, and a record without a value deletes it. With the options of {@link KafkaConnector} but {@code key.fields}, which
 * the PRIMARY KEY says, and {@code scan.startup.mode}: it is read from the oldest record on.
 *
 * <p>All records of one key have to stand in one partition of the topic, in order, as Kafka's default partitioner keeps
 * them. The columns of the key are read from the records' keys, also where the values hold them as well.
 */
public final class UpsertKafkaConnector implements SourceConnector, SinkConnector {
    static final String NAME = "upsert-kafka";

    private final KafkaTables tables = new KafkaTables();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validateSource(TableDefinition table) {
        KafkaOption.checkNames(table);
        if (KafkaOption.topics(table).size() > 1) {
            throw new TableOptions(table).invalid(
                    KafkaOption.TOPIC, "a key stands in one topic: read each by a table of its own");
        }
        KafkaTables.validate(table, RecordLayout.ofUpsert(table));
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
    public boolean readsUpserts() {
        return true;
    }

    @Override
    public Set<String> readableMetadata() {
        return MetadataKey.readable();
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        return tables.source(table, RecordLayout.ofUpsert(table), true, columns);
    }

    @Override
    public DeadLetterWriter openDeadLetters(TableDefinition table) {
        return KafkaTables.deadLetters(table);
    }

    @Override
    public void validateSink(TableDefinition table) {
        KafkaOption.checkNames(table);
        KafkaTables.validateSink(table, RecordLayout.ofUpsert(table));
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
        return SinkChanges.UPSERT_DELETE;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return tables.sink(table, RecordLayout.ofUpsert(table), true);
    }

    @Override
    public boolean takesEpochs(TableDefinition table) {
        return true;
    }

    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        return tables.epochSink(table, RecordLayout.ofUpsert(table), true, owner);
    }
}
