// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static dev.millrace.engine.expression.Evaluation.call;
import static dev.millrace.engine.expression.Evaluation.cast;
import static dev.millrace.engine.expression.Evaluation.errorOf;
import static dev.millrace.engine.expression.Evaluation.valueOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.SqlType;
import org.junit.jupiter.api.Test;

class TimeFunctionsTest {
    private static final SqlType MILLIS = SqlType.timestamp(3);

    private static Expression timestamp(String text) {
        return cast(text, MILLIS);
    }

    private static Expression date(String text) {
        return cast(text, SqlType.DATE);
    }

    /** The result as text, for reading. */
    private static Object shown(Call call) {
        return valueOf(cast(call, SqlType.STRING));
    }

    private static Object part(String unit, Expression time) {
        return valueOf(call(Operation.EXTRACT, SqlType.BIGINT, unit, time));
    }

    @Test
    void shouldExtractParts() {
        Expression time = timestamp("2021-01-03 04:05:06.789");
        assertEquals(2021L, part("YEAR", time));
        assertEquals(1L, part("quarter", time));
        assertEquals(53L, part("WEEK", time));
        assertEquals(2020L, part("ISOYEAR", time));
        assertEquals(1L, part("DOW", time));
        assertEquals(7L, part("ISODOW", time));
        assertEquals(3L, part("DOY", time));
        assertEquals(4L, part("HOUR", time));
        assertEquals(6L, part("SECOND", time));
        assertEquals(6_789L, part("MILLISECOND", time));
        assertEquals(6_789_000L, part("MICROSECOND", time));
        assertEquals(-1L, part("EPOCH", timestamp("1969-12-31 23:59:59.999")));
        assertEquals(0L, part("HOUR", date("2021-01-03")));
        assertEquals(13L, part("MINUTE", cast("12:13:14", SqlType.time(3))));
        assertEquals(366L, part("DOY", date("2020-12-31")));
    }

    @Test
    void shouldCutToUnits() {
        Expression time = timestamp("2021-08-15 14:35:26.789");
        assertEquals("2021-01-01 00:00:00.000", shown(call(Operation.DATE_TRUNC, MILLIS, "YEAR", time)));
        assertEquals("2021-07-01 00:00:00.000", shown(call(Operation.DATE_TRUNC, MILLIS, "QUARTER", time)));
        assertEquals("2021-08-09 00:00:00.000", shown(call(Operation.DATE_TRUNC, MILLIS, "WEEK", time)));
        assertEquals("2021-08-15 14:00:00.000", shown(call(Operation.DATE_TRUNC, MILLIS, "HOUR", time)));
        assertEquals("2021-08-15 14:35:26.000", shown(call(Operation.DATE_TRUNC, MILLIS, "SECOND", time)));
        assertEquals("2021-08-01", shown(call(Operation.DATE_TRUNC, SqlType.DATE, "MONTH", date("2021-08-15"))));
        assertEquals(
                "1969-12-31 00:00:00.000",
                shown(call(Operation.DATE_TRUNC, MILLIS, "DAY", timestamp("1969-12-31 23:59:59.999"))));
    }

    @Test
    void shouldAddIntervals() {
        Literal fiveSeconds = Boxed.literal(5_000L, SqlType.INTERVAL_MILLIS);
        Literal oneMonth = Boxed.literal(1L, SqlType.INTERVAL_MONTH);
        assertEquals(
                "2024-02-29 23:59:54.000",
                shown(call(Operation.SUBTRACT, MILLIS, timestamp("2024-02-29 23:59:59"), fiveSeconds)));
        assertEquals(
                "2024-02-29 12:00:00.000",
                shown(call(Operation.ADD, MILLIS, timestamp("2024-01-31 12:00:00"), oneMonth)));
        assertEquals("2024-02-29", shown(call(Operation.SUBTRACT, SqlType.DATE, date("2024-03-31"), oneMonth)));
        assertEquals(
                "2024-03-30",
                shown(call(Operation.SUBTRACT, SqlType.DATE, date("2024-03-31"), fiveSeconds)));
        assertEquals(
                "2024-03-31 00:00:05.000",
                shown(call(Operation.ADD, MILLIS, fiveSeconds, date("2024-03-31"))));
        assertEquals(
                "00:00:04.000",
                shown(call(Operation.ADD, SqlType.time(3), cast("23:59:59", SqlType.time(3)), fiveSeconds)));
        assertEquals(
                ErrorCode.OVERFLOW,
                errorOf(call(Operation.ADD, MILLIS, Boxed.literal(Long.MAX_VALUE, MILLIS), fiveSeconds)));
        assertEquals(
                15_000L,
                valueOf(call(Operation.MULTIPLY, SqlType.INTERVAL_MILLIS, fiveSeconds, 3)));
    }

    @Test
    void shouldMoveAndMeasureInUnits() {
        assertEquals(
                "2020-02-29 01:02:03.000",
                shown(call(Operation.TIMESTAMP_ADD, MILLIS, "YEAR", -4, timestamp("2024-02-29 01:02:03"))));
        assertEquals(
                "2024-01-01 01:00:00.000",
                shown(call(Operation.TIMESTAMP_ADD, MILLIS, "HOUR", 1, date("2024-01-01"))));
        assertEquals(
                1L,
                valueOf(
                        call(
                                Operation.TIMESTAMP_DIFF,
                                SqlType.INTEGER,
                                "MONTH",
                                date("2024-01-31"),
                                date("2024-02-29"))));
        assertEquals(
                0L,
                valueOf(
                        call(
                                Operation.TIMESTAMP_DIFF,
                                SqlType.INTEGER,
                                "DAY",
                                timestamp("2024-01-01 12:00:00"),
                                timestamp("2024-01-02 11:59:59.999"))));
        assertEquals(
                -1L,
                valueOf(
                        call(
                                Operation.TIMESTAMP_DIFF,
                                SqlType.INTEGER,
                                "HOUR",
                                timestamp("2024-01-01 02:30:00"),
                                timestamp("2024-01-01 01:00:00"))));
        assertEquals(
                ErrorCode.OVERFLOW,
                errorOf(
                        call(
                                Operation.TIMESTAMP_DIFF,
                                SqlType.INTEGER,
                                "MILLISECOND",
                                date("1970-01-01"),
                                date("2024-01-01"))));
    }

    @Test
    void shouldFormatAndParseByPattern() {
        Expression time = timestamp("2024-02-09 03:04:05.678");
        assertEquals(
                "2024-02-09 03:04",
                valueOf(call(Operation.DATE_FORMAT, SqlType.STRING, time, "yyyy-MM-dd HH:mm")));
        assertEquals(
                "Fri, 9 Feb 2024 03:04:05.6",
                valueOf(call(Operation.DATE_FORMAT, SqlType.STRING, time, "EEE, d MMM yyyy HH:mm:ss.S")));
        assertEquals(
                "2024-02-09 00:00:00.000",
                shown(call(Operation.TO_TIMESTAMP, MILLIS, "09/02/2024", "dd/MM/yyyy")));
        assertEquals("2024-02-01", shown(call(Operation.TO_DATE, SqlType.DATE, "2024-02", "yyyy-MM")));
        assertNull(valueOf(call(Operation.TO_DATE, SqlType.DATE, "2024-02-30", "uuuu-MM-dd'x'")));
        assertNull(valueOf(call(Operation.TO_TIMESTAMP, MILLIS, "not a time")));
        assertEquals("2024-02-09 03:04:05", valueOf(call(Operation.FROM_UNIXTIME, SqlType.STRING, 1_707_447_845)));
        assertEquals(
                "1969",
                valueOf(call(Operation.FROM_UNIXTIME, SqlType.STRING, -1, "yyyy")));
        assertEquals(1_707_447_845L, valueOf(call(Operation.UNIX_TIMESTAMP, SqlType.BIGINT, "2024-02-09 03:04:05")));
        assertEquals(1_707_447_845L, valueOf(call(Operation.UNIX_TIMESTAMP, SqlType.BIGINT, time)));
        assertEquals(
                ErrorCode.CAST_FAILED,
                errorOf(call(Operation.UNIX_TIMESTAMP, SqlType.BIGINT, "09/02", "yyyy")));
    }

    @Test
    void shouldCompareTimesOfDifferentPrecision() {
        Expression millis = timestamp("2024-01-01 00:00:00.001");
        Expression nanos = cast("2024-01-01 00:00:00.001000001", SqlType.timestamp(9));
        assertEquals(true, valueOf(call(Operation.LESS, SqlType.BOOLEAN, millis, nanos)));
        assertEquals(true, valueOf(call(Operation.GREATER, SqlType.BOOLEAN, millis, date("2024-01-01"))));
    }

    @Test
    void shouldNameTheUnitsWhereOneIsUnknown() {
        MillraceException refused = assertThrows(MillraceException.class, () -> part("MONHT", date("2024-01-01")));
        assertEquals("there is no time unit MONHT", refused.getMessage());
        assertEquals("did you mean \"MONTH\"?", refused.hint().substring(0, 21));
    }
}
