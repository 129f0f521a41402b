// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.connectors.numbered.NumberedSplits;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The options of a table, checked.
 *
 * @param rowsPerSecond rows a second by the clock, over all splits
 * @param rows number of rows, or {@link NumberedSplits#UNBOUNDED}
 * @param splits number of splits
 * @param seed of all columns
 * @param fields the options of the columns, in their order
 */
record DatagenSettings(long rowsPerSecond, long rows, int splits, long seed, List<FieldOptions> fields) {
    private static final String ROWS_PER_SECOND = "rows-per-second";
    private static final String NUMBER_OF_ROWS = "number-of-rows";
    private static final String SPLITS = "splits";
    private static final String SEED = "datagen.seed";

    private static final long DEFAULT_ROWS_PER_SECOND = 10_000;
    private static final long ROWS_PER_SECOND_MAX = 1_000_000_000;

    /** A slow table has one split, so that its rows come in the order of their numbers. */
    private static final long ROWS_PER_SECOND_AND_SPLIT = 10_000;

    private static final int DEFAULT_SPLITS_MAX = 4;

    static DatagenSettings of(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        Set<String> names = new HashSet<>(FieldOptions.names(table));
        names.addAll(Set.of(ROWS_PER_SECOND, NUMBER_OF_ROWS, SPLITS, SEED));
        options.checkNames(names);
        if (table.schema().size() == 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY,
                    "table \"" + table.name() + "\" has no columns",
                    "name the columns to generate with their types: CREATE TABLE " + table.name() + " (…) WITH (…)");
        }
        long rowsPerSecond =
                options.integer(ROWS_PER_SECOND, DEFAULT_ROWS_PER_SECOND, 1, ROWS_PER_SECOND_MAX);
        long defaultSplits = Math.clamp(rowsPerSecond / ROWS_PER_SECOND_AND_SPLIT, 1, DEFAULT_SPLITS_MAX);
        List<FieldOptions> fields = FieldOptions.of(table);
        long rows = options.integer(NUMBER_OF_ROWS, NumberedSplits.UNBOUNDED, 0, NumberedSplits.ROWS_MAX);
        for (FieldOptions field : fields) {
            rows = Math.min(rows, field.rows());
        }
        return new DatagenSettings(
                rowsPerSecond,
                rows,
                (int) options.integer(SPLITS, defaultSplits, 1, NumberedSplits.SPLITS_MAX),
                options.integer(SEED, 0, Long.MIN_VALUE, Long.MAX_VALUE),
                fields);
    }
}
