// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Schema;
import java.math.BigInteger;

/** Makes batches from values: Long, Double, Boolean, String, BigInteger (a 128-bit decimal) or null. */
final class Rows {
    private Rows() {}

    static Batch of(Schema schema, Object[]... rows) {
        Vector[] columns = new Vector[schema.size()];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = Vector.create(schema.type(c).storage(), Math.max(1, rows.length));
            for (int r = 0; r < rows.length; r++) {
                set(columns[c], r, rows[r][c]);
            }
        }
        return Batch.of(columns, rows.length);
    }

    static Object[] row(Object... values) {
        return values;
    }

    private static void set(Vector column, int row, Object value) {
        if (value == null) {
            column.setNull(row);
            return;
        }
        switch (column) {
            case LongVector v -> v.set(row, (Long) value);
            case DoubleVector v -> v.set(row, (Double) value);
            case BooleanVector v -> v.set(row, (Boolean) value);
            case BytesVector v -> v.append(row, (String) value);
            case DecimalVector v -> {
                BigInteger unscaled = (BigInteger) value;
                v.set(row, unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
            }
        }
    }
}
