// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.util.Arrays;

/** 128-bit two's complement integers: the unscaled values of decimals of 19 to 38 digits. */
public final class DecimalVector extends Vector {
    private long[] high;
    private long[] low;

    public DecimalVector(int capacity) {
        high = new long[capacity];
        low = new long[capacity];
    }

    /** The upper 64 bits by row, signed. Valid until the vector grows. */
    public long[] high() {
        return high;
    }

    /** The lower 64 bits by row, unsigned. Valid until the vector grows. */
    public long[] low() {
        return low;
    }

    public void set(int row, long highBits, long lowBits) {
        high[row] = highBits;
        low[row] = lowBits;
    }

    @Override
    public Storage storage() {
        return Storage.DECIMAL128;
    }

    @Override
    public int capacity() {
        return high.length;
    }

    @Override
    public void ensureCapacity(int rows) {
        if (high.length < rows) {
            int size = Math.max(rows, high.length * 2);
            high = Arrays.copyOf(high, size);
            low = Arrays.copyOf(low, size);
        }
    }

    @Override
    public long bytes() {
        return high.length * 16L + nullBytes();
    }

    @Override
    boolean isSameValue(int row, int other) {
        return high[row] == high[other] && low[row] == low[other];
    }

    @Override
    void copyValue(int row, Vector from, int fromRow) {
        DecimalVector source = (DecimalVector) from;
        high[row] = source.high[fromRow];
        low[row] = source.low[fromRow];
    }

    @Override
    void resetValues() {}
}
