// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * A number in text, taken apart: {@code [+-] digits [. digits] [e [+-] digits]}, where one side of the point may be
 * empty. Used again for every number.
 */
final class NumberText {
    /** Longer ones are refused: reading them exactly takes time that grows with the square of the length. */
    static final int LENGTH_MAX = 1000;

    private static final int DIGITS_MAX = 18;

    /** Numbers with this exponent and above are refused, since arithmetic on scales would overflow. */
    private static final int EXPONENT_END = 100_000_000;

    private boolean negative;
    private boolean isExact;
    private long digits;
    private int scale;

    /** Reads a number. Returns false if the text is none. */
    boolean read(byte[] data, int from, int to) {
        int i = from;
        negative = data[i] == '-';
        if (negative || data[i] == '+') {
            i++;
        }
        long value = 0;
        int significant = 0;
        int count = 0;
        int fraction = 0;
        boolean isBehindPoint = false;
        for (; i < to; i++) {
            int digit = data[i] - '0';
            if (digit >= 0 && digit <= 9) {
                count++;
                fraction += isBehindPoint ? 1 : 0;
                if (significant > 0 || digit > 0) {
                    significant++;
                }
                if (significant <= DIGITS_MAX) {
                    value = value * 10 + digit;
                }
            } else if (data[i] == '.' && !isBehindPoint) {
                isBehindPoint = true;
            } else {
                break;
            }
        }
        int exponent = 0;
        if (i < to && (data[i] | 0x20) == 'e') {
            boolean isNegativeExponent = i + 1 < to && data[i + 1] == '-';
            i += i + 1 < to && (isNegativeExponent || data[i + 1] == '+') ? 2 : 1;
            int start = i;
            for (; i < to && data[i] >= '0' && data[i] <= '9'; i++) {
                exponent = Math.min(exponent * 10 + data[i] - '0', EXPONENT_END);
            }
            if (i == start || exponent == EXPONENT_END) {
                return false;
            }
            exponent = isNegativeExponent ? -exponent : exponent;
        }
        digits = value;
        scale = fraction - exponent;
        isExact = significant <= DIGITS_MAX;
        return i == to && count > 0 && to - from <= LENGTH_MAX;
    }

    boolean isNegative() {
        return negative;
    }

    /** Whether {@link #digits} holds all digits. */
    boolean isExact() {
        return isExact;
    }

    /** All digits without the point, as one number of at most 18 digits. */
    long digits() {
        return digits;
    }

    /** The number is digits / 10^scale; may be negative. */
    int scale() {
        return scale;
    }

    /** The number that the text, which is one, stands for. */
    static BigDecimal toBigDecimal(byte[] data, int from, int to) {
        return new BigDecimal(toText(data, from, to));
    }

    static String toText(byte[] data, int from, int to) {
        return new String(data, from, to - from, StandardCharsets.US_ASCII);
    }
}
