// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Exact arithmetic on decimals: unscaled 128-bit integers with a scale known at compile time. The result has the
 * precision and scale asked for; digits beyond its scale are rounded half up (away from zero), and a result with too
 * many digits is an error. Values that fit 64 bits go without allocation wherever that is possible.
 */
public final class DecimalMath {
    private static final int DIGITS_MAX = 38;
    private static final int LONG_DIGITS_MAX = 18;
    private static final long[] LONG_POWERS = new long[LONG_DIGITS_MAX + 1];
    private static final BigInteger[] POWERS = new BigInteger[2 * DIGITS_MAX + 1];
    private static final long[] POWERS_HIGH = new long[DIGITS_MAX + 1];
    private static final long[] POWERS_LOW = new long[DIGITS_MAX + 1];

    static {
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = BigInteger.TEN.pow(i);
            if (i <= LONG_DIGITS_MAX) {
                LONG_POWERS[i] = POWERS[i].longValueExact();
            }
            if (i <= DIGITS_MAX) {
                POWERS_HIGH[i] = POWERS[i].shiftRight(64).longValue();
                POWERS_LOW[i] = POWERS[i].longValue();
            }
        }
    }

    private DecimalMath() {}

    /** @param exponent 0 to 18 */
    public static long powerOfTen(int exponent) {
        return LONG_POWERS[exponent];
    }

    /** The value itself, if it has no more digits than the precision. */
    public static long fit(long value, int precision, int scale) {
        long bound = LONG_POWERS[precision];
        if (value >= bound || value <= -bound) {
            throw outOfRange(BigDecimal.valueOf(value, scale), precision, scale);
        }
        return value;
    }

    public static void add(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int aScale,
            int bScale,
            int precision,
            int scale,
            Int128 out) {
        if (scale == aScale && scale == bScale) {
            addAligned(aHigh, aLow, bHigh, bLow, precision, scale, out);
        } else if (scale == Math.max(aScale, bScale)
                && Math.abs(aScale - bScale) <= LONG_DIGITS_MAX
                && Int128.fitsLong(aHigh, aLow)
                && Int128.fitsLong(bHigh, bLow)) {
            long aUnit = LONG_POWERS[scale - aScale];
            long bUnit = LONG_POWERS[scale - bScale];
            addAligned(
                    Math.multiplyHigh(aLow, aUnit),
                    aLow * aUnit,
                    Math.multiplyHigh(bLow, bUnit),
                    bLow * bUnit,
                    precision,
                    scale,
                    out);
        } else {
            int common = Math.max(aScale, bScale);
            BigInteger sum = big(aHigh, aLow, aScale, common).add(big(bHigh, bLow, bScale, common));
            round(sum, common, precision, scale, out);
        }
    }

    private static void addAligned(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int precision,
            int scale,
            Int128 out) {
        long low = aLow + bLow;
        long carry = Long.compareUnsigned(low, aLow) < 0 ? 1 : 0;
        long high = aHigh + bHigh + carry;
        // Two values of 38 digits can exceed 127 bits.
        if (((aHigh ^ high) & (bHigh ^ high)) < 0) {
            BigInteger sum = Int128.toBigInteger(aHigh, aLow).add(Int128.toBigInteger(bHigh, bLow));
            throw outOfRange(new BigDecimal(sum, scale), precision, scale);
        }
        check(high, low, precision, scale, out);
    }

    public static void subtract(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int aScale,
            int bScale,
            int precision,
            int scale,
            Int128 out) {
        long low = -bLow;
        long high = ~bHigh + (bLow == 0 ? 1 : 0);
        add(aHigh, aLow, high, low, aScale, bScale, precision, scale, out);
    }

    public static void multiply(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int aScale,
            int bScale,
            int precision,
            int scale,
            Int128 out) {
        if (scale == aScale + bScale && Int128.fitsLong(aHigh, aLow) && Int128.fitsLong(bHigh, bLow)) {
            check(Math.multiplyHigh(aLow, bLow), aLow * bLow, precision, scale, out);
        } else {
            BigInteger product = Int128.toBigInteger(aHigh, aLow).multiply(Int128.toBigInteger(bHigh, bLow));
            round(product, aScale + bScale, precision, scale, out);
        }
    }

    public static void divide(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int aScale,
            int bScale,
            int precision,
            int scale,
            Int128 out) {
        if ((bHigh | bLow) == 0) {
            throw RowFailure.divisionByZero(decimal(aHigh, aLow, aScale).toPlainString());
        }
        int shift = scale - aScale + bScale;
        if (shift >= 0
                && shift <= LONG_DIGITS_MAX
                && Int128.fitsLong(aHigh, aLow)
                && Int128.fitsLong(bHigh, bLow)
                && bLow != Long.MIN_VALUE) {
            long unit = LONG_POWERS[shift];
            long dividend = aLow * unit;
            if (Math.multiplyHigh(aLow, unit) == dividend >> 63 && dividend != Long.MIN_VALUE) {
                long quotient = divideHalfUp(dividend, bLow);
                check(quotient >> 63, quotient, precision, scale, out);
                return;
            }
        }
        BigInteger dividend = Int128.toBigInteger(aHigh, aLow);
        BigInteger divisor = Int128.toBigInteger(bHigh, bLow);
        if (shift >= 0) {
            dividend = dividend.multiply(POWERS[shift]);
        } else {
            divisor = divisor.multiply(POWERS[-shift]);
        }
        check(divideHalfUp(dividend, divisor), precision, scale, out);
    }

    /** The remainder has the sign of the dividend. */
    public static void modulo(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int aScale,
            int bScale,
            int precision,
            int scale,
            Int128 out) {
        if ((bHigh | bLow) == 0) {
            throw RowFailure.divisionByZero(decimal(aHigh, aLow, aScale).toPlainString());
        }
        if (scale == aScale && scale == bScale && Int128.fitsLong(aHigh, aLow) && Int128.fitsLong(bHigh, bLow)) {
            long rest = aLow % bLow;
            check(rest >> 63, rest, precision, scale, out);
            return;
        }
        int common = Math.max(aScale, bScale);
        BigInteger rest = big(aHigh, aLow, aScale, common).remainder(big(bHigh, bLow, bScale, common));
        round(rest, common, precision, scale, out);
    }

    /** Negative, zero or positive as the first is less than, equal to or greater than the second. */
    public static int compare(long aHigh, long aLow, long bHigh, long bLow, int aScale, int bScale) {
        if (aScale == bScale) {
            return Int128.compare(aHigh, aLow, bHigh, bLow);
        }
        if (Math.abs(aScale - bScale) <= LONG_DIGITS_MAX
                && Int128.fitsLong(aHigh, aLow)
                && Int128.fitsLong(bHigh, bLow)) {
            long aUnit = LONG_POWERS[Math.max(0, bScale - aScale)];
            long bUnit = LONG_POWERS[Math.max(0, aScale - bScale)];
            return Int128.compare(
                    Math.multiplyHigh(aLow, aUnit),
                    aLow * aUnit,
                    Math.multiplyHigh(bLow, bUnit),
                    bLow * bUnit);
        }
        int common = Math.max(aScale, bScale);
        return big(aHigh, aLow, aScale, common).compareTo(big(bHigh, bLow, bScale, common));
    }

    /** The same number in another precision and scale. */
    public static void rescale(long high, long low, int from, int precision, int scale, Int128 out) {
        int up = scale - from;
        if (up == 0) {
            check(high, low, precision, scale, out);
        } else if (up > 0 && up <= LONG_DIGITS_MAX && Int128.fitsLong(high, low)) {
            long unit = LONG_POWERS[up];
            check(Math.multiplyHigh(low, unit), low * unit, precision, scale, out);
        } else if (up < 0 && -up <= LONG_DIGITS_MAX && Int128.fitsLong(high, low) && low != Long.MIN_VALUE) {
            long value = divideHalfUp(low, LONG_POWERS[-up]);
            check(value >> 63, value, precision, scale, out);
        } else {
            round(Int128.toBigInteger(high, low), from, precision, scale, out);
        }
    }

    public static void negate(long high, long low, int from, int precision, int scale, Int128 out) {
        rescale(~high + (low == 0 ? 1 : 0), -low, from, precision, scale, out);
    }

    public static void abs(long high, long low, int from, int precision, int scale, Int128 out) {
        if (high < 0) {
            negate(high, low, from, precision, scale, out);
        } else {
            rescale(high, low, from, precision, scale, out);
        }
    }

    /** -1, 0 or 1. */
    public static void sign(long high, long low, int precision, int scale, Int128 out) {
        long sign = high < 0 ? -1 : (high | low) == 0 ? 0 : 1;
        rescale(sign >> 63, sign, 0, precision, scale, out);
    }

    /**
     * Rounds to so many digits behind the point (before it, if negative), then gives the result another precision and
     * scale.
     */
    public static void cut(
            long high,
            long low,
            long digits,
            int from,
            RoundingMode mode,
            int precision,
            int scale,
            Int128 out) {
        if (digits >= from) {
            rescale(high, low, from, precision, scale, out);
        } else if (from - digits > DIGITS_MAX + 1) {
            // Even the largest value is less than half of a unit.
            out.set(0, 0);
        } else if (digits >= 0 && from - digits <= LONG_DIGITS_MAX && Int128.fitsLong(high, low)) {
            long unit = LONG_POWERS[(int) (from - digits)];
            long value = switch (mode) {
                case HALF_UP -> divideHalfUp(low, unit);
                case FLOOR -> Math.floorDiv(low, unit);
                case CEILING -> Math.ceilDiv(low, unit);
                default -> low / unit;
            };
            rescale(value >> 63, value, (int) digits, precision, scale, out);
        } else {
            BigDecimal value = decimal(high, low, from).setScale((int) digits, mode);
            int common = Math.max((int) digits, scale);
            round(value.setScale(common).unscaledValue(), common, precision, scale, out);
        }
    }

    public static double unscaledToDouble(long value, int scale) {
        // Up to 2^53 both operands of the division are exact, so its result is the nearest double.
        if (value >= -(1L << 53) && value <= 1L << 53) {
            return value / (double) LONG_POWERS[scale];
        }
        return BigDecimal.valueOf(value, scale).doubleValue();
    }

    public static double toDouble(long high, long low, int scale) {
        return decimal(high, low, scale).doubleValue();
    }

    /** The whole part, if it fits 64 bits. */
    public static long toLong(long high, long low, int scale) {
        if (scale <= LONG_DIGITS_MAX && Int128.fitsLong(high, low)) {
            return low / LONG_POWERS[scale];
        }
        BigInteger whole = Int128.toBigInteger(high, low).divide(POWERS[scale]);
        if (whole.bitLength() > 63) {
            throw RowFailure.outOfRange(whole, "BIGINT");
        }
        return whole.longValue();
    }

    /** The shortest decimal form of the number, rounded half up. */
    public static void fromDouble(double value, int precision, int scale, Int128 out) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw RowFailure.outOfRange(value, name(precision, scale));
        }
        long whole = (long) value;
        if (whole == value && Math.abs(whole) < 1L << 53) {
            rescale(whole >> 63, whole, 0, precision, scale, out);
            return;
        }
        fromBigDecimal(BigDecimal.valueOf(value), precision, scale, out);
    }

    static void fromBigDecimal(BigDecimal value, int precision, int scale, Int128 out) {
        // Guards against numbers such as 1e999999999, which would fill the memory.
        if (value.signum() != 0 && value.precision() - (long) value.scale() > DIGITS_MAX) {
            throw RowFailure.outOfRange(value, name(precision, scale));
        }
        if (value.precision() - (long) value.scale() < -scale - 1L) {
            out.set(0, 0);
            return;
        }
        check(value.setScale(scale, RoundingMode.HALF_UP).unscaledValue(), precision, scale, out);
    }

    static BigDecimal decimal(long high, long low, int scale) {
        return new BigDecimal(Int128.toBigInteger(high, low), scale);
    }

    /** Rounds half up; neither may be {@link Long#MIN_VALUE}. */
    public static long divideHalfUp(long dividend, long divisor) {
        long quotient = dividend / divisor;
        long rest = Math.abs(dividend - quotient * divisor);
        if (rest >= Math.abs(divisor) - rest) {
            return (dividend ^ divisor) < 0 ? quotient - 1 : quotient + 1;
        }
        return quotient;
    }

    private static BigInteger divideHalfUp(BigInteger dividend, BigInteger divisor) {
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        if (parts[1].abs().shiftLeft(1).compareTo(divisor.abs()) >= 0) {
            return parts[0].add(BigInteger.valueOf((long) dividend.signum() * divisor.signum()));
        }
        return parts[0];
    }

    private static BigInteger big(long high, long low, int scale, int wanted) {
        BigInteger value = Int128.toBigInteger(high, low);
        return wanted == scale ? value : value.multiply(POWERS[wanted - scale]);
    }

    private static void round(BigInteger value, int from, int precision, int scale, Int128 out) {
        BigInteger rescaled = value;
        if (from > scale) {
            rescaled = divideHalfUp(value, POWERS[from - scale]);
        } else if (from < scale) {
            rescaled = value.multiply(POWERS[scale - from]);
        }
        check(rescaled, precision, scale, out);
    }

    private static void check(BigInteger value, int precision, int scale, Int128 out) {
        if (value.abs().compareTo(POWERS[precision]) >= 0) {
            throw outOfRange(new BigDecimal(value, scale), precision, scale);
        }
        out.set(value);
    }

    private static void check(long high, long low, int precision, int scale, Int128 out) {
        if (precision <= LONG_DIGITS_MAX || !Int128.fitsLong(high, low)) {
            long boundHigh = POWERS_HIGH[precision];
            long boundLow = POWERS_LOW[precision];
            long absHigh = high < 0 ? ~high + (low == 0 ? 1 : 0) : high;
            long absLow = high < 0 ? -low : low;
            if (Int128.compare(absHigh, absLow, boundHigh, boundLow) >= 0) {
                throw outOfRange(decimal(high, low, scale), precision, scale);
            }
        }
        out.set(high, low);
    }

    private static RowFailure outOfRange(BigDecimal value, int precision, int scale) {
        return RowFailure.outOfRange(value.toPlainString(), name(precision, scale));
    }

    private static String name(int precision, int scale) {
        return "DECIMAL(" + precision + ", " + scale + ")";
    }
}
