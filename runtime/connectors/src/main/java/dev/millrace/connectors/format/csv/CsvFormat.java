// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.csv;

import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordFormat;
import dev.millrace.connectors.format.value.ValueParsers;
import dev.millrace.connectors.text.RowFormat;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;

/**
 * The format {@code csv}: the columns of a table, in their order, as fields of a line. A record has as many fields as the
 * table has columns. Fields may stand in quotes; then they may hold delimiters, line ends, and quotes written twice.
 *
 * <p>An empty field is NULL for all types but character types, for which it is the empty string (as in Flink). An
 * unquoted field that is {@code csv.null-literal} is NULL for all types. A first line whose fields are the names of the
 * columns, in order, is a header; {@code csv.ignore-first-line} says that the first line always is one (true) or never
 * (false). Blank lines mean nothing.
 *
 * <p>Other options: {@code csv.field-delimiter} (a comma), {@code csv.quote-character} (a double quote),
 * {@code csv.disable-quote-character}, {@code csv.allow-comments} (lines that start with #),
 * {@code csv.ignore-parse-errors} (values that can't be read are NULL, records that can't be read are left out).
 *
 * <p>Written are fields in quotes where they need them. NULL is {@code csv.null-literal}, or else an empty field, which is
 * the empty string to the reader of a character type. A file starts with a header only with
 * {@code csv.ignore-first-line}.
 */
public final class CsvFormat implements RecordFormat {
    @Override
    public String name() {
        return "csv";
    }

    @Override
    public Set<String> optionNames() {
        return CsvSettings.NAMES;
    }

    @Override
    public void validate(TableDefinition table) {
        ValueParsers.checkTypes(table);
        CsvSettings.of(table);
    }

    @Override
    public RecordDecoder newDecoder(TableDefinition table, List<Integer> columns, int recordBytesMax) {
        return new CsvDecoder(table.schema(), columns, CsvSettings.of(table), recordBytesMax);
    }

    @Override
    public RowFormat newRowFormat(TableDefinition table) {
        CsvSettings settings = CsvSettings.of(table);
        settings.checkForWriting(table);
        return new CsvRecordFormat(table.schema(), settings);
    }
}
