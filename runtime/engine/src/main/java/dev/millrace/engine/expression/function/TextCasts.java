// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * Text to numbers and truth values, and text to text of a declared length. Blanks around a number are ignored; a whole
 * number may be written with a fraction, which is cut off, and with an exponent.
 */
public final class TextCasts {
    private static final int LONG_DIGITS_MAX = 18;
    private static final long EXACT_DOUBLE = 1L << 53;
    private static final double[] EXACT_POWERS = new double[23];

    static {
        double power = 1;
        for (int i = 0; i < EXACT_POWERS.length; i++) {
            EXACT_POWERS[i] = power;
            power *= 10;
        }
    }

    private TextCasts() {}

    public static long toLong(byte[] data, int start, int length, long min, long max, String type) {
        int at = skipBlanks(data, start, start + length);
        int end = skipBlanksBack(data, at, start + length);
        int first = at < end && (data[at] == '-' || data[at] == '+') ? at + 1 : at;
        if (first == end || end - first > LONG_DIGITS_MAX) {
            return slowToLong(data, start, length, min, max, type);
        }
        long value = 0;
        for (int i = first; i < end; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9) {
                return slowToLong(data, start, length, min, max, type);
            }
            value = value * 10 + digit;
        }
        return NumberCasts.range(data[at] == '-' ? -value : value, min, max, type);
    }

    private static long slowToLong(byte[] data, int start, int length, long min, long max, String type) {
        BigDecimal number = number(data, start, length, type);
        // 10^20 is beyond every range; the digits of 1e999999999 must not be written out.
        if (number.precision() - (long) number.scale() > 20) {
            throw RowFailure.outOfRange(number, type);
        }
        BigDecimal whole = number.precision() - (long) number.scale() <= 0
                ? BigDecimal.ZERO
                : new BigDecimal(number.toBigInteger());
        if (whole.compareTo(BigDecimal.valueOf(min)) < 0 || whole.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw RowFailure.outOfRange(number.toPlainString(), type);
        }
        return whole.longValueExact();
    }

    public static double toDouble(byte[] data, int start, int length) {
        int at = skipBlanks(data, start, start + length);
        int end = skipBlanksBack(data, at, start + length);
        int i = at < end && (data[at] == '-' || data[at] == '+') ? at + 1 : at;
        long digits = 0;
        int count = 0;
        int fraction = -1;
        for (; i < end; i++) {
            int digit = data[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
                count++;
                fraction += fraction >= 0 ? 1 : 0;
            } else if (data[i] == '.' && fraction < 0) {
                fraction = 0;
            } else {
                break;
            }
        }
        // Below 2^53 and 10^23 both operands of the division are exact, so its result is the nearest double.
        if (i == end && count > 0 && count <= LONG_DIGITS_MAX && digits <= EXACT_DOUBLE) {
            double value = digits / EXACT_POWERS[Math.max(0, fraction)];
            return data[at] == '-' ? -value : value;
        }
        return slowToDouble(data, start, length);
    }

    private static double slowToDouble(byte[] data, int start, int length) {
        String text = stripped(data, start, length);
        String word = text.toLowerCase(Locale.ROOT);
        switch (word) {
            case "nan" :
                return Double.NaN;
            case "infinity", "+infinity", "inf", "+inf" :
                return Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" :
                return Double.NEGATIVE_INFINITY;
            default :
                break;
        }
        double value;
        try {
            // The library also takes suffixes, hexadecimal digits, and control characters around the number.
            char last = word.isEmpty() ? ' ' : word.charAt(word.length() - 1);
            if (last <= ' ' || last == 'd' || last == 'f' || word.charAt(0) <= ' ' || word.indexOf('x') >= 0) {
                throw new NumberFormatException();
            }
            value = Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            throw RowFailure.notA("DOUBLE", data, start, length);
        }
        if (Double.isInfinite(value)) {
            throw RowFailure.outOfRange(RowFailure.quoted(data, start, length), "DOUBLE");
        }
        return value;
    }

    public static double toFloat(byte[] data, int start, int length) {
        double value = toDouble(data, start, length);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        }
        // Rounding the nearest double once more could miss the nearest float.
        float result = Float.parseFloat(stripped(data, start, length));
        if (Float.isInfinite(result)) {
            throw RowFailure.outOfRange(RowFailure.quoted(data, start, length), "FLOAT");
        }
        return result;
    }

    public static void toDecimal(byte[] data, int start, int length, int precision, int scale, Int128 out) {
        int at = skipBlanks(data, start, start + length);
        int end = skipBlanksBack(data, at, start + length);
        int i = at < end && (data[at] == '-' || data[at] == '+') ? at + 1 : at;
        long digits = 0;
        int count = 0;
        int fraction = -1;
        for (; i < end && count <= LONG_DIGITS_MAX; i++) {
            int digit = data[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
                count++;
                fraction += fraction >= 0 ? 1 : 0;
            } else if (data[i] == '.' && fraction < 0) {
                fraction = 0;
            } else {
                break;
            }
        }
        if (i == end && count > 0 && count <= LONG_DIGITS_MAX) {
            long value = data[at] == '-' ? -digits : digits;
            DecimalMath.rescale(value >> 63, value, Math.max(0, fraction), precision, scale, out);
        } else {
            String type = "DECIMAL(" + precision + ", " + scale + ")";
            DecimalMath.fromBigDecimal(number(data, start, length, type), precision, scale, out);
        }
    }

    private static BigDecimal number(byte[] data, int start, int length, String type) {
        try {
            String text = stripped(data, start, length);
            if (!Utf8.isAscii(data, start, length)) {
                // The library also takes the digits of other scripts.
                throw new NumberFormatException();
            }
            return new BigDecimal(text);
        } catch (NumberFormatException notANumber) {
            throw RowFailure.notA(type, data, start, length);
        }
    }

    /** Takes true, t, yes, y, 1 and false, f, no, n, 0 in any case. */
    public static boolean toBoolean(byte[] data, int start, int length) {
        switch (stripped(data, start, length).toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" :
                return true;
            case "false", "f", "no", "n", "0" :
                return false;
            default :
                throw RowFailure.notA("BOOLEAN", data, start, length);
        }
    }

    /** Cuts the text after so many characters. */
    public static void toVarchar(byte[] data, int start, int length, int characters, ByteSlice out) {
        int end = length <= characters ? start + length : Utf8.skip(data, start, start + length, characters);
        out.point(data, start, end - start);
    }

    /** Cuts the text after so many characters, or fills it with blanks. */
    public static void toChar(byte[] data, int start, int length, int characters, ByteSlice out) {
        long count = Utf8.length(data, start, length);
        if (count >= characters) {
            toVarchar(data, start, length, characters, out);
            return;
        }
        out.clear();
        out.append(data, start, length);
        for (long i = count; i < characters; i++) {
            out.append((byte) ' ');
        }
    }

    /** For the text of a number or a time, which must not lose characters. */
    public static void fit(byte[] data, int start, int length, int characters, String type, ByteSlice out) {
        if (length > characters && Utf8.length(data, start, length) > characters) {
            String value = Utf8.string(data, start, length);
            throw RowFailure.cast(value + " has more characters than " + type + " takes");
        }
        out.point(data, start, length);
    }

    /** Cuts bytes after so many. */
    public static void toVarbinary(byte[] data, int start, int length, int bytes, ByteSlice out) {
        out.point(data, start, Math.min(length, bytes));
    }

    /** Cuts bytes after so many, or fills them with zeros. */
    public static void toBinary(byte[] data, int start, int length, int bytes, ByteSlice out) {
        out.point(data, start, Math.min(length, bytes));
        if (length < bytes) {
            out.clear();
            out.append(data, start, length);
            for (int i = length; i < bytes; i++) {
                out.append((byte) 0);
            }
        }
    }

    /** Bytes as text; what is not UTF-8 becomes the replacement character. */
    public static void bytesToText(byte[] data, int start, int length, ByteSlice out) {
        if (Utf8.isAscii(data, start, length)) {
            out.point(data, start, length);
        } else {
            out.set(Utf8.string(data, start, length));
        }
    }

    static int skipBlanks(byte[] data, int start, int end) {
        int at = start;
        while (at < end && isBlank(data[at])) {
            at++;
        }
        return at;
    }

    static int skipBlanksBack(byte[] data, int start, int end) {
        int at = end;
        while (at > start && isBlank(data[at - 1])) {
            at--;
        }
        return at;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** The text without blanks around it. */
    private static String stripped(byte[] data, int start, int length) {
        int at = skipBlanks(data, start, start + length);
        return Utf8.string(data, at, skipBlanksBack(data, at, start + length) - at);
    }
}
