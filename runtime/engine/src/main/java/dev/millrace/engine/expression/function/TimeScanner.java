// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

/**
 * Reads dates and times from text: {@code 2024-01-31}, {@code 2024-01-31 23:59:59.999}, with {@code T} between date
 * and time, without seconds, and with {@code Z} or an offset at the end, which is then taken off. A year has four digits,
 * or up to six behind a sign; months, days and hours may have one; digits of the fraction that the type doesn't have
 * are cut off.
 */
public final class TimeScanner {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;
    private static final int YEAR_DIGITS_MAX = 6;

    private byte[] data;
    private int at;
    private int end;
    private long days;
    private long nanos;

    public static long timestamp(
            byte[] data,
            int start,
            int length,
            long perSecond,
            int digits,
            String type,
            TimeScanner scanner) {
        if (!scanner.scanTimestamp(data, start, length)) {
            throw RowFailure.notA(type, data, start, length);
        }
        return scanner.time(perSecond, digits);
    }

    /** NULL where the text has another form. */
    public static boolean timestampOrNull(
            byte[] data,
            int start,
            int length,
            long perSecond,
            int digits,
            TimeScanner scanner,
            LongSlot out) {
        if (!scanner.scanTimestamp(data, start, length)) {
            return false;
        }
        out.set(scanner.time(perSecond, digits));
        return true;
    }

    public static long date(byte[] data, int start, int length, TimeScanner scanner) {
        if (!scanner.scanTimestamp(data, start, length)) {
            throw RowFailure.notA("DATE", data, start, length);
        }
        return scanner.days;
    }

    /** NULL where the text has another form. */
    public static boolean dateOrNull(byte[] data, int start, int length, TimeScanner scanner, LongSlot out) {
        if (!scanner.scanTimestamp(data, start, length)) {
            return false;
        }
        out.set(scanner.days);
        return true;
    }

    public static long time(
            byte[] data,
            int start,
            int length,
            long perSecond,
            int digits,
            String type,
            TimeScanner scanner) {
        scanner.open(data, start, length);
        if (!scanner.scanTime() || scanner.at != scanner.end) {
            throw RowFailure.notA(type, data, start, length);
        }
        return scanner.time(perSecond, digits);
    }

    private long time(long perSecond, int digits) {
        long units = nanos / (NANOS_PER_SECOND / perSecond);
        return TimeFunctions.cut(TimeFunctions.add(TimeFunctions.fromDays(days, perSecond), units), perSecond, digits);
    }

    private void open(byte[] bytes, int start, int length) {
        data = bytes;
        at = TextCasts.skipBlanks(bytes, start, start + length);
        end = TextCasts.skipBlanksBack(bytes, at, start + length);
        days = 0;
        nanos = 0;
    }

    private boolean scanTimestamp(byte[] bytes, int start, int length) {
        open(bytes, start, length);
        if (!scanDate()) {
            return false;
        }
        if (at == end) {
            return true;
        }
        if (!skip('T') && !skip('t') && !skip(' ')) {
            return false;
        }
        return scanTime() && scanOffset() && at == end;
    }

    private boolean scanDate() {
        boolean negative = skip('-');
        boolean signed = negative || skip('+');
        int first = at;
        long digits = number(signed ? YEAR_DIGITS_MAX : 4);
        if (at - first < 4 || !skip('-')) {
            return false;
        }
        long month = number(2);
        if (!skip('-')) {
            return false;
        }
        long day = number(2);
        long year = negative ? -digits : digits;
        if (month < 1 || month > 12 || day < 1 || day > CivilDate.daysOfMonth(year, (int) month)) {
            return false;
        }
        days = CivilDate.days(year, (int) month, (int) day);
        return true;
    }

    private boolean scanTime() {
        long hour = number(2);
        if (hour < 0 || hour > 23 || !skip(':')) {
            return false;
        }
        long minute = twoDigits();
        if (minute < 0 || minute > 59) {
            return false;
        }
        long second = 0;
        long fraction = 0;
        if (skip(':')) {
            second = twoDigits();
            if (second < 0 || second > 59) {
                return false;
            }
            if (skip('.')) {
                fraction = fraction();
            }
        }
        nanos = ((hour * 60 + minute) * 60 + second) * NANOS_PER_SECOND + fraction;
        return fraction >= 0;
    }

    private boolean scanOffset() {
        if (at == end || skip('Z') || skip('z')) {
            return true;
        }
        boolean negative = skip('-');
        if (!negative && !skip('+')) {
            return false;
        }
        long hours = twoDigits();
        boolean colon = skip(':');
        long minutes = at < end || colon ? twoDigits() : 0;
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return false;
        }
        long offset = (hours * 60 + minutes) * 60 * NANOS_PER_SECOND;
        nanos += negative ? offset : -offset;
        days += Math.floorDiv(nanos, NANOS_PER_DAY);
        nanos = Math.floorMod(nanos, NANOS_PER_DAY);
        return true;
    }

    private boolean skip(char c) {
        if (at < end && data[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** The number at this place, or -1 if there is none. */
    private long number(int digitsMax) {
        int limit = Math.min(end, at + digitsMax);
        int first = at;
        long value = 0;
        while (at < limit && data[at] >= '0' && data[at] <= '9') {
            value = value * 10 + data[at++] - '0';
        }
        return at == first ? -1 : value;
    }

    /** The number of two digits at this place, or -1 if there is none. */
    private long twoDigits() {
        int first = at;
        long value = number(2);
        return at == first + 2 ? value : -1;
    }

    /** The digits behind the point as nanoseconds, or -1 if there are none. */
    private long fraction() {
        int first = at;
        long value = 0;
        int digits = 0;
        for (; at < end && data[at] >= '0' && data[at] <= '9'; at++) {
            if (digits < 9) {
                value = value * 10 + data[at] - '0';
                digits++;
            }
        }
        return at == first ? -1 : value * DecimalMath.powerOfTen(9 - digits);
    }
}
