// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.util.Arrays;

/** 64-bit integers. */
public final class LongVector extends Vector {
    private long[] values;

    public LongVector(int capacity) {
        values = new long[capacity];
    }

    /** The values by row. Valid until the vector grows. */
    public long[] values() {
        return values;
    }

    public long get(int row) {
        return values[row];
    }

    public void set(int row, long value) {
        values[row] = value;
    }

    @Override
    public Storage storage() {
        return Storage.LONG;
    }

    @Override
    public int capacity() {
        return values.length;
    }

    @Override
    public void ensureCapacity(int rows) {
        if (values.length < rows) {
            values = Arrays.copyOf(values, Math.max(rows, values.length * 2));
        }
    }

    @Override
    public long bytes() {
        return values.length * 8L + nullBytes();
    }

    @Override
    boolean isSameValue(int row, int other) {
        return values[row] == values[other];
    }

    @Override
    void copyValue(int row, Vector from, int fromRow) {
        values[row] = ((LongVector) from).values[fromRow];
    }

    @Override
    void resetValues() {}
}
