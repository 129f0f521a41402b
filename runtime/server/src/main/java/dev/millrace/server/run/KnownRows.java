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
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.PlannedStatement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Rows that a statement gives without running anything, as a batch: what SHOW and DESCRIBE answer. */
public final class KnownRows {
    private final Schema schema;
    private final Batch batch;

    public KnownRows(PlannedStatement.Rows rows) {
        List<List<Object>> values = rows.rows();
        List<Column> shown = new ArrayList<>();
        for (int c = 0; c < rows.schema().size(); c++) {
            int index = c;
            boolean asText = values.stream().anyMatch(row -> row.get(index) instanceof String);
            Column column = rows.schema().column(c);
            shown.add(asText ? new Column(column.name(), SqlType.STRING) : column);
        }
        schema = new Schema(shown);
        Vector[] columns = new Vector[schema.size()];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = Vector.create(schema.type(c).storage(), Math.max(1, values.size()));
            for (int r = 0; r < values.size(); r++) {
                set(columns[c], schema.type(c), r, values.get(r).get(c));
            }
        }
        batch = Batch.of(columns, values.size());
    }

    /** The columns of {@link #batch()}: those whose values come as text are strings. */
    public Schema schema() {
        return schema;
    }

    public Batch batch() {
        return batch;
    }

    private static void set(Vector column, SqlType type, int row, Object value) {
        if (value == null) {
            column.setNull(row);
            return;
        }
        switch (column) {
            case BytesVector v -> v.append(row, value.toString());
            case BooleanVector v -> v.set(row, (Boolean) value);
            case DoubleVector v -> v.set(row, ((Number) value).doubleValue());
            case LongVector v -> v.set(row, unscaled(type, value).longValueExact());
            case DecimalVector v -> {
                BigInteger unscaled = unscaled(type, value);
                v.set(row, unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
            }
        }
    }

    private static BigInteger unscaled(SqlType type, Object value) {
        return new BigDecimal(value.toString()).setScale(type.scale()).unscaledValue();
    }
}
