// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.connectors.numbered.NumberedSplits;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The connector {@code datagen}: generated rows, by options that are Flink's.
 *
 * <p>Options: {@code rows-per-second} (10000), {@code number-of-rows} (unbounded without it), {@code splits} (one for
 * 10,000 rows a second, at most 4), {@code datagen.seed} (0). By column {@code fields.NAME.kind}: random, or sequence of
 * {@code start} to {@code end}, which ends the table. Random numbers lie between {@code min} and {@code max} (both
 * included; those of the type), texts and byte strings have a {@code length} (100, or what the type has), with
 * {@code var-len} at most; {@code null-rate} is the share of NULLs.
 *
 * <p>Times are those of the rows: the time at which the job was created, which is stored with it, and as much more as
 * rows-per-second says; a timestamp may lie before that by {@code max-past} at most.
 */
public final class DatagenConnector implements SourceConnector {
    private final LongSupplier nanoClock;
    private final InstantSource clock;

    /**
     * @param nanoClock as {@link System#nanoTime}, for rows-per-second
     * @param clock gives the time of the first row
     */
    public DatagenConnector(LongSupplier nanoClock, InstantSource clock) {
        this.nanoClock = nanoClock;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "datagen";
    }

    @Override
    public void validateSource(TableDefinition table) {
        DatagenSettings settings = DatagenSettings.of(table);
        for (FieldOptions field : settings.fields()) {
            field.generator(settings.seed(), 0, settings.rowsPerSecond());
        }
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return DatagenSettings.of(table).rows() != NumberedSplits.UNBOUNDED;
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        return new DatagenSource(DatagenSettings.of(table), columns, nanoClock, clock);
    }
}
