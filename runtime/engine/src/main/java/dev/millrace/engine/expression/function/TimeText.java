// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

/** Dates and times as text: {@code 2024-01-31 23:59:59.999}, with as many digits of the second as the type has. */
public final class TimeText {
    private static final int CHARACTERS_MAX = 40;

    private TimeText() {}

    public static void timestamp(long time, long perSecond, int digits, ByteSlice out) {
        byte[] to = out.allocate(CHARACTERS_MAX);
        int at = date(TimeFunctions.toDays(time, perSecond), to);
        to[at++] = ' ';
        out.truncate(time(TimeFunctions.timeOfDay(time, perSecond), perSecond, digits, to, at));
    }

    public static void date(long days, ByteSlice out) {
        byte[] to = out.allocate(CHARACTERS_MAX);
        out.truncate(date(days, to));
    }

    public static void time(long time, long perSecond, int digits, ByteSlice out) {
        byte[] to = out.allocate(CHARACTERS_MAX);
        out.truncate(time(TimeFunctions.timeOfDay(time, perSecond), perSecond, digits, to, 0));
    }

    private static int date(long days, byte[] to) {
        long packed = CivilDate.pack(days);
        long year = CivilDate.year(packed);
        int at = 0;
        if (year < 0) {
            to[at++] = '-';
            year = -year;
        } else if (year > 9_999) {
            to[at++] = '+';
        }
        at = digits(year, year < 10_000 ? 4 : Long.toString(year).length(), to, at);
        to[at++] = '-';
        at = digits(CivilDate.month(packed), 2, to, at);
        to[at++] = '-';
        return digits(CivilDate.day(packed), 2, to, at);
    }

    private static int time(long timeOfDay, long perSecond, int fractionDigits, byte[] to, int start) {
        long second = timeOfDay / perSecond;
        int at = digits(second / 3_600, 2, to, start);
        to[at++] = ':';
        at = digits(second / 60 % 60, 2, to, at);
        to[at++] = ':';
        at = digits(second % 60, 2, to, at);
        if (fractionDigits > 0) {
            to[at++] = '.';
            at = digits(fraction(timeOfDay % perSecond, perSecond, fractionDigits), fractionDigits, to, at);
        }
        return at;
    }

    /** The first digits of the fraction of a second. */
    static long fraction(long units, long perSecond, int digits) {
        long wanted = DecimalMath.powerOfTen(digits);
        return wanted >= perSecond ? units * (wanted / perSecond) : units / (perSecond / wanted);
    }

    /** Writes a number of exactly so many digits; gives the index behind them. */
    static int digits(long value, int count, byte[] to, int start) {
        long rest = value;
        for (int i = start + count - 1; i >= start; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return start + count;
    }
}
