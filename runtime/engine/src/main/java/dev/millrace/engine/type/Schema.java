// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.type;

import java.util.Arrays;
import java.util.List;

/** The columns of a table or of an operator's rows, in order. */
public record Schema(List<Column> columns) {
    public Schema {
        columns = List.copyOf(columns);
    }

    public static Schema of(Column... columns) {
        return new Schema(Arrays.asList(columns));
    }

    public int size() {
        return columns.size();
    }

    public Column column(int index) {
        return columns.get(index);
    }

    public SqlType type(int index) {
        return columns.get(index).type();
    }

    /** The index of the column with exactly this name, or -1. */
    public int indexOf(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The schema of the columns at these indexes, in this order. */
    public Schema select(int[] indexes) {
        return new Schema(Arrays.stream(indexes).mapToObj(columns::get).toList());
    }
}
