// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Floating-point numbers. Arithmetic follows IEEE 754 (division by zero is infinite, no error). Comparison is a total
 * order, as sorting and grouping need it: NaN equals itself and is greater than every number; both zeros are equal.
 */
public final class DoubleMath {
    private DoubleMath() {}

    public static boolean equal(double a, double b) {
        return a == b || (a != a && b != b);
    }

    public static boolean less(double a, double b) {
        return !(a >= b) && a == a;
    }

    public static boolean lessOrEqual(double a, double b) {
        return a <= b || b != b;
    }

    /** Negative, zero or positive as the first is less than, equal to or greater than the second. */
    public static int compare(double a, double b) {
        if (less(a, b)) {
            return -1;
        }
        return equal(a, b) ? 0 : 1;
    }

    public static double sign(double value) {
        return Math.signum(value);
    }

    public static double power(double base, double exponent) {
        double result = Math.pow(base, exponent);
        if (result != result && base == base && exponent == exponent) {
            throw RowFailure.function("POWER(" + base + ", " + exponent + ") is not a real number");
        }
        return result;
    }

    public static double sqrt(double value) {
        if (value < 0) {
            throw RowFailure.function("SQRT of the negative number " + value);
        }
        return Math.sqrt(value);
    }

    public static double ln(double value) {
        if (value <= 0) {
            throw RowFailure.function("LN of " + value + ", which is not positive");
        }
        return Math.log(value);
    }

    public static double log10(double value) {
        if (value <= 0) {
            throw RowFailure.function("LOG10 of " + value + ", which is not positive");
        }
        return Math.log10(value);
    }

    /** Rounds the shortest decimal form of the number half away from zero, so that ROUND(2.675, 2) is 2.68. */
    public static double round(double value, long digits) {
        return toScale(value, digits, RoundingMode.HALF_UP);
    }

    /** As {@link #round}, but towards zero. */
    public static double truncate(double value, long digits) {
        return toScale(value, digits, RoundingMode.DOWN);
    }

    private static double toScale(double value, long digits, RoundingMode mode) {
        // No double has a digit beyond the 324th place.
        if (digits > 350 || value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        }
        if (digits < -350) {
            return 0;
        }
        if (digits == 0 && Math.abs(value) < 1L << 52) {
            long cut = (long) value;
            return mode == RoundingMode.HALF_UP && Math.abs(value - cut) >= 0.5 ? cut + Math.signum(value) : cut;
        }
        return BigDecimal.valueOf(value).setScale((int) digits, mode).doubleValue();
    }
}
