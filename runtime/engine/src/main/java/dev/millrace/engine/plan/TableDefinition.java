// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;
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
 */
public record TableDefinition(String name, Schema schema, List<String> primaryKey, Map<String, String> options) {
    public TableDefinition {
        primaryKey = List.copyOf(primaryKey);
        // Sorted, so that equal tables have equal fingerprints.
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** The option {@code connector}, or null. */
    public String connector() {
        return options.get("connector");
    }
}
