// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import java.util.Arrays;

/** The rows of a batch of results of which a result is out of the range of its type. Takes no room as long as all fit. */
public final class Misfits {
    /** By row: the number of the aggregate, counted from 1, or 0. */
    private int[] aggregates = new int[0];

    /** The rows, each once. */
    private int[] rows = new int[0];

    private int count;
    private int aggregate;

    /** From now on rows are added for the aggregate with this index. */
    public void of(int index) {
        aggregate = index;
    }

    /** Adds a row, unless it is here for another aggregate. */
    public void add(int row) {
        if (aggregates.length <= row) {
            aggregates = Arrays.copyOf(aggregates, Math.max(row + 1, aggregates.length * 2));
        }
        if (aggregates[row] == 0) {
            aggregates[row] = aggregate + 1;
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, Math.max(16, count * 2));
            }
            rows[count++] = row;
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public boolean has(int row) {
        return row < aggregates.length && aggregates[row] != 0;
    }

    /** Index of the aggregate for which a row is here. */
    public int aggregate(int row) {
        return aggregates[row] - 1;
    }

    public void clear() {
        for (int i = 0; i < count; i++) {
            aggregates[rows[i]] = 0;
        }
        count = 0;
    }

    /** Bytes of memory held. */
    public long bytes() {
        return (aggregates.length + rows.length) * 4L;
    }
}
