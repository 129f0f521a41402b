// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

/** Reads dates and times of day from text, from left to right. Used again for every value. */
final class DateTimeScanner {
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    private static final int[] DAYS_IN_MONTH = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int DAYS_BEFORE_1970 = 719_162;
    private static final int FRACTION_DIGITS_MAX = 9;

    private byte[] data;
    private int at;
    private int end;

    void start(byte[] text, int from, int to) {
        data = text;
        at = from;
        end = to;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** The byte that comes next, or 0 at the end. */
    byte peek() {
        return at < end ? data[at] : 0;
    }

    void skip() {
        at++;
    }

    /** Reads {@code yyyy-MM-dd}. Returns days since 1970-01-01, or {@link Long#MIN_VALUE} if it is no date. */
    long date() {
        int year = number(4);
        boolean isWellFormed = take('-');
        int month = number(2);
        isWellFormed &= take('-');
        int day = number(2);
        if (!isWellFormed || year < 1 || month < 1 || month > 12 || day < 1 || day > DAYS_IN_MONTH[month - 1]) {
            return Long.MIN_VALUE;
        }
        boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (month == 2 && day == 29 && !isLeap) {
            return Long.MIN_VALUE;
        }
        int before = year - 1;
        long days = before * 365L + before / 4 - before / 100 + before / 400 - DAYS_BEFORE_1970;
        return days + DAYS_BEFORE_MONTH[month - 1] + (isLeap && month > 2 ? 1 : 0) + day - 1;
    }

    /** Reads {@code HH:mm[:ss]}. Returns seconds of the day, or -1 if it is no time. */
    int clock() {
        int hour = number(2);
        boolean isWellFormed = take(':');
        int minute = number(2);
        int second = 0;
        if (peek() == ':') {
            at++;
            second = number(2);
        }
        if (!isWellFormed || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return -1;
        }
        return hour * 3600 + minute * 60 + second;
    }

    /** Reads {@code [.fffffffff]}. Returns nanoseconds, or -1 if there is no digit, or more than nine. */
    int nanos() {
        if (peek() != '.') {
            return 0;
        }
        at++;
        int start = at;
        int value = 0;
        while (peek() >= '0' && peek() <= '9' && at - start < FRACTION_DIGITS_MAX) {
            value = value * 10 + data[at] - '0';
            at++;
        }
        if (at == start) {
            return -1;
        }
        return value * (int) PowersOfTen.asLong(FRACTION_DIGITS_MAX - (at - start));
    }

    /**
     * Reads {@code [Z]} or {@code [±HH[[:]mm]]}. Returns the seconds to subtract to get UTC, or
     * {@link Integer#MIN_VALUE} if it is no offset.
     */
    int offset() {
        byte sign = peek();
        if (sign == 'Z' || sign == 'z') {
            at++;
            return 0;
        }
        if (sign != '+' && sign != '-') {
            return 0;
        }
        at++;
        int hours = number(2);
        int minutes = 0;
        if (peek() == ':') {
            at++;
            minutes = number(2);
        } else if (peek() != 0) {
            minutes = number(2);
        }
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private boolean take(char expected) {
        boolean isThere = peek() == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }

    /** A number of exactly so many digits, or -1. */
    private int number(int digits) {
        if (end - at < digits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = data[at + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        at += digits;
        return value;
    }
}
