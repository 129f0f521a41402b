// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.math.BigDecimal;

/** Whole numbers within a range. */
final class IntegerParser implements ValueParser {
    /** More digits before the point than any long has. */
    private static final int DIGITS_MAX = 19;

    private final long min;
    private final long max;
    private final NumberText number = new NumberText();

    IntegerParser(long min, long max) {
        this.min = min;
        this.max = max;
    }

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        if (!number.read(data, from, to)) {
            return false;
        }
        long value;
        if (number.isExact() && number.scale() == 0) {
            value = number.isNegative() ? -number.digits() : number.digits();
        } else {
            BigDecimal decimal = NumberText.toBigDecimal(data, from, to);
            // Asked first, since the digits of 1e99999999 would fill the memory.
            if (decimal.signum() != 0 && (long) decimal.precision() - decimal.scale() > DIGITS_MAX) {
                return false;
            }
            try {
                value = decimal.longValueExact();
            } catch (ArithmeticException e) {
                return false;
            }
        }
        ((LongVector) vector).set(row, value);
        return value >= min && value <= max;
    }
}
