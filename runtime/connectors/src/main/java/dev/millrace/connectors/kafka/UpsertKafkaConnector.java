// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;

/**
 * The connector {@code upsert-kafka}: the key of a record is the table's PRIMARY KEY, the newest record of a key is its
 * row, and a record without a value deletes it. Written only, so far; with the options of {@link KafkaConnector} but
 * {@code key.fields}.
 */
public final class UpsertKafkaConnector implements SourceConnector, SinkConnector {
    private final KafkaTables tables = new KafkaTables();

    @Override
    public String name() {
        return "upsert-kafka";
    }

    @Override
    public void validateSource(TableDefinition table) {
        throw notReadable(table);
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return false;
    }

    @Override
    public Set<String> readableMetadata() {
        return MetadataKey.readable();
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        throw notReadable(table);
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

    private static MillraceException notReadable(TableDefinition table) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED,
                "table \"" + table.name() + "\" can't be read: connector 'upsert-kafka' only writes so far",
                "read the topic with connector 'kafka', every record as a new row");
    }
}
