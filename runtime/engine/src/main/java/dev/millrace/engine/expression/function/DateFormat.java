// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.Locale;

/**
 * Dates and times by a pattern of {@code java.time.format}, with English names. Keeps the last pattern, since it is
 * mostly constant; a pattern of nothing but {@code yyyy MM dd HH mm ss S} and signs is written without the library.
 */
public final class DateFormat {
    private static final String FAST_LETTERS = "yMdHmsS";

    private byte[] key;
    private DateTimeFormatter formatter;
    /** Letter and count by turns; a sign that stands for itself has the count 0. Null if the library is needed. */
    private byte[] program;

    /** @throws RowFailure if it is no pattern */
    public static DateTimeFormatter check(String pattern) {
        return formatter(pattern);
    }

    public static void format(
            long time,
            byte[] pattern,
            int pStart,
            int pLength,
            long perSecond,
            DateFormat format,
            ByteSlice out) {
        format.use(pattern, pStart, pLength);
        long days = TimeFunctions.toDays(time, perSecond);
        long timeOfDay = TimeFunctions.timeOfDay(time, perSecond);
        long packed = CivilDate.pack(days);
        if (format.program != null && CivilDate.year(packed) >= 1 && CivilDate.year(packed) <= 9_999) {
            format.run(packed, timeOfDay, perSecond, out);
            return;
        }
        try {
            LocalTime local = LocalTime.ofNanoOfDay(timeOfDay * (1_000_000_000L / perSecond));
            LocalDateTime moment = LocalDateTime.of(LocalDate.ofEpochDay(days), local);
            out.set(format.formatter.format(moment.atZone(ZoneOffset.UTC)));
        } catch (DateTimeException notPrintable) {
            throw RowFailure.function("a time can't be written as " + RowFailure.quoted(pattern, pStart, pLength));
        }
    }

    private void run(long packed, long timeOfDay, long perSecond, ByteSlice out) {
        byte[] to = out.allocate(program.length * 8L);
        long second = timeOfDay / perSecond;
        int at = 0;
        for (int i = 0; i < program.length; i += 2) {
            int count = program[i + 1];
            if (count == 0) {
                to[at++] = program[i];
                continue;
            }
            long value = switch (program[i]) {
                case 'y' -> CivilDate.year(packed);
                case 'M' -> CivilDate.month(packed);
                case 'd' -> CivilDate.day(packed);
                case 'H' -> second / 3_600;
                case 'm' -> second / 60 % 60;
                case 's' -> second % 60;
                default -> TimeText.fraction(timeOfDay % perSecond, perSecond, count);
            };
            at = TimeText.digits(value, count, to, at);
        }
        out.truncate(at);
    }

    /** The time that a text says. NULL where it has another form. */
    public static boolean parse(
            byte[] data,
            int start,
            int length,
            byte[] pattern,
            int pStart,
            int pLength,
            long perSecond,
            int digits,
            DateFormat format,
            LongSlot out) {
        format.use(pattern, pStart, pLength);
        LocalDateTime moment = format.moment(Utf8.string(data, start, length));
        if (moment == null) {
            return false;
        }
        long midnight = TimeFunctions.fromDays(moment.toLocalDate().toEpochDay(), perSecond);
        long units = moment.toLocalTime().toNanoOfDay() / (1_000_000_000L / perSecond);
        out.set(TimeFunctions.cut(TimeFunctions.add(midnight, units), perSecond, digits));
        return true;
    }

    /** The date that a text says. NULL where it has another form. */
    public static boolean parseDate(
            byte[] data,
            int start,
            int length,
            byte[] pattern,
            int pStart,
            int pLength,
            DateFormat format,
            LongSlot out) {
        format.use(pattern, pStart, pLength);
        LocalDateTime moment = format.moment(Utf8.string(data, start, length));
        if (moment == null) {
            return false;
        }
        out.set(moment.toLocalDate().toEpochDay());
        return true;
    }

    /** Seconds since 1970-01-01 of the time that a text says. */
    public static long parseEpoch(
            byte[] data,
            int start,
            int length,
            byte[] pattern,
            int pStart,
            int pLength,
            DateFormat format) {
        format.use(pattern, pStart, pLength);
        LocalDateTime moment = format.moment(Utf8.string(data, start, length));
        if (moment == null) {
            throw RowFailure.cast(
                    RowFailure.quoted(data, start, length) + " does not have the form "
                            + RowFailure.quoted(pattern, pStart, pLength));
        }
        return moment.toEpochSecond(ZoneOffset.UTC);
    }

    /** What the pattern leaves out is that of 1970-01-01 00:00:00. Null if the text has another form. */
    private LocalDateTime moment(String text) {
        try {
            TemporalAccessor parsed = formatter.parse(text);
            LocalDate date = parsed.query(TemporalQueries.localDate());
            if (date == null) {
                int yearOfEra = field(parsed, ChronoField.YEAR_OF_ERA, 1970);
                date = LocalDate.of(
                        field(parsed, ChronoField.YEAR, yearOfEra),
                        field(parsed, ChronoField.MONTH_OF_YEAR, 1),
                        field(parsed, ChronoField.DAY_OF_MONTH, 1));
            }
            LocalTime time = parsed.query(TemporalQueries.localTime());
            LocalDateTime moment = LocalDateTime.of(date, time == null ? LocalTime.MIDNIGHT : time);
            ZoneOffset offset = parsed.query(TemporalQueries.offset());
            return offset == null ? moment : moment.minusSeconds(offset.getTotalSeconds());
        } catch (DateTimeException otherForm) {
            return null;
        }
    }

    private static int field(TemporalAccessor parsed, ChronoField field, int otherwise) {
        return parsed.isSupported(field) ? parsed.get(field) : otherwise;
    }

    private void use(byte[] pattern, int start, int length) {
        if (key == null || !Arrays.equals(key, 0, key.length, pattern, start, start + length)) {
            String text = Utf8.string(pattern, start, length);
            formatter = formatter(text);
            program = program(text);
            key = text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static DateTimeFormatter formatter(String pattern) {
        try {
            return new DateTimeFormatterBuilder().parseCaseInsensitive()
                    .appendPattern(pattern)
                    .toFormatter(Locale.ENGLISH);
        } catch (IllegalArgumentException bad) {
            throw RowFailure.function("'" + pattern + "' is not a date pattern: " + bad.getMessage());
        }
    }

    private static byte[] program(String pattern) {
        byte[] program = new byte[pattern.length() * 2];
        int size = 0;
        for (int i = 0; i < pattern.length();) {
            char c = pattern.charAt(i);
            int count = 1;
            while (i + count < pattern.length() && pattern.charAt(i + count) == c) {
                count++;
            }
            i += count;
            if (FAST_LETTERS.indexOf(c) >= 0) {
                if (c != 'S' && count != (c == 'y' ? 4 : 2) || count > 9) {
                    return null;
                }
                program[size++] = (byte) c;
                program[size++] = (byte) count;
            } else if (c == ' ' || c == '-' || c == ':' || c == '.' || c == '/' || c == ',') {
                for (int j = 0; j < count; j++) {
                    program[size++] = (byte) c;
                    program[size++] = 0;
                }
            } else {
                return null;
            }
        }
        return Arrays.copyOf(program, size);
    }
}
