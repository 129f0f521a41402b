// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

/** Integer arithmetic in which a result that does not fit is an error. */
public final class IntegerMath {
    private IntegerMath() {}

    public static long toTinyint(long value) {
        if ((byte) value != value) {
            throw RowFailure.outOfRange(value, "TINYINT");
        }
        return value;
    }

    public static long toSmallint(long value) {
        if ((short) value != value) {
            throw RowFailure.outOfRange(value, "SMALLINT");
        }
        return value;
    }

    public static long toInteger(long value) {
        if ((int) value != value) {
            throw RowFailure.outOfRange(value, "INTEGER");
        }
        return value;
    }

    public static long add(long a, long b) {
        long result = a + b;
        if (((a ^ result) & (b ^ result)) < 0) {
            throw overflow(a, "+", b);
        }
        return result;
    }

    public static long subtract(long a, long b) {
        long result = a - b;
        if (((a ^ b) & (a ^ result)) < 0) {
            throw overflow(a, "-", b);
        }
        return result;
    }

    public static long multiply(long a, long b) {
        long result = a * b;
        if (Math.multiplyHigh(a, b) != result >> 63) {
            throw overflow(a, "*", b);
        }
        return result;
    }

    /** Cuts the fraction off. */
    public static long divide(long a, long b) {
        if (b == 0) {
            throw RowFailure.divisionByZero(a);
        }
        if (b == -1 && a == Long.MIN_VALUE) {
            throw overflow(a, "/", b);
        }
        return a / b;
    }

    /** The remainder has the sign of the dividend. */
    public static long modulo(long a, long b) {
        if (b == 0) {
            throw RowFailure.divisionByZero(a);
        }
        return a % b;
    }

    public static long negate(long value) {
        if (value == Long.MIN_VALUE) {
            throw overflow(0, "-", value);
        }
        return -value;
    }

    public static long abs(long value) {
        return value < 0 ? negate(value) : value;
    }

    public static long sign(long value) {
        return Long.signum(value);
    }

    /**
     * Rounds half away from zero.
     *
     * @param digits digits behind the point; what is negative rounds to tens, hundreds and so on
     */
    public static long round(long value, long digits) {
        if (digits >= 0) {
            return value;
        }
        if (digits < -19) {
            return 0;
        }
        if (digits == -19) {
            // Half of 10^19 is within the range of a long, but 10^19 itself is not.
            if (value >= 5_000_000_000_000_000_000L || value <= -5_000_000_000_000_000_000L) {
                throw RowFailure.overflow("ROUND(" + value + ", " + digits + ") is out of the range of BIGINT");
            }
            return 0;
        }
        long unit = DecimalMath.powerOfTen((int) -digits);
        long rest = value % unit;
        long cut = value - rest;
        if (Math.abs(rest) >= unit - Math.abs(rest)) {
            return add(cut, value < 0 ? -unit : unit);
        }
        return cut;
    }

    /** As {@link #round}, but towards zero. */
    public static long truncate(long value, long digits) {
        if (digits >= 0) {
            return value;
        }
        return digits <= -19 ? 0 : value - value % DecimalMath.powerOfTen((int) -digits);
    }

    private static RowFailure overflow(long a, String operator, long b) {
        return RowFailure.outOfRange(a + " " + operator + " " + b, "BIGINT");
    }
}
