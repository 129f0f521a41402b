// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.util.Arrays;

/** Truth values. */
public final class BooleanVector extends Vector {
    private boolean[] values;

    public BooleanVector(int capacity) {
        values = new boolean[capacity];
    }

    /** The values by row. Valid until the vector grows. */
    public boolean[] values() {
        return values;
    }

    public boolean get(int row) {
        return values[row];
    }

    public void set(int row, boolean value) {
        values[row] = value;
    }

    @Override
    public Storage storage() {
        return Storage.BOOLEAN;
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
        return values.length + nullBytes();
    }

    @Override
    boolean isSameValue(int row, int other) {
        return values[row] == values[other];
    }

    @Override
    void copyValue(int row, Vector from, int fromRow) {
        values[row] = ((BooleanVector) from).values[fromRow];
    }

    @Override
    void resetValues() {}
}
