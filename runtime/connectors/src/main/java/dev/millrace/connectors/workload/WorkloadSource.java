// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.connectors.numbered.GrowingLog;
import dev.millrace.connectors.numbered.NumberedReader;
import dev.millrace.connectors.numbered.NumberedSplits;
import dev.millrace.connectors.numbered.Pace;
import dev.millrace.connectors.numbered.Throttles;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import java.util.List;
import java.util.function.LongSupplier;

/** A generated table. */
final class WorkloadSource implements Source {
    private final WorkloadSettings settings;
    private final List<WorkloadColumn> columns;
    private final Dictionaries dictionaries;
    private final Throttles throttles;

    WorkloadSource(
            WorkloadSettings settings, List<WorkloadColumn> columns, LongSupplier nanoClock, LongSupplier startNanos) {
        this.settings = settings;
        this.columns = columns;
        throttles = new Throttles(settings.rowsPerSecond(), nanoClock, startNanos);
        dictionaries = Dictionaries.of(settings.gen());
    }

    @Override
    public List<Split> resolveSplits() {
        return NumberedSplits.of(settings.splits(), settings.rows(), "");
    }

    @Override
    public SplitReader open(Split split, long position) {
        RowFiller rows = new RowFiller(settings.gen(), columns, dictionaries);
        return new NumberedReader(rows, split, position, Batch.ROWS, pace(split));
    }

    private Pace pace(Split split) {
        if (settings.rowsPerSecond() == 0) {
            return null;
        }
        return settings.startMillis() == 0
                ? throttles.of(split)
                : new GrowingLog(settings.rowsPerSecond(), settings.startMillis(), System::currentTimeMillis);
    }
}
