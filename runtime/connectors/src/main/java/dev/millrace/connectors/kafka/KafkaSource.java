// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The partitions of a table's topics. */
final class KafkaSource implements Source {
    private static final Duration DISCOVERY = Duration.ofMinutes(5);

    private final TableDefinition table;
    private final RecordLayout layout;
    private final boolean upserts;
    private final List<Integer> columns;
    private final ClientSettings settings;
    private final Shared<Cluster> clusters;
    private final Clock clock;

    /** @param upserts whether a record is the new row of its key, and one without a value deletes it */
    KafkaSource(
            TableDefinition table,
            RecordLayout layout,
            boolean upserts,
            List<Integer> columns,
            Shared<Cluster> clusters,
            Clock clock) {
        this.table = table;
        this.layout = layout;
        this.upserts = upserts;
        this.columns = List.copyOf(columns);
        this.clusters = clusters;
        this.clock = clock;
        settings = ClientSettings.of(table);
    }

    @Override
    public List<Split> resolveSplits() {
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            String deadLetters = new TableOptions(table).text(KafkaOption.DEAD_LETTERS, null);
            if (deadLetters != null) {
                TargetTopic.check(deadLetters, lease.client(), settings, "table \"" + table.name() + "\"");
            }
            return new SplitResolver(table, lease.client()).resolve();
        }
    }

    @Override
    public List<Split> discoverSplits(List<Split> known) {
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            return new SplitResolver(table, lease.client()).discover(known);
        } catch (MillraceException e) {
            // The readers tell what is wrong; new partitions can wait until it is over.
            return known;
        }
    }

    /** Zero for never. */
    static Duration discoveryInterval(TableDefinition table) {
        return new TableOptions(table).duration(KafkaOption.DISCOVERY, DISCOVERY, Duration.ZERO);
    }

    @Override
    public SplitReader open(Split split, long position) {
        RecordRows rows = new RecordRows(table, layout, upserts, columns);
        PartitionPoller poller = position >= split.end() ? null
                : new PartitionPoller(
                        PartitionId.decode(split.description()), position, split.end(), settings, clusters, clock);
        return new KafkaSplitReader(split, position, rows, poller);
    }
}
