// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.WeekFields;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The interpreter's times: nanoseconds since 1970 (or midnight) of any size, and java.time. */
final class InterpretedTimes {
    private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000L);
    private static final BigInteger DAY = SECOND.multiply(BigInteger.valueOf(86_400));
    private static final Map<String, Long> FIXED_UNITS = Map.of(
            "WEEK",
            604_800_000_000_000L,
            "DAY",
            86_400_000_000_000L,
            "HOUR",
            3_600_000_000_000L,
            "MINUTE",
            60_000_000_000L,
            "SECOND",
            1_000_000_000L,
            "MILLISECOND",
            1_000_000L,
            "MICROSECOND",
            1_000L);
    private static final Map<String, Integer> MONTH_UNITS = Map.of("YEAR", 12, "QUARTER", 3, "MONTH", 1);

    private InterpretedTimes() {}

    static boolean isTime(TypeKind kind) {
        return kind == TypeKind.DATE || kind == TypeKind.TIME || kind.isTimestamp();
    }

    static boolean isTime(Call call) {
        return call.arguments().stream().anyMatch(argument -> isTime(argument.type().kind()));
    }

    static BigInteger nanos(Object value, SqlType type) {
        BigInteger units = BigInteger.valueOf((Long) value);
        return type.kind() == TypeKind.DATE
                ? units.multiply(DAY)
                : units.multiply(SECOND).divide(BigInteger.valueOf(type.unitsPerSecond()));
    }

    private static Object fromNanos(BigInteger nanos, SqlType type) {
        if (type.kind() == TypeKind.DATE) {
            return floorDivide(nanos, DAY).longValueExact();
        }
        BigInteger inRange = type.kind() == TypeKind.TIME ? nanos.mod(DAY) : nanos;
        BigInteger shown = BigInteger.TEN.pow(9 - type.precision());
        BigInteger cut = floorDivide(inRange, shown).multiply(shown);
        BigInteger units = cut.multiply(BigInteger.valueOf(type.unitsPerSecond())).divide(SECOND);
        if (units.bitLength() > 63) {
            throw new EvaluationError(ErrorCode.OVERFLOW);
        }
        return units.longValueExact();
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        return a.subtract(a.mod(b)).divide(b);
    }

    private static LocalDateTime local(BigInteger nanos) {
        BigInteger days = floorDivide(nanos, DAY);
        return LocalDateTime.of(
                LocalDate.ofEpochDay(days.longValueExact()),
                LocalTime.ofNanoOfDay(nanos.mod(DAY).longValueExact()));
    }

    private static BigInteger nanos(LocalDateTime time) {
        return BigInteger.valueOf(time.toLocalDate().toEpochDay())
                .multiply(DAY)
                .add(BigInteger.valueOf(time.toLocalTime().toNanoOfDay()));
    }

    static String text(Long value, SqlType type) {
        if (type.kind() == TypeKind.DATE) {
            return LocalDate.ofEpochDay(value).toString();
        }
        LocalDateTime time = local(nanos(value, type));
        String digits = type.precision() == 0 ? "" : "." + "S".repeat(type.precision());
        String pattern = (type.kind() == TypeKind.TIME ? "" : "uuuu-MM-dd ") + "HH:mm:ss" + digits;
        return time.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
    }

    static Object cast(Object value, SqlType from, SqlType to) {
        if (!(value instanceof String text)) {
            BigInteger nanos = nanos(value, from);
            return fromNanos(from.kind().isTimestamp() && to.kind() == TypeKind.TIME ? nanos.mod(DAY) : nanos, to);
        }
        try {
            return fromNanos(to.kind() == TypeKind.TIME ? parseTime(text) : parseTimestamp(text), to);
        } catch (DateTimeException otherForm) {
            throw new EvaluationError(ErrorCode.CAST_FAILED);
        }
    }

    private static String nineDigits(String text) {
        return text.replaceAll("(\\.\\d{9})\\d+", "$1");
    }

    private static BigInteger parseTime(String text) {
        DateTimeFormatter form = new DateTimeFormatterBuilder().appendPattern("H:mm[:ss")
                .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                .appendPattern("]")
                .toFormatter(Locale.ENGLISH);
        return BigInteger.valueOf(LocalTime.parse(nineDigits(InterpretedCasts.stripped(text)), form).toNanoOfDay());
    }

    private static BigInteger parseTimestamp(String text) {
        String stripped = nineDigits(InterpretedCasts.stripped(text));
        if (stripped.indexOf(':') < 0) {
            DateTimeFormatter form = DateTimeFormatter.ofPattern("uuuu-M-d")
                    .withResolverStyle(ResolverStyle.STRICT);
            return nanos(LocalDate.parse(stripped, form).atStartOfDay());
        }
        DateTimeFormatter form =
                new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern("uuuu-M-d['T'][' ']H:mm[:ss")
                        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                        .appendPattern("][XXX]")
                        .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
                        .toFormatter(Locale.ENGLISH)
                        .withResolverStyle(ResolverStyle.STRICT);
        return nanos(OffsetDateTime.parse(stripped, form).atZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }

    static Object arithmetic(Call call, Object[] values) {
        List<Expression> arguments = call.arguments();
        int time = isTime(arguments.getFirst().type().kind()) ? 0 : 1;
        SqlType type = arguments.get(time).type();
        long count = (Long) values[1 - time];
        BigInteger interval = BigInteger.valueOf(count);
        if (call.operation() == Operation.SUBTRACT) {
            interval = interval.negate();
        }
        BigInteger start = nanos(values[time], type);
        if (arguments.get(1 - time).type().kind() == TypeKind.INTERVAL_MONTH) {
            return fromNanos(addMonths(start, interval), call.type());
        }
        return fromNanos(start.add(interval.multiply(BigInteger.valueOf(1_000_000))), call.type());
    }

    private static BigInteger addMonths(BigInteger time, BigInteger months) {
        if (months.bitLength() > 36) {
            throw new EvaluationError(ErrorCode.OVERFLOW);
        }
        try {
            return nanos(local(time).plusMonths(months.longValueExact()));
        } catch (DateTimeException tooFar) {
            throw new EvaluationError(ErrorCode.OVERFLOW);
        }
    }

    static Object function(Call call, Object[] values) {
        List<Expression> arguments = call.arguments();
        return switch (call.operation()) {
            case EXTRACT -> extract((String) values[0], nanos(values[1], arguments.get(1).type()));
            case DATE_TRUNC ->
                    fromNanos(truncate((String) values[0], nanos(values[1], arguments.get(1).type())), call.type());
            case TIMESTAMP_ADD -> {
                BigInteger count = BigInteger.valueOf((Long) values[1]);
                BigInteger time = nanos(values[2], arguments.get(2).type());
                Integer months = MONTH_UNITS.get(values[0]);
                BigInteger result = months != null
                        ? addMonths(time, count.multiply(BigInteger.valueOf(months)))
                        : time.add(count.multiply(BigInteger.valueOf(FIXED_UNITS.get(values[0]))));
                yield fromNanos(result, call.type());
            }
            case TIMESTAMP_DIFF -> Interpreter.fit(
                    BigDecimal.valueOf(
                            difference(
                                    (String) values[0],
                                    nanos(values[1], arguments.get(1).type()),
                                    nanos(values[2], arguments.get(2).type()))),
                    call.type());
            case DATE_FORMAT -> local(nanos(values[0], arguments.getFirst().type())).format(
                    DateTimeFormatter.ofPattern((String) values[1], Locale.ENGLISH));
            case TO_TIMESTAMP, TO_DATE -> {
                try {
                    BigInteger nanos = values.length == 1
                            ? parseTimestamp((String) values[0])
                            : nanos(
                                    LocalDateTime.parse(
                                            (String) values[0],
                                            DateTimeFormatter.ofPattern((String) values[1], Locale.ENGLISH)));
                    yield fromNanos(nanos, call.type());
                } catch (DateTimeException otherForm) {
                    yield null;
                }
            }
            case FROM_UNIXTIME -> local(BigInteger.valueOf((Long) values[0]).multiply(SECOND)).format(
                    DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"));
            case UNIX_TIMESTAMP -> floorDivide(nanos(values[0], arguments.getFirst().type()), SECOND).longValueExact();
            default -> throw new IllegalArgumentException(call.toString());
        };
    }

    private static Object extract(String unit, BigInteger nanos) {
        LocalDateTime time = local(nanos);
        long nanosOfMinute = time.getSecond() * 1_000_000_000L + time.getNano();
        return switch (unit) {
            case "YEAR" -> (long) time.getYear();
            case "QUARTER" -> (long) time.get(IsoFields.QUARTER_OF_YEAR);
            case "MONTH" -> (long) time.getMonthValue();
            case "WEEK" -> (long) time.get(WeekFields.ISO.weekOfWeekBasedYear());
            case "ISOYEAR" -> (long) time.get(WeekFields.ISO.weekBasedYear());
            case "DAY" -> (long) time.getDayOfMonth();
            case "HOUR" -> (long) time.getHour();
            case "MINUTE" -> (long) time.getMinute();
            case "SECOND" -> (long) time.getSecond();
            case "MILLISECOND" -> nanosOfMinute / 1_000_000;
            case "MICROSECOND" -> nanosOfMinute / 1_000;
            case "DOW" -> (long) time.get(WeekFields.SUNDAY_START.dayOfWeek());
            case "ISODOW" -> (long) time.getDayOfWeek().getValue();
            case "DOY" -> (long) time.getDayOfYear();
            case "EPOCH" -> floorDivide(nanos, SECOND).longValueExact();
            default -> throw new IllegalArgumentException(unit);
        };
    }

    private static BigInteger truncate(String unit, BigInteger nanos) {
        LocalDateTime time = local(nanos);
        LocalDate date = time.toLocalDate();
        LocalDate start = switch (unit) {
            case "YEAR" -> date.withDayOfYear(1);
            case "QUARTER" -> date.withDayOfMonth(1).withMonth((date.getMonthValue() - 1) / 3 * 3 + 1);
            case "MONTH" -> date.withDayOfMonth(1);
            case "WEEK" -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            default -> null;
        };
        if (start != null) {
            return nanos(start.atStartOfDay());
        }
        BigInteger length = BigInteger.valueOf(FIXED_UNITS.get(unit));
        return nanos.subtract(nanos.mod(length));
    }

    private static long difference(String unit, BigInteger from, BigInteger to) {
        Integer months = MONTH_UNITS.get(unit);
        if (months == null) {
            return to.subtract(from).divide(BigInteger.valueOf(FIXED_UNITS.get(unit))).longValueExact();
        }
        int direction = to.compareTo(from) < 0 ? -1 : 1;
        LocalDateTime start = local(from);
        LocalDateTime end = local(to);
        // Never more than a month or two short of the answer.
        long count = direction * (Math.abs(
                (end.getYear() - start.getYear()) * 12L + end.getMonthValue() - start.getMonthValue()));
        while (count != 0 && start.plusMonths(count).compareTo(end) * direction > 0) {
            count -= direction;
        }
        return count / months;
    }
}
