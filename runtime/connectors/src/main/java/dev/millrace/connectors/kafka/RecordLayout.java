// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which columns of a table stand in a record's value, which in its key, and which beside them.
 *
 * @param valueColumns indexes of the columns of {@code value}, in its order
 * @param value the part of the table that its value format sees
 * @param keyColumns indexes of the columns of {@code key}, in its order
 * @param key the part of the table that its key format sees, or null if keys are not looked at
 * @param keyInValue whether the columns of the key stand in the value as well; then they are read from there
 * @param metadata by column what it holds, or null
 */
record RecordLayout(
        List<Integer> valueColumns,
        TableDefinition value,
        List<Integer> keyColumns,
        TableDefinition key,
        boolean keyInValue,
        List<MetadataKey> metadata) {

    private static final String EXCEPT_KEY = "EXCEPT_KEY";

    /** The layout of a table of connector {@code kafka}, whose option {@code key.fields} names the columns of the key. */
    static RecordLayout of(TableDefinition table) {
        List<String> fields = KafkaOption.list(table, KafkaOption.KEY_FIELDS);
        TableOptions options = new TableOptions(table);
        if (options.has(KafkaOption.KEY_FORMAT) && fields.isEmpty()) {
            options.required(KafkaOption.KEY_FIELDS,
                    table.schema().size() > 0 ? table.schema().column(0).name() : "id");
            throw options.invalid(KafkaOption.KEY_FIELDS, "name the columns that the key holds");
        }
        return of(table, fields);
    }

    /** The layout of a table of connector {@code upsert-kafka}, whose PRIMARY KEY is the key. */
    static RecordLayout ofUpsert(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        if (table.primaryKey().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY,
                    "table \"" + table.name() + "\" has no PRIMARY KEY, which connector 'upsert-kafka' needs",
                    "say by which columns new values replace old ones: PRIMARY KEY (…) NOT ENFORCED");
        }
        if (options.has(KafkaOption.KEY_FIELDS)) {
            throw options.invalid(
                    KafkaOption.KEY_FIELDS, "leave it out: the PRIMARY KEY is the key of the records");
        }
        return of(table, table.primaryKey());
    }

    private static RecordLayout of(TableDefinition table, List<String> keyFields) {
        TableOptions options = new TableOptions(table);
        if (table.schema().size() == 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY,
                    "table \"" + table.name() + "\" has no columns",
                    "name the columns of the records with their types: CREATE TABLE " + table.name() + " (…) WITH (…)");
        }
        String prefix = options.text(KafkaOption.KEY_PREFIX, "");
        boolean keyInValue = !EXCEPT_KEY.equals(options.choice(KafkaOption.VALUE_FIELDS, "ALL",
                List.of("ALL", EXCEPT_KEY)));
        if (!prefix.isEmpty() && keyInValue) {
            throw options.invalid(
                    KafkaOption.KEY_PREFIX, "it takes '" + KafkaOption.VALUE_FIELDS + "' = '" + EXCEPT_KEY + "'");
        }
        List<MetadataKey> metadata = new ArrayList<>();
        List<Integer> valueColumns = new ArrayList<>();
        for (int i = 0; i < table.schema().size(); i++) {
            Column column = table.schema().column(i);
            metadata.add(MetadataKey.of(table, column));
            boolean isKey = keyFields.contains(column.name());
            if (metadata.get(i) == null && (keyInValue || !isKey)) {
                valueColumns.add(i);
            }
        }
        List<Integer> keyColumns = keyColumns(table, keyFields, metadata, prefix);
        String valueFormat = options.text(KafkaOption.VALUE_FORMAT, options.text(Formats.OPTION, null));
        if (valueFormat == null) {
            options.required(Formats.OPTION, "json");
        }
        TableDefinition value = part(table, valueColumns, "", "value.", valueFormat);
        if (keyColumns.isEmpty()) {
            return new RecordLayout(valueColumns, value, List.of(), null, keyInValue, metadata);
        }
        String keyFormat = options.required(KafkaOption.KEY_FORMAT, "json");
        TableDefinition key = part(table, keyColumns, prefix, "key.", keyFormat);
        return new RecordLayout(valueColumns, value, keyColumns, key, keyInValue, metadata);
    }

    /** Whether readers decode keys: not if all that they hold stands in the values. */
    boolean readsKey() {
        return key != null && !keyInValue;
    }

    private static List<Integer> keyColumns(
            TableDefinition table, List<String> fields, List<MetadataKey> metadata, String prefix) {
        List<Integer> columns = new ArrayList<>();
        for (String field : fields) {
            int index = table.schema().indexOf(field);
            if (index < 0) {
                throw new MillraceException(
                        ErrorCode.COLUMN_NOT_FOUND,
                        "option '" + KafkaOption.KEY_FIELDS + "' of table \"" + table.name() + "\" names column '"
                                + field + "', which is not there",
                        NearestName.hint(
                                field,
                                table.schema().columns().stream().map(Column::name).toList(),
                                "columns of " + table.name()));
            }
            if (metadata.get(index) != null || !field.startsWith(prefix)) {
                throw new TableOptions(table).invalid(
                        KafkaOption.KEY_FIELDS,
                        metadata.get(index) != null ? "column '" + field + "' is a METADATA column"
                                : "column '" + field + "' does not start with '" + prefix + "'");
            }
            columns.add(index);
        }
        return columns;
    }

    /** A table of some of the columns, with the options of its format as formats know them. */
    private static TableDefinition part(
            TableDefinition table, List<Integer> columns, String namePrefix, String optionPrefix, String format) {
        List<Column> part = new ArrayList<>();
        for (int index : columns) {
            Column column = table.schema().column(index);
            part.add(new Column(column.name().substring(namePrefix.length()), column.type()));
        }
        Map<String, String> options = new HashMap<>();
        options.put(Formats.OPTION, format);
        // In order of names, so that the option with the prefix wins over the one without.
        for (Map.Entry<String, String> option : new TreeMap<>(table.options()).descendingMap().entrySet()) {
            String name = option.getKey();
            if (name.startsWith(format + ".")) {
                options.putIfAbsent(name, option.getValue());
            } else if (name.startsWith(optionPrefix + format + ".")) {
                options.put(name.substring(optionPrefix.length()), option.getValue());
            }
        }
        return new TableDefinition(table.name(), new Schema(part), List.of(), options);
    }
}
