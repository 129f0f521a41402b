// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.connectors.text.CsvRowFormat;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.engine.type.Schema;
import java.util.List;

/** How the rows of a SELECT are written. */
public final class OutputFormat {
    public static final String TABLE = "table";

    /** The names of all formats. */
    public static final List<String> NAMES = List.of(TABLE, "json", "csv");

    private OutputFormat() {}

    /** @param updating whether rows have kinds other than insert */
    public static RowEncoder encoder(String format, Schema schema, boolean updating) {
        return switch (format) {
            case TABLE -> new TableRows(schema, updating);
            case "json" -> new PlainRows(new JsonRowFormat(schema));
            case "csv" -> new PlainRows(new CsvRowFormat(schema, updating));
            default -> throw new IllegalArgumentException(format);
        };
    }
}
