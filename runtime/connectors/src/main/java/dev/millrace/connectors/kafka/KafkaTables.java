// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What both connectors have in common, and the clients that their tables share. */
final class KafkaTables {
    private final Shared<Cluster> clusters = new Shared<>(Cluster::of);
    private final Shared<RowProducer> producers = new Shared<>(RowProducer::forSinks);

    /** Checks what reading and writing have in common: a table may be used both ways. */
    static void validate(TableDefinition table, RecordLayout layout) {
        ClientSettings.of(table);
        OffsetRule.start(table);
        OffsetRule.end(table);
        KafkaSource.discoveryInterval(table);
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

    /** Checks what matters to writing. */
    static void validateSink(TableDefinition table, RecordLayout layout) {
        validate(table, layout);
        KafkaOption.topic(table);
        TableOptions options = new TableOptions(table);
        if (!options.text(KafkaOption.PARTITIONER, "default").equals("default")) {
            throw notYet(table, KafkaOption.PARTITIONER, "leave it out: records go where their keys send them");
        }
        askedGuarantee(table);
        for (int i = 0; i < layout.metadata().size(); i++) {
            MetadataKey holds = layout.metadata().get(i);
            if (holds != null && !holds.isWritable()) {
                throw new MillraceException(
                        ErrorCode.INSERT_MISMATCH,
                        "column \"" + table.schema().column(i).name() + "\" of table \"" + table.name()
                                + "\" can't be written: the brokers make it",
                        "declare it VIRTUAL");
            }
        }
        new RowEncoder(table, layout);
    }

    private static MillraceException notYet(TableDefinition table, String option, String hint) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED,
                "option '" + option + "' = '" + table.options().get(option) + "' of table \"" + table.name()
                        + "\" is not supported yet",
                hint);
    }

    /** What the table's own option asks for, or null. */
    static Guarantee askedGuarantee(TableDefinition table) {
        String exactlyOnce = Guarantee.EXACTLY_ONCE.optionValue();
        String asked = new TableOptions(table).choice(
                KafkaOption.GUARANTEE, null,
                List.of(KafkaOption.NO_GUARANTEE, Guarantee.AT_LEAST_ONCE.optionValue(), exactlyOnce));
        if (asked == null) {
            return null;
        }
        return asked.equals(exactlyOnce) ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE;
    }

    /** What a writer should know of the table's options. */
    static List<String> warnings(TableDefinition table) {
        return new TableOptions(table).has(KafkaOption.ID_PREFIX)
                ? List.of("option '" + KafkaOption.ID_PREFIX + "' of table \"" + table.name()
                        + "\" is not needed and has no effect: transactional ids are made of the job's own id")
                : List.of();
    }

    void checkTarget(TableDefinition table) {
        ClientSettings settings = ClientSettings.of(table);
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            TargetTopic.check(
                    KafkaOption.topic(table), lease.client(), settings, "table \"" + table.name() + "\"");
        }
    }

    void checkEpochTarget(TableDefinition table) {
        ClientSettings settings = ClientSettings.of(table);
        String use = "topic '" + KafkaOption.topic(table) + "'";
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            lease.client().transactionVersion(use).check(settings, use);
        }
    }

    KafkaSource source(TableDefinition table, RecordLayout layout, boolean upserts, List<Integer> columns) {
        return new KafkaSource(table, layout, upserts, columns, clusters, Clock.systemUTC());
    }

    /** How often to look for new partitions, or null for never. */
    static Duration discoveryInterval(TableDefinition table) {
        Duration interval = KafkaSource.discoveryInterval(table);
        return interval.isZero() || !OffsetRule.end(table).isNever() ? null : interval;
    }

    /** Where bad records go if the table names a topic for them, else null. */
    static DeadLetterWriter deadLetters(TableDefinition table) {
        String topic = new TableOptions(table).text(KafkaOption.DEAD_LETTERS, null);
        return topic == null ? null : new KafkaDeadLetters(topic, ClientSettings.of(table), Clock.systemUTC());
    }

    Sink sink(TableDefinition table, RecordLayout layout, boolean deletes) {
        return new KafkaSink(
                records(table, layout, deletes), ClientSettings.of(table), producers, clusters, Clock.systemUTC());
    }

    EpochSink epochSink(TableDefinition table, RecordLayout layout, boolean deletes, EpochOwner owner) {
        return new KafkaEpochSink(
                records(table, layout, deletes), ClientSettings.of(table), clusters, Clock.systemUTC(), owner);
    }

    private static RowRecords records(TableDefinition table, RecordLayout layout, boolean deletes) {
        return new RowRecords(KafkaOption.topic(table), new RowEncoder(table, layout), deletes);
    }
}
