// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.math.BigInteger;

/**
 * Holds the result of a function that gives a 128-bit integer; and what is done with such integers, as two halves in two's
 * complement.
 */
public final class Int128 {
    /** 10 to the power of 38 and its negative: decimals lie strictly between. */
    private static final long LIMIT_HIGH = 0x4B3B4CA85A86C47AL;

    private static final long LIMIT_LOW = 0x098A224000000000L;
    private static final long NEGATIVE_LIMIT_HIGH = ~LIMIT_HIGH;
    private static final long NEGATIVE_LIMIT_LOW = -LIMIT_LOW;

    private long high;
    private long low;

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    public void set(long highBits, long lowBits) {
        high = highBits;
        low = lowBits;
    }

    /** Sets a value of at most 127 bits. */
    public void set(BigInteger value) {
        low = value.longValue();
        high = value.shiftRight(64).longValue();
    }

    public static BigInteger toBigInteger(long high, long low) {
        if (high == low >> 63) {
            return BigInteger.valueOf(low);
        }
        BigInteger upper = BigInteger.valueOf(high).shiftLeft(64);
        return upper.add(BigInteger.valueOf(low >>> 1).shiftLeft(1)).add(BigInteger.valueOf(low & 1));
    }

    public static boolean fitsLong(long high, long low) {
        return high == low >> 63;
    }

    public static int compare(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? Long.compare(high, otherHigh) : Long.compareUnsigned(low, otherLow);
    }

    /** What adding the lower halves carries into the upper half, from their sum and one of them: 0 or 1. */
    public static long carry(long sum, long operand) {
        return Long.compareUnsigned(sum, operand) < 0 ? 1 : 0;
    }

    /** Whether the number has at most 38 digits. */
    public static boolean isDecimal(long high, long low) {
        boolean belowLimit = high < LIMIT_HIGH
                || high == LIMIT_HIGH && Long.compareUnsigned(low, LIMIT_LOW) < 0;
        boolean aboveNegative = high > NEGATIVE_LIMIT_HIGH
                || high == NEGATIVE_LIMIT_HIGH && Long.compareUnsigned(low, NEGATIVE_LIMIT_LOW) > 0;
        return belowLimit && aboveNegative;
    }
}
