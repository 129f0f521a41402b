// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.connectors.numbered.NumberedReader;
import dev.millrace.connectors.numbered.NumberedRows;
import dev.millrace.connectors.numbered.NumberedSplits;
import dev.millrace.connectors.numbered.Throttles;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/** A generated table. A split's description ends with the time of the first row, so that a replay has the same times. */
final class DatagenSource implements Source {
    private static final int BATCH_BYTES_MAX = 4 << 20;
    private static final String FROM = " from ";

    private final DatagenSettings settings;
    private final List<FieldOptions> wanted;
    private final Throttles throttles;
    private final InstantSource clock;

    DatagenSource(DatagenSettings settings, List<Integer> columns, LongSupplier nanoClock, InstantSource clock) {
        this.settings = settings;
        throttles = new Throttles(settings.rowsPerSecond(), nanoClock, nanoClock);
        this.clock = clock;
        wanted = columns.stream().map(settings.fields()::get).toList();
    }

    @Override
    public List<Split> resolveSplits() {
        return NumberedSplits.of(settings.splits(), settings.rows(), FROM + clock.millis());
    }

    @Override
    public SplitReader open(Split split, long position) {
        String description = split.description();
        long startMillis = Long.parseLong(description.substring(description.indexOf(FROM) + FROM.length()));
        ColumnGenerator[] generators = wanted.stream()
                .map(field -> field.generator(settings.seed(), startMillis, settings.rowsPerSecond()))
                .toArray(ColumnGenerator[]::new);
        NumberedRows rows = (into, firstRow, count, first, step) -> {
            for (int i = 0; i < generators.length; i++) {
                generators[i].fill(into.column(i), firstRow, count, first, step);
            }
        };
        return new NumberedReader(rows, split, position, batchRows(), throttles.of(split));
    }

    /** As many rows as fit into a batch of a reasonable size, which long texts make few. */
    private int batchRows() {
        long rowBytes = 1 + wanted.stream().mapToLong(FieldOptions::valueBytes).sum();
        return Math.clamp(BATCH_BYTES_MAX / rowBytes, 1, Batch.ROWS);
    }
}
