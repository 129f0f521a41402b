// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

/**
 * The proleptic Gregorian calendar without objects: days since 1970-01-01 to year, month and day and back. The days are
 * counted from the first of March of the year 0 in eras of 400 years, so that leap days come last.
 */
public final class CivilDate {
    private static final long DAYS_PER_ERA = 146_097;
    private static final long EPOCH = 719_468;

    private CivilDate() {}

    /**
     * The date as {@code year * 512 + month * 32 + day}, which is ordered as dates are; months and days from 1.
     */
    public static long pack(long days) {
        long shifted = days + EPOCH;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = (int) (shifted - era * DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        return year * 512 + month * 32L + day;
    }

    public static long year(long packed) {
        return packed >> 9;
    }

    public static int month(long packed) {
        return (int) (packed >> 5) & 15;
    }

    public static int day(long packed) {
        return (int) packed & 31;
    }

    /** Days since 1970-01-01 of a date, which must exist. */
    public static long days(long year, int month, int day) {
        long fromMarch = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(fromMarch, 400L);
        long yearOfEra = fromMarch - era * 400;
        long dayOfYear = (153 * (month > 2 ? month - 3L : month + 9L) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - EPOCH;
    }

    public static boolean isLeap(long year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    public static int daysOfMonth(long year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** 1 for Monday to 7 for Sunday. */
    public static int dayOfWeek(long days) {
        return (int) Math.floorMod(days + 3, 7L) + 1;
    }

    public static int dayOfYear(long days) {
        return (int) (days - days(year(pack(days)), 1, 1)) + 1;
    }

    /** The year that most days of the week are in. */
    public static long weekYear(long days) {
        return year(pack(days - dayOfWeek(days) + 4));
    }

    /** The week of {@link #weekYear}, from 1; weeks start on Monday. */
    public static int weekOfYear(long days) {
        return (dayOfYear(days - dayOfWeek(days) + 4) - 1) / 7 + 1;
    }
}
