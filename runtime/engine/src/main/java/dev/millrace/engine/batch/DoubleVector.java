// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.util.Arrays;

/** 64-bit floating-point numbers. */
public final class DoubleVector extends Vector {
    private double[] values;

    public DoubleVector(int capacity) {
        values = new double[capacity];
    }

    /** The values by row. Valid until the vector grows. */
    public double[] values() {
        return values;
    }

    public double get(int row) {
        return values[row];
    }

    public void set(int row, double value) {
        values[row] = value;
    }

    @Override
    public Storage storage() {
        return Storage.DOUBLE;
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
        return Double.doubleToLongBits(values[row]) == Double.doubleToLongBits(values[other]);
    }

    @Override
    void copyValue(int row, Vector from, int fromRow) {
        values[row] = ((DoubleVector) from).values[fromRow];
    }

    @Override
    void resetValues() {}
}
