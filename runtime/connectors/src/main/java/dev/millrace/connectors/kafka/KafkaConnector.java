// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.time.Clock;
import java.util.List;

/**
 * The connector {@code kafka}: a record is a row.
 *
 * <p>Reading: {@code topic} (several with ; between them), {@code properties.*} (the client's settings, of which
 * {@code bootstrap.servers} must be there), {@code scan.startup.mode}, {@code scan.bounded.mode} with their timestamps and
 * offsets, {@code scan.topic-partition-discovery.interval}, {@code format} or {@code value.format}, {@code key.format} with
 * {@code key.fields} and {@code key.fields-prefix}, {@code value.fields-include}, {@code on-error},
 * {@code dead-letter.path}, {@code dead-letter.topic}.
 *
 * <p>Start and end of every partition are resolved once, when the job is created. Only committed records are read, unless
 * {@code properties.isolation.level} says otherwise. A record whose value is NULL has no row: it is bad.
 */
public final class KafkaConnector implements SourceConnector {
    private final Shared<Cluster> clusters = new Shared<>(Cluster::of);

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public void validateSource(TableDefinition table) {
        KafkaOption.checkNames(table);
        KafkaOption.topics(table);
        ClientSettings.of(table);
        OffsetRule.start(table);
        OffsetRule.end(table);
        KafkaSource.discoveryInterval(table);
        RecordLayout layout = RecordLayout.of(table);
        Formats.of(layout.value()).validate(layout.value());
        if (layout.key() != null) {
            Formats.of(layout.key()).validate(layout.key());
        }
        OnError.of(table);
        TableOptions options = new TableOptions(table);
        if (options.has(KafkaOption.DEAD_LETTERS) && options.has(OnError.PATH_OPTION)) {
            throw options.invalid(OnError.PATH_OPTION, "bad records go to a topic or to a file: leave out one of them");
        }
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return !OffsetRule.end(table).isNever();
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        return new KafkaSource(table, columns, clusters, Clock.systemUTC());
    }
}
