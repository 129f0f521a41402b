// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import dev.millrace.engine.type.SqlType;

/** Writes dates, times, timestamps and intervals. */
final class DateTimeText {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int DAYS_PER_400_YEARS = 146_097;
    private static final int DAYS_FROM_0000_03_01_TO_1970 = 719_468;

    private DateTimeText() {}

    /** @param days days since 1970-01-01 */
    static void appendDate(long days, TextBuffer out) {
        // Years that start in March put the leap day at their end, so that a month's start is linear in its number.
        long shifted = days + DAYS_FROM_0000_03_01_TO_1970;
        long era = Math.floorDiv(shifted, DAYS_PER_400_YEARS);
        int dayOfEra = (int) Math.floorMod(shifted, (long) DAYS_PER_400_YEARS);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        if (year < 0) {
            out.append('-');
        }
        out.append(year, 4);
        out.append('-');
        out.append(month, 2);
        out.append('-');
        out.append(day, 2);
    }

    /** Appends a time of day with as many digits of the fraction as the type has. */
    static void appendTime(long value, SqlType type, TextBuffer out) {
        long units = type.unitsPerSecond();
        appendClock((int) (value / units), out);
        if (type.precision() > 0) {
            out.append('.');
            long fraction = value % units;
            int digits = fractionDigits(units);
            for (int i = type.precision(); i < digits; i++) {
                fraction /= 10;
            }
            out.append(fraction, type.precision());
        }
    }

    /**
     * Appends date and time with three, six or nine digits of the fraction: those that the type's unit can hold.
     *
     * @param separator stands between date and time
     */
    static void appendTimestamp(long value, SqlType type, char separator, TextBuffer out) {
        long units = type.unitsPerSecond();
        long seconds = Math.floorDiv(value, units);
        appendDate(Math.floorDiv(seconds, (long) SECONDS_PER_DAY), out);
        out.append(separator);
        appendClock(Math.floorMod(seconds, SECONDS_PER_DAY), out);
        out.append('.');
        out.append(Math.floorMod(value, units), fractionDigits(units));
    }

    /** Appends an interval of months as years and months, such as {@code +1-06}. */
    static void appendMonths(long months, TextBuffer out) {
        out.append(months < 0 ? '-' : '+');
        out.append(months / 12, 1);
        out.append('-');
        out.append(months % 12, 2);
    }

    /** Appends an interval of milliseconds as days and time, such as {@code +1 02:03:04.567}. */
    static void appendMillis(long millis, TextBuffer out) {
        out.append(millis < 0 ? '-' : '+');
        long seconds = millis / 1000;
        out.append(seconds / SECONDS_PER_DAY, 1);
        out.append(' ');
        appendClock(Math.abs((int) (seconds % SECONDS_PER_DAY)), out);
        out.append('.');
        out.append(millis % 1000, 3);
    }

    private static void appendClock(int secondOfDay, TextBuffer out) {
        out.append(secondOfDay / 3600, 2);
        out.append(':');
        out.append(secondOfDay / 60 % 60, 2);
        out.append(':');
        out.append(secondOfDay % 60, 2);
    }

    private static int fractionDigits(long unitsPerSecond) {
        if (unitsPerSecond == 1_000) {
            return 3;
        }
        return unitsPerSecond == 1_000_000 ? 6 : 9;
    }
}
