// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What the connectors of tables in topics have in common, whatever a record means. */
abstract sealed class TopicConnector implements SourceConnector, SinkConnector
        permits KafkaConnector, UpsertKafkaConnector {
    private final KafkaTables tables = new KafkaTables();

    /** Where the table's columns stand in its records. */
    abstract RecordLayout layout(TableDefinition table);

    @Override
    public void validateSource(TableDefinition table) {
        KafkaOption.checkNames(table);
        checkTopics(table, KafkaOption.topics(table));
        KafkaTables.validate(table, layout(table));
    }

    /** Checks how many topics a table reads. */
    void checkTopics(TableDefinition table, List<String> topics) {}

    @Override
    public final boolean isBounded(TableDefinition table) {
        return !OffsetRule.end(table).isNever();
    }

    @Override
    public final Duration discoveryInterval(TableDefinition table) {
        return KafkaTables.discoveryInterval(table);
    }

    @Override
    public final Set<String> readableMetadata() {
        return MetadataKey.readable();
    }

    @Override
    public final Source openSource(TableDefinition table, List<Integer> columns) {
        return tables.source(table, layout(table), readsUpserts(), columns);
    }

    @Override
    public final DeadLetterWriter openDeadLetters(TableDefinition table) {
        return KafkaTables.deadLetters(table);
    }

    @Override
    public final void validateSink(TableDefinition table) {
        KafkaOption.checkNames(table);
        KafkaTables.validateSink(table, layout(table));
    }

    @Override
    public final Set<String> writableMetadata() {
        return MetadataKey.writable();
    }

    @Override
    public final void checkTarget(TableDefinition table) {
        tables.checkTarget(table);
    }

    @Override
    public final Sink openSink(TableDefinition table, int partition) {
        return tables.sink(table, layout(table), readsUpserts());
    }

    @Override
    public final void checkEpochTarget(TableDefinition table) {
        tables.checkEpochTarget(table);
    }

    @Override
    public final List<String> warnings(TableDefinition table) {
        return KafkaTables.warnings(table);
    }

    @Override
    public final Guarantee askedGuarantee(TableDefinition table) {
        return KafkaTables.askedGuarantee(table);
    }

    @Override
    public final boolean takesEpochs(TableDefinition table) {
        return true;
    }

    @Override
    public final EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        return tables.epochSink(table, layout(table), readsUpserts(), owner);
    }
}
