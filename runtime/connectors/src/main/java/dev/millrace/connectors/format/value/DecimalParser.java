// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Decimals, rounded half up to their scale. */
final class DecimalParser implements ValueParser {
    private final int precision;
    private final int scale;
    private final NumberText number = new NumberText();

    DecimalParser(int precision, int scale) {
        this.precision = precision;
        this.scale = scale;
    }

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        if (!number.read(data, from, to)) {
            return false;
        }
        int shift = scale - number.scale();
        if (number.isExact() && Math.abs(shift) <= PowersOfTen.LONG_MAX) {
            long unscaled = shift >= 0 ? enlarged(number.digits(), shift) : rounded(number.digits(), -shift);
            if (unscaled >= 0) {
                return setLong(unscaled, vector, row);
            }
        }
        return parseWide(NumberText.toBigDecimal(data, from, to), vector, row);
    }

    private boolean setLong(long magnitude, Vector vector, int row) {
        if (precision <= PowersOfTen.LONG_MAX && magnitude >= PowersOfTen.asLong(precision)) {
            return false;
        }
        long unscaled = number.isNegative() ? -magnitude : magnitude;
        switch (vector) {
            case LongVector longs -> longs.set(row, unscaled);
            case DecimalVector decimals -> decimals.set(row, unscaled >> 63, unscaled);
            default -> throw new IllegalStateException(vector.storage().name());
        }
        return true;
    }

    private boolean parseWide(BigDecimal value, Vector vector, int row) {
        // Asked before the scale is set, since the digits of 1e99999999 would fill the memory.
        long integerDigits = (long) value.precision() - value.scale();
        BigInteger unscaled;
        if (value.signum() == 0 || integerDigits < -scale) {
            unscaled = BigInteger.ZERO;
        } else if (integerDigits > precision) {
            return false;
        } else {
            BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
            if (rounded.precision() > precision) {
                return false;
            }
            unscaled = rounded.unscaledValue();
        }
        switch (vector) {
            case LongVector longs -> longs.set(row, unscaled.longValue());
            case DecimalVector decimals -> decimals.set(row, unscaled.shiftRight(64).longValue(), unscaled.longValue());
            default -> throw new IllegalStateException(vector.storage().name());
        }
        return true;
    }

    /** Returns -1 if the product has more than 18 digits. */
    private static long enlarged(long digits, int shift) {
        return digits > (PowersOfTen.asLong(PowersOfTen.LONG_MAX) - 1) / PowersOfTen.asLong(shift)
                ? -1
                : digits * PowersOfTen.asLong(shift);
    }

    private static long rounded(long digits, int shift) {
        long power = PowersOfTen.asLong(shift);
        long rest = digits % power;
        return digits / power + (rest >= power - rest ? 1 : 0);
    }
}
