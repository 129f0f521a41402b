// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.math.BigInteger;

/** Holds the result of a function that gives a 128-bit integer, and converts such integers. */
public final class Int128 {
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
}
