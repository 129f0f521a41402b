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
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.type.Schema;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;

/**
 * Collects the rows of a bounded SELECT and gives them in order. With a LIMIT it keeps little more than the rows that
 * the limit lets through; without one it keeps all, up to a bound of memory. Rows that compare equal keep the order in
 * which they came.
 */
final class SortedRows {
    private final Schema schema;
    private final ResultOrder order;
    private final long sortBytesMax;
    private final long rowsNeeded;
    private Vector[] columns;
    private int rows;

    /** @param sortBytesMax memory for the rows; more is an error that names it */
    SortedRows(Schema schema, ResultOrder order, long sortBytesMax) {
        this.schema = schema;
        this.order = order;
        this.sortBytesMax = sortBytesMax;
        rowsNeeded =
                order.limit() == ResultOrder.NO_LIMIT ? Long.MAX_VALUE : saturatedSum(order.offset(), order.limit());
        columns = emptyColumns();
    }

    /** The memory for a sort in this process, unless somebody says otherwise: a quarter of the heap. */
    static long defaultBytesMax() {
        return Math.min(Runtime.getRuntime().maxMemory() / 4, 1L << 30);
    }

    /** @throws MillraceException if the rows take more memory than they may */
    void add(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            append(columns, rows++, batch.columns(), batch.row(i));
        }
        if (rows >= saturatedSum(rowsNeeded, rowsNeeded) && rows >= 2 * Batch.ROWS) {
            keepFirst();
        }
        long bytes = Arrays.stream(columns).mapToLong(Vector::bytes).sum();
        if (bytes > sortBytesMax) {
            throw new MillraceException(
                    ErrorCode.RESULT_TOO_LARGE,
                    "the result to be sorted takes more than " + (sortBytesMax >> 20) + " MiB after " + rows + " rows",
                    "add LIMIT, leave out ORDER BY, or write to a file with INSERT INTO and sort it there");
        }
    }

    /** Gives the rows that OFFSET and LIMIT let through, in order. */
    void drainTo(Consumer<Batch> target) {
        Integer[] sorted = sorted();
        int from = (int) Math.min(order.offset(), rows);
        int to = (int) Math.min(rowsNeeded, rows);
        for (int start = from; start < to; start += Batch.ROWS) {
            int end = Math.min(to, start + Batch.ROWS);
            target.accept(Batch.of(gather(sorted, start, end), end - start));
        }
        columns = emptyColumns();
        rows = 0;
    }

    private void keepFirst() {
        int kept = (int) Math.min(rowsNeeded, rows);
        columns = gather(sorted(), 0, kept);
        rows = kept;
    }

    private Vector[] gather(Integer[] sorted, int from, int to) {
        Vector[] gathered = emptyColumns();
        for (int i = from; i < to; i++) {
            append(gathered, i - from, columns, sorted[i]);
        }
        return gathered;
    }

    private static void append(Vector[] into, int row, Vector[] from, int fromRow) {
        for (int c = 0; c < into.length; c++) {
            into[c].ensureCapacity(row + 1);
            into[c].copyFrom(row, from[c], fromRow);
        }
    }

    private Vector[] emptyColumns() {
        Vector[] empty = new Vector[schema.size()];
        for (int c = 0; c < empty.length; c++) {
            empty[c] = Vector.create(schema.type(c).storage(), Batch.ROWS);
        }
        return empty;
    }

    private Integer[] sorted() {
        Integer[] indexes = new Integer[rows];
        for (int i = 0; i < rows; i++) {
            indexes[i] = i;
        }
        Comparator<Integer> comparator = null;
        for (ResultOrder.Key key : order.keys()) {
            Vector column = columns[key.column()];
            Comparator<Integer> byKey = (a, b) -> compare(column, key, a, b);
            comparator = comparator == null ? byKey : comparator.thenComparing(byKey);
        }
        if (comparator != null) {
            Arrays.sort(indexes, comparator);
        }
        return indexes;
    }

    private static int compare(Vector column, ResultOrder.Key key, int a, int b) {
        boolean nullA = column.isNull(a);
        boolean nullB = column.isNull(b);
        if (nullA || nullB) {
            int nullFirst = Boolean.compare(nullB, nullA);
            return key.nullsFirst() ? nullFirst : -nullFirst;
        }
        int result = switch (column) {
            case LongVector v -> Long.compare(v.get(a), v.get(b));
            case DoubleVector v -> compareDoubles(v.get(a), v.get(b));
            case BooleanVector v -> Boolean.compare(v.get(a), v.get(b));
            case DecimalVector v -> {
                int high = Long.compare(v.high()[a], v.high()[b]);
                yield high != 0 ? high : Long.compareUnsigned(v.low()[a], v.low()[b]);
            }
            // The unsigned order of UTF-8 bytes is the order of code points.
            case BytesVector v -> Arrays.compareUnsigned(
                    v.data(),
                    v.starts()[a],
                    v.starts()[a] + v.lengths()[a],
                    v.data(),
                    v.starts()[b],
                    v.starts()[b] + v.lengths()[b]);
        };
        return key.descending() ? -result : result;
    }

    private static int compareDoubles(double a, double b) {
        // Minus zero and zero are one value to SQL.
        return a == b ? 0 : Double.compare(a, b);
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
