// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;

/**
 * The connector {@code upsert-kafka}: the key of a record is the table's PRIMARY KEY, the newest record of a key is its
 * row, and a record without a value deletes it. With the options of {@link KafkaConnector} but {@code key.fields}, which
 * the PRIMARY KEY says, and {@code scan.startup.mode}: it is read from the oldest record on.
 *
 * <p>All records of one key have to stand in one partition of the topic, in order, as Kafka's default partitioner keeps
 * them. The columns of the key are read from the records' keys, also where the values hold them as well.
 */
public final class UpsertKafkaConnector extends TopicConnector {
    static final String NAME = "upsert-kafka";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    RecordLayout layout(TableDefinition table) {
        return RecordLayout.ofUpsert(table);
    }

    @Override
    public boolean readsUpserts() {
        return true;
    }

    @Override
    void checkTopics(TableDefinition table, List<String> topics) {
        if (topics.size() > 1) {
            throw new TableOptions(table).invalid(
                    KafkaOption.TOPIC, "a key stands in one topic: read each by a table of its own");
        }
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.UPSERT_DELETE;
    }
}
