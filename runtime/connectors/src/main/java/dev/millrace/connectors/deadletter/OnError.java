// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.deadletter;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.plan.TableDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a table wants done with its bad records: the option {@code on-error}. They are counted in any case. */
public enum OnError {
    /** They go to the dead letters. */
    DEAD_LETTER,
    /** They are left out. */
    SKIP,
    /** The job fails. */
    FAIL;

    /** Name of the option. */
    public static final String OPTION = "on-error";

    /** Name of the option for the dead-letter file. */
    public static final String PATH_OPTION = "dead-letter.path";

    /**
     * What the table says. {@code 'json.ignore-parse-errors'} and {@code 'csv.ignore-parse-errors'} mean skip.
     *
     * @throws dev.millrace.engine.error.MillraceException if it is none of the three
     */
    public static OnError of(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        boolean ignores = options.flag("json.ignore-parse-errors", false)
                || options.flag("csv.ignore-parse-errors", false);
        List<String> names = Arrays.stream(values()).map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
        String name = options.choice(OPTION, ignores ? "skip" : "dead_letter", names);
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
