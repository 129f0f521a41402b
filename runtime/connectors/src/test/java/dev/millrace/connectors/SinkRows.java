// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.TableDefinition;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Rows for a sink; values as they lie in vectors, 128-bit decimals as big integers. */
public final class SinkRows {
    private final TableDefinition table;
    private final List<Object[]> rows = new ArrayList<>();
    private final List<RowKind> kinds = new ArrayList<>();

    public SinkRows(TableDefinition table) {
        this.table = table;
    }

    public SinkRows change(RowKind kind, Object... values) {
        kinds.add(kind);
        rows.add(values);
        return this;
    }

    public SinkRows add(Object... values) {
        return change(RowKind.INSERT, values);
    }

    public Batch batch() {
        Vector[] columns = new Vector[table.schema().size()];
        byte[] codes = new byte[rows.size()];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = Vector.create(table.schema().type(c).storage(), rows.size());
            for (int r = 0; r < rows.size(); r++) {
                codes[r] = kinds.get(r).code();
                set(columns[c], r, rows.get(r)[c]);
            }
        }
        return Batch.of(columns, rows.size()).withKinds(codes);
    }

    private static void set(Vector vector, int row, Object value) {
        if (value == null) {
            vector.setNull(row);
            return;
        }
        switch (vector) {
            case LongVector longs -> longs.set(row, ((Number) value).longValue());
            case DoubleVector doubles -> doubles.set(row, ((Number) value).doubleValue());
            case BooleanVector booleans -> booleans.set(row, (Boolean) value);
            case DecimalVector decimals -> {
                BigInteger unscaled = (BigInteger) value;
                decimals.set(row, unscaled.shiftRight(64).longValue(), unscaled.longValue());
            }
            case BytesVector bytes -> {
                if (value instanceof byte[] array) {
                    bytes.append(row, array);
                } else {
                    bytes.append(row, (String) value);
                }
            }
        }
    }
}
