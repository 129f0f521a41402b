// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Schema;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes batches of boxed rows, and boxed rows of batches. */
final class TestBatches {
    private static final BigInteger LOW = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private TestBatches() {}

    /**
     * A row of an input.
     *
     * @param values its columns
     * @param position its position
     * @param before the watermark of its split before it, or Long.MIN_VALUE
     * @param kind what it does
     */
    record InputRow(List<Object> values, long position, long before, RowKind kind) {
        InputRow(List<Object> values, long position, long before) {
            this(values, position, before, RowKind.INSERT);
        }
    }

    /** A batch of exactly these rows. */
    static Batch of(Schema schema, List<InputRow> rows) {
        return build(schema, rows, null, rows.size());
    }

    /** A batch that selects these rows among others, which must not matter. */
    static Batch scattered(Schema schema, List<InputRow> rows, Random random) {
        int[] selection = new int[rows.size()];
        int next = 0;
        for (int i = 0; i < selection.length; i++) {
            next += random.nextInt(3);
            selection[i] = next++;
        }
        return build(schema, rows, selection, next + random.nextInt(3));
    }

    private static Batch build(Schema schema, List<InputRow> rows, int[] selection, int rowCount) {
        Vector[] columns = new Vector[schema.size()];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = Vector.create(schema.type(column).storage(), Math.max(1, rowCount));
            for (int row = 0; row < rowCount && selection != null; row++) {
                set(columns[column], row, junk(columns[column]));
            }
        }
        long[] positions = new long[rowCount];
        long[] before = null;
        byte[] kinds = null;
        for (int i = 0; i < rows.size(); i++) {
            int row = selection == null ? i : selection[i];
            InputRow input = rows.get(i);
            positions[row] = input.position();
            if (input.kind() != RowKind.INSERT) {
                kinds = kinds == null ? new byte[rowCount] : kinds;
                kinds[row] = input.kind().code();
            }
            if (input.before() != Long.MIN_VALUE) {
                if (before == null) {
                    before = new long[rowCount];
                    java.util.Arrays.fill(before, Long.MIN_VALUE);
                }
                before[row] = input.before();
            }
            for (int column = 0; column < columns.length; column++) {
                set(columns[column], row, input.values().get(column));
            }
        }
        return new Batch(columns, rowCount, selection, rows.size(), positions, kinds, null, before);
    }

    private static Object junk(Vector column) {
        return switch (column) {
            case LongVector v -> 666_666L;
            case DoubleVector v -> 666.666;
            case BooleanVector v -> true;
            case DecimalVector v -> BigInteger.valueOf(666);
            case BytesVector v -> "not selected";
        };
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
            case DecimalVector v -> {
                BigInteger number = (BigInteger) value;
                v.set(row, number.shiftRight(64).longValueExact(), number.and(LOW).longValue());
            }
            case BytesVector v -> v.append(row, (String) value);
        }
    }

    /** The selected rows. */
    static List<TestRow> rows(Batch batch) {
        List<TestRow> rows = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            List<Object> values = new ArrayList<>();
            for (Vector column : batch.columns()) {
                values.add(get(column, row));
            }
            rows.add(new TestRow(batch.kind(row), values));
        }
        return rows;
    }

    static Object get(Vector column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        return switch (column) {
            case LongVector v -> v.get(row);
            case DoubleVector v -> v.get(row);
            case BooleanVector v -> v.get(row);
            case DecimalVector v -> BigInteger.valueOf(v.high()[row])
                    .shiftLeft(64)
                    .add(BigInteger.valueOf(v.low()[row]).and(LOW));
            case BytesVector v -> v.getString(row);
        };
    }
}
