// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.Locale;
import java.util.Map;

/**
 * How long state by key is kept that no row of its key comes for: longer than that after it was last refreshed it is
 * forgotten, and the next row of the key finds nothing. Counted by the machine's clock.
 *
 * @param millis how long, at least 1
 * @param refresh what it is counted from
 */
public record StateTtl(long millis, Refresh refresh) {
    /** The option of a job, or of a table whose rows are kept by key, that says how long. */
    public static final String OPTION = "state.ttl";

    /** The option of either that says from what it is counted. */
    public static final String REFRESH_OPTION = "state.ttl.refresh";

    /** What the age of a key's state is counted from. */
    public enum Refresh {
        /** The row that made it. */
        CREATE,
        /** The last row that found it or changed it: every row of the key does. */
        WRITE
    }

    /**
     * What a job keeps state by.
     *
     * @param options those of the job
     * @return null if it keeps it for ever
     */
    public static StateTtl ofJob(Map<String, String> options) {
        return of(options.get(OPTION), options.get(REFRESH_OPTION));
    }

    /** What the rows of a table are kept by: what the table says, else what the job does. */
    private static StateTtl ofTable(TableDefinition table, Map<String, String> options) {
        return of(either(OPTION, table, options), either(REFRESH_OPTION, table, options));
    }

    private static String either(String option, TableDefinition table, Map<String, String> options) {
        String own = table == null ? null : table.options().get(option);
        return own != null ? own : options.get(option);
    }

    private static StateTtl of(String duration, String refresh) {
        long millis = duration == null ? 0 : Durations.millis(duration).orElseThrow();
        return millis == 0 ? null
                : new StateTtl(
                        millis,
                        refresh == null ? Refresh.WRITE : Refresh.valueOf(refresh.strip().toUpperCase(Locale.ROOT)));
    }

    /**
     * A step as it keeps its state under the options of a job. Windows end by themselves, results that are given at the
     * end of the input need all state until then, and an order of all rows is one state.
     *
     * @param table the table that the step reads, or null
     */
    static Step given(Step step, TableDefinition table, Map<String, String> options) {
        return switch (step) {
            case Step.Aggregate a when a.window() == null && a.emit() == Emit.CHANGES -> new Step.Aggregate(
                    a.keys(), a.aggregates(), null, a.emit(), a.having(), ofJob(options), a.output());
            case Step.Normalize n when n.emit() == Emit.CHANGES ->
                    new Step.Normalize(n.keys(), n.emit(), ofTable(table, options), n.output());
            case Step.Over o when !o.keys().isEmpty() ->
                    new Step.Over(o.keys(), o.timeColumn(), o.calls(), ofJob(options), o.output());
            default -> step;
        };
    }

    public StateTtl {
        if (millis < 1) {
            throw new IllegalArgumentException("state that is kept for " + millis + " ms");
        }
    }
}
