// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/** Sorts rows of a store by columns. Rows that are equal in all of them keep their order. */
final class RowSort {
    private final List<ResultOrder.Key> keys;
    private final Storage[] storages;
    private final Vector[] columns;

    /**
     * @param keys what to sort by
     * @param storages of all columns of the store
     */
    RowSort(List<ResultOrder.Key> keys, Storage[] storages) {
        this.keys = keys;
        this.storages = storages;
        columns = new Vector[keys.size()];
    }

    /** Whether there is nothing to sort by. */
    boolean isNone() {
        return keys.isEmpty();
    }

    /** Puts references in the order of their rows. */
    void sort(RowStore store, int[] refs, int from, int count) {
        for (int i = 0; i < columns.length; i++) {
            int column = keys.get(i).column();
            columns[i] = Vector.create(storages[column], count);
            store.read(column, refs, from, count, columns[i]);
        }
        int[] order = new int[count];
        Arrays.setAll(order, row -> row);
        order = sorted(order, count);
        int[] before = Arrays.copyOfRange(refs, from, from + count);
        for (int i = 0; i < count; i++) {
            refs[from + i] = before[order[i]];
        }
        Arrays.fill(columns, null);
    }

    /** Merges neighbours until all is in order. */
    private int[] sorted(int[] rows, int count) {
        int[] left = rows;
        int[] into = new int[count];
        for (int width = 1; width < count; width *= 2) {
            for (int low = 0; low < count; low += 2 * width) {
                int middle = Math.min(low + width, count);
                merge(left, low, middle, Math.min(middle + width, count), into);
            }
            int[] other = left;
            left = into;
            into = other;
        }
        return left;
    }

    private void merge(int[] rows, int low, int middle, int high, int[] into) {
        int one = low;
        int other = middle;
        for (int at = low; at < high; at++) {
            boolean first = other == high || one < middle && compare(rows[one], rows[other]) <= 0;
            into[at] = first ? rows[one++] : rows[other++];
        }
    }

    private int compare(int one, int other) {
        for (int i = 0; i < columns.length; i++) {
            Vector column = columns[i];
            boolean oneNull = column.isNull(one);
            boolean otherNull = column.isNull(other);
            if (oneNull || otherNull) {
                if (oneNull != otherNull) {
                    return oneNull == keys.get(i).nullsFirst() ? -1 : 1;
                }
                continue;
            }
            int compared = compare(column, one, other);
            if (compared != 0) {
                return keys.get(i).descending() ? -compared : compared;
            }
        }
        return 0;
    }

    private static int compare(Vector column, int one, int other) {
        return switch (column) {
            case LongVector v -> Long.compare(v.get(one), v.get(other));
            // NaN is the greatest, and both zeros are one.
            case DoubleVector v -> Double.compare(v.get(one) + 0.0, v.get(other) + 0.0);
            case DecimalVector v -> {
                int high = Long.compare(v.high()[one], v.high()[other]);
                yield high != 0 ? high : Long.compareUnsigned(v.low()[one], v.low()[other]);
            }
            case BooleanVector v -> Boolean.compare(v.get(one), v.get(other));
            // By code point, which is the order of UTF-8's bytes.
            case BytesVector v -> Arrays.compareUnsigned(
                    v.data(), v.starts()[one], v.starts()[one] + v.lengths()[one],
                    v.data(), v.starts()[other], v.starts()[other] + v.lengths()[other]);
        };
    }
}
