// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordFormat;
import dev.millrace.connectors.format.value.ValueParsers;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.RowFormat;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;

/**
 * The format {@code json}: one object a line, whose fields are the columns by name, in any order.
 *
 * <p>A missing field is NULL; fields that no column has are skipped, whatever they hold. Of fields with the same name the
 * last counts. Numbers, truth values and strings are read by the column's type as {@code ValueParsers} says, so
 * {@code "12"} is a number for a BIGINT and {@code 12} a text for a STRING; a STRING column holds an object or an array as
 * it is written. A timestamp that is a number is in milliseconds since 1970.
 *
 * <p>Options: {@code json.fail-on-missing-field}; {@code json.ignore-parse-errors}: values that can't be read are NULL,
 * records that can't be read are left out; {@code json.timestamp-format.standard}: SQL or ISO-8601, any of the two
 * without it, and SQL where rows are written; {@code json.encode.ignore-null-fields}: fields that are NULL are not
 * written. Decimals are always written in plain digits.
 */
public final class JsonFormat implements RecordFormat {
    @Override
    public String name() {
        return "json";
    }

    @Override
    public Set<String> optionNames() {
        return JsonSettings.NAMES;
    }

    @Override
    public void validate(TableDefinition table) {
        ValueParsers.checkTypes(table);
        JsonSettings.of(table);
        JsonSettings.style(table);
    }

    @Override
    public RecordDecoder newDecoder(TableDefinition table, List<Integer> columns, int recordBytesMax) {
        int[] indexes = columns.stream().mapToInt(Integer::intValue).toArray();
        return new JsonDecoder(table.schema().select(indexes), JsonSettings.of(table), recordBytesMax);
    }

    @Override
    public RowFormat newRowFormat(TableDefinition table) {
        return new JsonRowFormat(table.schema(), JsonSettings.style(table));
    }
}
