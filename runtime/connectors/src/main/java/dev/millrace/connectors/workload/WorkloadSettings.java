// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.connectors.numbered.NumberedSplits;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.plan.TableDefinition;
import java.util.Locale;
import java.util.Set;

/**
 * The options of a workload table, checked.
 *
 * @param workload which table
 * @param gen its rows
 * @param rows number of rows, or {@link NumberedSplits#UNBOUNDED}
 * @param rowsPerSecond rows a second by the clock over all splits, or 0 for as many as possible
 * @param startMillis when row 0 is there, since 1970; 0 if the rows are due from when they are read on
 * @param splits number of splits
 */
record WorkloadSettings(Workload workload, Gen gen, long rows, long rowsPerSecond, long startMillis, int splits) {
    private static final int KEYS_MAX = 100_000_000;
    private static final int DEFAULT_SPLITS = 4;
    private static final Set<String> NAMES =
            Set.of("workload", "rows", "keys", "rows-per-second", "start-millis", "rows-per-ms", "splits",
                    "skew");

    static WorkloadSettings of(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        options.checkNames(NAMES);
        options.required("workload", "market");
        String name = options.choice("workload", null, Workload.names());
        int keys = (int) options.integer("keys", Gen.DEFAULT_KEYS, Gen.SYMBOLS, KEYS_MAX);
        if (keys % Gen.SYMBOLS != 0) {
            throw options.invalid("keys", "it takes a multiple of " + Gen.SYMBOLS + ", the number of symbols");
        }
        int rowsPerMilli = (int) options.integer("rows-per-ms", Gen.DEFAULT_ROWS_PER_MILLI, 1, 1_000_000);
        return new WorkloadSettings(
                Workload.valueOf(name.toUpperCase(Locale.ROOT)),
                Gen.of(keys, rowsPerMilli, options.integer("skew", 0, 0, 100) / 100.0),
                options.integer("rows", NumberedSplits.UNBOUNDED, 0, NumberedSplits.ROWS_MAX),
                options.integer("rows-per-second", 0, 1, 1_000_000_000_000L),
                options.integer("start-millis", 0, 1, Long.MAX_VALUE),
                (int) options.integer("splits", DEFAULT_SPLITS, 1, NumberedSplits.SPLITS_MAX));
    }
}
