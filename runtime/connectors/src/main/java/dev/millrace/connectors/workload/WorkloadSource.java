// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A generated table. Split p of P holds the rows whose number leaves the rest p when divided by P; the position of a row
 * is its number.
 */
final class WorkloadSource implements Source {
    private final WorkloadSettings settings;
    private final List<WorkloadColumn> columns;
    private final Dictionaries dictionaries;
    private final LongSupplier nanoClock;

    WorkloadSource(WorkloadSettings settings, List<WorkloadColumn> columns, LongSupplier nanoClock) {
        this.settings = settings;
        this.columns = columns;
        this.nanoClock = nanoClock;
        dictionaries = Dictionaries.of(settings.gen());
    }

    @Override
    public List<Split> resolveSplits() {
        List<Split> splits = new ArrayList<>();
        for (int p = 0; p < settings.splits(); p++) {
            splits.add(new Split(p, p + " of " + settings.splits(), p, end(p)));
        }
        return splits;
    }

    @Override
    public SplitReader open(Split split, long position) {
        int splits = Integer.parseInt(split.description().substring(split.description().lastIndexOf(' ') + 1));
        Throttle throttle = settings.rowsPerSecond() == 0
                ? null
                : new Throttle((double) settings.rowsPerSecond() / splits, nanoClock);
        RowFiller filler = new RowFiller(settings.gen(), columns, dictionaries);
        return new WorkloadReader(filler, split.index(), splits, position, split.end(), throttle);
    }

    /** The first row number of the split that is not generated any more: what a reader's position is at the end. */
    private long end(int split) {
        if (settings.rows() == WorkloadSettings.UNBOUNDED) {
            return Split.UNBOUNDED;
        }
        long rows = settings.rows();
        return rows <= split ? split : rows + Math.floorMod(split - rows, (long) settings.splits());
    }
}
