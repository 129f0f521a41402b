// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Numbers and truth values to other numbers and to text.
 *
 * <p>As text a floating-point number has the fewest digits that tell it from its neighbours: plain between 0.0001 and
 * 10^16 ({@code 12345678.9}), with an exponent beyond ({@code 1.0E16}). A decimal has all digits of its scale. A truth
 * value is {@code TRUE} or {@code FALSE}.
 */
public final class NumberCasts {
    private static final byte[] TRUE = "TRUE        ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "FALSE        ".getBytes(StandardCharsets.US_ASCII);
    private static final double PLAIN_MIN = 1e-4;
    private static final double PLAIN_LIMIT = 1e16;
    private static final int LONG_CHARACTERS_MAX = 20;

    private NumberCasts() {}

    /** Cuts the fraction off. */
    public static long doubleToLong(double value, long min, long max, String type) {
        // As a double the largest long is 2^63, which does not fit any more.
        boolean fits = max == Long.MAX_VALUE
                ? value >= min && value < 0x1p63
                : value > min - 1.0 && value < max + 1.0;
        if (!fits) {
            throw RowFailure.outOfRange(value, type);
        }
        return (long) value;
    }

    /** The nearest 32-bit number. */
    public static double doubleToFloat(double value) {
        float result = (float) value;
        if (Float.isInfinite(result) && !Double.isInfinite(value)) {
            throw RowFailure.outOfRange(value, "FLOAT");
        }
        return result;
    }

    public static long range(long value, long min, long max, String type) {
        if (value < min || value > max) {
            throw RowFailure.outOfRange(value, type);
        }
        return value;
    }

    public static void longToText(long value, ByteSlice out) {
        unscaledToText(value, 0, out);
    }

    /** A decimal of up to 18 digits, or a whole number where the scale is 0. */
    public static void unscaledToText(long value, int scale, ByteSlice out) {
        byte[] buffer = out.allocate(LONG_CHARACTERS_MAX + 2L);
        int end = LONG_CHARACTERS_MAX + 2;
        int at = end;
        // Negative numbers reach further than positive ones.
        long rest = value > 0 ? -value : value;
        int digits = 0;
        do {
            if (digits == scale && scale > 0) {
                buffer[--at] = '.';
            }
            long tens = rest / 10;
            buffer[--at] = (byte) ('0' + (tens * 10 - rest));
            rest = tens;
            digits++;
        } while (rest != 0 || digits <= scale);
        if (value < 0) {
            buffer[--at] = '-';
        }
        out.point(buffer, at, end - at);
    }

    public static void decimalToText(long high, long low, int scale, ByteSlice out) {
        if (scale <= 18 && Int128.fitsLong(high, low)) {
            unscaledToText(low, scale, out);
        } else {
            out.set(DecimalMath.decimal(high, low, scale).toPlainString());
        }
    }

    public static void doubleToText(double value, ByteSlice out) {
        out.set(plain(Double.toString(value), Math.abs(value)));
    }

    public static void floatToText(double value, ByteSlice out) {
        out.set(plain(Float.toString((float) value), Math.abs(value)));
    }

    private static String plain(String shortest, double size) {
        if (shortest.indexOf('E') < 0 || size < PLAIN_MIN || size >= PLAIN_LIMIT) {
            return shortest;
        }
        String plain = new BigDecimal(shortest).stripTrailingZeros().toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    public static void booleanToText(boolean value, ByteSlice out) {
        out.point(value ? TRUE : FALSE, 0, value ? 4 : 5);
    }
}
