// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import java.math.BigInteger;

/** Arithmetic on 128-bit two's complement integers in two halves. */
final class Int128 {
    /** 10 to the power of 38 and its negative: decimals lie strictly between. */
    private static final long LIMIT_HIGH = 0x4B3B4CA85A86C47AL;

    private static final long LIMIT_LOW = 0x098A224000000000L;
    private static final long NEGATIVE_LIMIT_HIGH = ~LIMIT_HIGH;
    private static final long NEGATIVE_LIMIT_LOW = -LIMIT_LOW;

    private Int128() {}

    /** What adding the lower halves carries into the upper half, from their sum and one of them: 0 or 1. */
    static long carry(long sum, long operand) {
        return Long.compareUnsigned(sum, operand) < 0 ? 1 : 0;
    }

    /** Whether the number has at most 38 digits. */
    static boolean isDecimal(long high, long low) {
        boolean belowLimit = high < LIMIT_HIGH
                || high == LIMIT_HIGH && Long.compareUnsigned(low, LIMIT_LOW) < 0;
        boolean aboveNegative = high > NEGATIVE_LIMIT_HIGH
                || high == NEGATIVE_LIMIT_HIGH && Long.compareUnsigned(low, NEGATIVE_LIMIT_LOW) > 0;
        return belowLimit && aboveNegative;
    }

    static int compare(long aHigh, long aLow, long bHigh, long bLow) {
        return aHigh != bHigh ? Long.compare(aHigh, bHigh) : Long.compareUnsigned(aLow, bLow);
    }

    static BigInteger toBigInteger(long high, long low) {
        return BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
    }
}
