// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import dev.millrace.connectors.format.csv.CsvFormat;
import dev.millrace.connectors.format.json.JsonFormat;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The formats that there are. */
public final class Formats {
    /** Name of the option. */
    public static final String OPTION = "format";

    private static final List<RecordFormat> ALL = List.of(new JsonFormat(), new CsvFormat());

    private Formats() {}

    /**
     * The format that a table names.
     *
     * @throws MillraceException if it names none, or one that is not known
     */
    public static RecordFormat of(TableDefinition table) {
        String name = new TableOptions(table).required(OPTION, "json");
        for (RecordFormat format : ALL) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new MillraceException(
                ErrorCode.FORMAT_UNKNOWN,
                "format '" + name + "' of table \"" + table.name() + "\" is not known",
                NearestName.hint(name, ALL.stream().map(RecordFormat::name).toList(), "formats"));
    }

    /** The names of the options of the table's format; of all formats where it names none. */
    public static Set<String> optionNames(TableDefinition table) {
        if (new TableOptions(table).has(OPTION)) {
            return of(table).optionNames();
        }
        return ALL.stream().flatMap(format -> format.optionNames().stream()).collect(Collectors.toSet());
    }
}
