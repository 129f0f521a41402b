// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.value.TimestampForm;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.connectors.text.JsonStyle;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;

/**
 * The options of the format.
 *
 * @param failOnMissingField whether a record without one of the columns is bad, rather than NULL in that column
 * @param nullOnFieldError whether a value that is not one of its column's type is NULL, rather than making the record bad
 * @param timestampForm how timestamps are written
 */
record JsonSettings(boolean failOnMissingField, boolean nullOnFieldError, TimestampForm timestampForm) {
    static final JsonSettings DEFAULT = new JsonSettings(false, false, TimestampForm.ANY);

    private static final String FAIL_ON_MISSING_FIELD = "json.fail-on-missing-field";
    private static final String IGNORE_PARSE_ERRORS = "json.ignore-parse-errors";
    private static final String TIMESTAMP_FORM = "json.timestamp-format.standard";

    private static final String IGNORE_NULL_FIELDS = "json.encode.ignore-null-fields";

    /** The last ones are Flink's; they are for what flat rows don't have, or choose between things that are the same. */
    static final Set<String> NAMES = Set.of(
            FAIL_ON_MISSING_FIELD,
            IGNORE_PARSE_ERRORS,
            TIMESTAMP_FORM,
            IGNORE_NULL_FIELDS,
            "json.decode.json-parser.enabled",
            "json.encode.decimal-as-plain-number",
            "json.map-null-key.literal",
            "json.map-null-key.mode");

    static JsonSettings of(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        String form = options.choice(TIMESTAMP_FORM, "ANY", List.of("SQL", "ISO-8601"));
        return new JsonSettings(
                options.flag(FAIL_ON_MISSING_FIELD, false),
                options.flag(IGNORE_PARSE_ERRORS, false),
                switch (form) {
                    case "SQL" -> TimestampForm.SQL;
                    case "ISO-8601" -> TimestampForm.ISO;
                    default -> TimestampForm.ANY;
                });
    }

    /** How the table's rows are written. */
    static JsonStyle style(TableDefinition table) {
        boolean ignoresNulls = new TableOptions(table).flag(IGNORE_NULL_FIELDS, false);
        return new JsonStyle(ignoresNulls, of(table).timestampForm() == TimestampForm.ISO);
    }
}
