// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes that the next statements make, as values of the driver. Of a table with a PRIMARY KEY it holds the last
 * change of every key: one statement can't touch a row twice. Belongs to one sink.
 */
final class RowBuffer {
    /** A change: the values by column, and whether they leave the table instead of entering it. */
    record Change(Object[] values, boolean takesBack) {}

    private final String table;
    private final ColumnValues[] columns;
    private final int[] keyColumns;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Object, Integer> byKey = new HashMap<>();
    private long bytes;

    RowBuffer(TableDefinition table) {
        this.table = table.name();
        columns = table.schema().columns().stream().map(c -> new ColumnValues(c.type())).toArray(ColumnValues[]::new);
        keyColumns = table.primaryKey().stream().mapToInt(table.schema()::indexOf).toArray();
    }

    ColumnValues[] columns() {
        return columns;
    }

    int[] keyColumns() {
        return keyColumns;
    }

    /** Takes a row; its values are copied. */
    void add(Batch batch, int row) {
        boolean takesBack = batch.kind(row).takesBack();
        if (takesBack && keyColumns.length == 0) {
            throw new IllegalStateException("table " + table + " has no key and can't take back rows");
        }
        Object[] values = new Object[columns.length];
        for (int c = 0; c < columns.length; c++) {
            values[c] = columns[c].value(batch.column(c), row);
            bytes += ColumnValues.bytes(values[c]);
        }
        Change change = new Change(values, takesBack);
        Integer older = keyColumns.length == 0 ? null : byKey.putIfAbsent(key(values), changes.size());
        if (older == null) {
            changes.add(change);
        } else {
            changes.set(older, change);
        }
    }

    private Object key(Object[] values) {
        Object[] key = new Object[keyColumns.length];
        for (int i = 0; i < key.length; i++) {
            Object value = values[keyColumns[i]];
            key[i] = value instanceof byte[] array ? ByteBuffer.wrap(array) : value;
        }
        return key.length == 1 && key[0] != null ? key[0] : Arrays.asList(key);
    }

    List<Change> changes() {
        return changes;
    }

    int size() {
        return changes.size();
    }

    /** About how many bytes it was given. */
    long bytes() {
        return bytes;
    }

    void clear() {
        changes.clear();
        byKey.clear();
        bytes = 0;
    }
}
