// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.math.BigInteger;

/**
 * Consecutive whole numbers.
 *
 * @param start the value of row 0
 * @param scale how many digits behind the point the column has
 */
record Sequence(long start, int scale) implements ColumnGenerator {
    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        long value = start + first;
        switch (vector) {
            case LongVector longs -> fill(longs.values(), firstRow, count, value, step);
            case DoubleVector doubles -> {
                for (int r = firstRow; r < firstRow + count; r++) {
                    doubles.values()[r] = value;
                    value += step;
                }
            }
            case DecimalVector decimals -> {
                BigInteger unit = BigInteger.TEN.pow(scale);
                for (int r = firstRow; r < firstRow + count; r++) {
                    BigInteger unscaled = BigInteger.valueOf(value).multiply(unit);
                    decimals.set(r, unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
                    value += step;
                }
            }
            case BytesVector texts -> {
                for (int r = firstRow; r < firstRow + count; r++) {
                    texts.append(r, Long.toString(value));
                    value += step;
                }
            }
            default -> throw new IllegalArgumentException(vector.storage().toString());
        }
    }

    private void fill(long[] values, int firstRow, int count, long firstValue, int step) {
        long unit = 1;
        for (int i = 0; i < scale; i++) {
            unit *= 10;
        }
        final long advance = step * unit;
        long value = firstValue * unit;
        for (int r = firstRow; r < firstRow + count; r++) {
            values[r] = value;
            value += advance;
        }
    }
}
