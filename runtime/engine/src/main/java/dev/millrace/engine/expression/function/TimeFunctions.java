// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

/**
 * Functions on times. A time is a 64-bit count since 1970-01-01 (or midnight) of units of which {@code perSecond} make a
 * second; dates are brought to this form first.
 */
public final class TimeFunctions {
    private static final long SECONDS_PER_DAY = 86_400;

    private TimeFunctions() {}

    // Conversions.

    public static long fromDays(long days, long perSecond) {
        return multiply(days, SECONDS_PER_DAY * perSecond);
    }

    public static long toDays(long time, long perSecond) {
        return Math.floorDiv(time, SECONDS_PER_DAY * perSecond);
    }

    public static long timeOfDay(long time, long perSecond) {
        return Math.floorMod(time, SECONDS_PER_DAY * perSecond);
    }

    /** Cuts off (towards the past) what is less than a unit, and less than a unit of the wanted digits. */
    public static long rescale(long time, long perSecond, long wantedPerSecond, int digits) {
        long result = wantedPerSecond >= perSecond
                ? multiply(time, wantedPerSecond / perSecond)
                : Math.floorDiv(time, perSecond / wantedPerSecond);
        return cut(result, wantedPerSecond, digits);
    }

    /** Cuts off what the digits of the fraction of a second don't show. */
    public static long cut(long time, long perSecond, int digits) {
        long unit = perSecond / DecimalMath.powerOfTen(digits);
        return unit <= 1 ? time : time - Math.floorMod(time, unit);
    }

    /** Compares times in different units. */
    public static int compare(long a, long b, long aPerSecond, long bPerSecond) {
        if (aPerSecond > bPerSecond) {
            return -compare(b, a, bPerSecond, aPerSecond);
        }
        long factor = bPerSecond / aPerSecond;
        long bCut = Math.floorDiv(b, factor);
        if (a != bCut) {
            return Long.compare(a, bCut);
        }
        return b == bCut * factor ? 0 : -1;
    }

    // Parts.

    public static long year(long time, long perSecond) {
        return CivilDate.year(CivilDate.pack(toDays(time, perSecond)));
    }

    public static long quarter(long time, long perSecond) {
        return (month(time, perSecond) + 2) / 3;
    }

    public static long month(long time, long perSecond) {
        return CivilDate.month(CivilDate.pack(toDays(time, perSecond)));
    }

    /** The week of the ISO year; weeks start on Monday. */
    public static long week(long time, long perSecond) {
        return CivilDate.weekOfYear(toDays(time, perSecond));
    }

    public static long isoYear(long time, long perSecond) {
        return CivilDate.weekYear(toDays(time, perSecond));
    }

    public static long dayOfMonth(long time, long perSecond) {
        return CivilDate.day(CivilDate.pack(toDays(time, perSecond)));
    }

    /** 1 for Sunday to 7 for Saturday. */
    public static long dayOfWeek(long time, long perSecond) {
        return CivilDate.dayOfWeek(toDays(time, perSecond)) % 7 + 1L;
    }

    /** 1 for Monday to 7 for Sunday. */
    public static long isoDayOfWeek(long time, long perSecond) {
        return CivilDate.dayOfWeek(toDays(time, perSecond));
    }

    public static long dayOfYear(long time, long perSecond) {
        return CivilDate.dayOfYear(toDays(time, perSecond));
    }

    public static long hour(long time, long perSecond) {
        return timeOfDay(time, perSecond) / (3_600 * perSecond);
    }

    public static long minute(long time, long perSecond) {
        return timeOfDay(time, perSecond) / (60 * perSecond) % 60;
    }

    public static long second(long time, long perSecond) {
        return timeOfDay(time, perSecond) / perSecond % 60;
    }

    /** Units of which so many make a second, since the start of the minute. */
    public static long subMinute(long time, long perSecond, long wantedPerSecond) {
        long units = timeOfDay(time, perSecond) % (60 * perSecond);
        return wantedPerSecond >= perSecond
                ? units * (wantedPerSecond / perSecond)
                : units / (perSecond / wantedPerSecond);
    }

    /** Seconds since 1970-01-01. */
    public static long epoch(long time, long perSecond) {
        return Math.floorDiv(time, perSecond);
    }

    // Steps.

    /** The start of a period of so many months, counted from January of the year 0. */
    public static long truncateMonths(long time, long perSecond, long months) {
        long packed = CivilDate.pack(toDays(time, perSecond));
        long index = CivilDate.year(packed) * 12 + CivilDate.month(packed) - 1;
        long start = Math.floorDiv(index, months) * months;
        return fromDays(CivilDate.days(Math.floorDiv(start, 12L), (int) Math.floorMod(start, 12L) + 1, 1), perSecond);
    }

    public static long truncateWeek(long time, long perSecond) {
        long days = toDays(time, perSecond);
        return fromDays(days - CivilDate.dayOfWeek(days) + 1, perSecond);
    }

    /** The start of a period of so many units. */
    public static long truncate(long time, long units) {
        long result = time - Math.floorMod(time, units);
        if (result > time) {
            throw tooFar();
        }
        return result;
    }

    /** The same day of another month, or the last day of that month if it is shorter. */
    public static long addMonths(long time, long months, long perSecond) {
        long days = toDays(time, perSecond);
        long packed = CivilDate.pack(days);
        // No time has a year near this, so the sum can't overflow.
        if (months > Integer.MAX_VALUE * 100L || months < -Integer.MAX_VALUE * 100L) {
            throw tooFar();
        }
        long index = CivilDate.year(packed) * 12 + CivilDate.month(packed) - 1 + months;
        long year = Math.floorDiv(index, 12L);
        int month = (int) Math.floorMod(index, 12L) + 1;
        int day = Math.min(CivilDate.day(packed), CivilDate.daysOfMonth(year, month));
        return add(fromDays(CivilDate.days(year, month, day), perSecond), timeOfDay(time, perSecond));
    }

    /** The time so many times a number of units later. */
    public static long addUnits(long time, long count, long units) {
        return add(time, multiply(count, units));
    }

    public static long add(long time, long units) {
        long result = time + units;
        if (((time ^ result) & (units ^ result)) < 0) {
            throw tooFar();
        }
        return result;
    }

    /** Whole months between, negative if {@code to} is earlier: the most that can be added without passing it. */
    public static long monthsBetween(long from, long to, long perSecond, long monthsPerUnit) {
        long a = CivilDate.pack(toDays(from, perSecond));
        long b = CivilDate.pack(toDays(to, perSecond));
        long months = (CivilDate.year(b) - CivilDate.year(a)) * 12 + CivilDate.month(b) - CivilDate.month(a);
        if (months > 0 && addMonths(from, months, perSecond) > to) {
            months--;
        } else if (months < 0 && addMonths(from, months, perSecond) < to) {
            months++;
        }
        return months / monthsPerUnit;
    }

    /** Whole units between, negative if {@code to} is earlier. */
    public static long unitsBetween(long from, long to, long units) {
        return IntegerMath.subtract(to, from) / units;
    }

    private static long multiply(long a, long b) {
        long result = a * b;
        if (Math.multiplyHigh(a, b) != result >> 63) {
            throw tooFar();
        }
        return result;
    }

    private static RowFailure tooFar() {
        return RowFailure.overflow("the time is beyond what 64 bits hold in its precision");
    }
}
