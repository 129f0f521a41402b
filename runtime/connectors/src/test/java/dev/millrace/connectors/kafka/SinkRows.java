// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.List;

/** Rows for a sink of a table whose columns are numbers and strings. */
final class SinkRows {
    private final TableDefinition table;
    private final List<Object[]> rows = new ArrayList<>();
    private final List<RowKind> kinds = new ArrayList<>();

    SinkRows(TableDefinition table) {
        this.table = table;
    }

    SinkRows change(RowKind kind, Object... values) {
        kinds.add(kind);
        rows.add(values);
        return this;
    }

    SinkRows add(Object... values) {
        return change(RowKind.INSERT, values);
    }

    Batch batch() {
        Vector[] columns = new Vector[table.schema().size()];
        byte[] codes = new byte[rows.size()];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = Vector.create(table.schema().type(c).storage(), rows.size());
            for (int r = 0; r < rows.size(); r++) {
                Object value = rows.get(r)[c];
                codes[r] = kinds.get(r).code();
                if (value == null) {
                    columns[c].setNull(r);
                } else if (columns[c].storage() == Storage.LONG) {
                    ((LongVector) columns[c]).set(r, ((Number) value).longValue());
                } else {
                    ((BytesVector) columns[c]).append(r, (String) value);
                }
            }
        }
        return Batch.of(columns, rows.size()).withKinds(codes);
    }
}
