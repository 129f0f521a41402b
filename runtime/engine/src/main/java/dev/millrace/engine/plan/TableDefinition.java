// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.error.Secrets;
import dev.millrace.engine.type.Schema;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table as its connector sees it.
 *
 * @param name the table's name
 * @param schema the columns that the connector reads or writes (no computed columns)
 * @param primaryKey names of the key columns; empty without a PRIMARY KEY
 * @param options what stands in WITH, without options of the job
 * @param metadata by name of a METADATA column the key of what it holds, such as {@code offset}; these columns are
 *     part of the schema, and the connector makes or takes them beside the format
 */
public record TableDefinition(
        String name,
        Schema schema,
        List<String> primaryKey,
        Map<String, String> options,
        Map<String, String> metadata) {
    public TableDefinition {
        primaryKey = List.copyOf(primaryKey);
        // Sorted, so that equal tables have equal fingerprints.
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** A table without METADATA columns. */
    public TableDefinition(String name, Schema schema, List<String> primaryKey, Map<String, String> options) {
        this(name, schema, primaryKey, options, Map.of());
    }

    /** The option {@code connector}, or null. */
    public String connector() {
        return options.get("connector");
    }

    /** The table without its secrets. */
    @Override
    public String toString() {
        return "TableDefinition[" + name + ", " + schema + ", " + primaryKey + ", " + Secrets.masked(options) + "]";
    }
}
