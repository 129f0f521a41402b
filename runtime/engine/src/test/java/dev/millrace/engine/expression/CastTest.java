// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static dev.millrace.engine.expression.Evaluation.call;
import static dev.millrace.engine.expression.Evaluation.cast;
import static dev.millrace.engine.expression.Evaluation.errorOf;
import static dev.millrace.engine.expression.Evaluation.reasonOf;
import static dev.millrace.engine.expression.Evaluation.valueOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CastTest {
    private static SqlType varchar(int length) {
        return new SqlType(TypeKind.VARCHAR, length, 0, true);
    }

    private static String text(Object value) {
        return (String) valueOf(cast(value, SqlType.STRING));
    }

    @Test
    void shouldCutFractionsTowardsIntegers() {
        assertEquals(2L, valueOf(cast(2.9, SqlType.INTEGER)));
        assertEquals(-2L, valueOf(cast(-2.9, SqlType.INTEGER)));
        assertEquals(2L, valueOf(cast(new BigDecimal("2.99"), SqlType.BIGINT)));
        assertEquals(-128L, valueOf(cast(-128.9, SqlType.TINYINT)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(-129.0, SqlType.TINYINT)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(9.3e18, SqlType.BIGINT)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(Double.NaN, SqlType.BIGINT)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(1L << 31, SqlType.INTEGER)));
        assertEquals(1L, valueOf(cast(true, SqlType.INTEGER)));
    }

    @Test
    void shouldRoundHalfUpTowardsDecimals() {
        assertEquals(new BigDecimal("0.29"), valueOf(cast(0.285, SqlType.decimal(3, 2))));
        assertEquals(new BigDecimal("-1.3"), valueOf(cast(new BigDecimal("-1.25"), SqlType.decimal(3, 1))));
        assertEquals(new BigDecimal("7.00"), valueOf(cast(7, SqlType.decimal(3, 2))));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(10, SqlType.decimal(3, 2))));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(1e39, SqlType.decimal(38, 0))));
        assertEquals(0.1, valueOf(cast(new BigDecimal("0.1"), SqlType.DOUBLE)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast(1e300, SqlType.FLOAT)));
    }

    @Test
    void shouldReadNumbers() {
        assertEquals(42L, valueOf(cast(" 42 ", SqlType.INTEGER)));
        assertEquals(-9223372036854775808L, valueOf(cast("-9223372036854775808", SqlType.BIGINT)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast("9223372036854775808", SqlType.BIGINT)));
        assertEquals(1L, valueOf(cast("1.9", SqlType.INTEGER)));
        assertEquals(1000L, valueOf(cast("1e3", SqlType.INTEGER)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast("1e999999999", SqlType.BIGINT)));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("", SqlType.INTEGER)));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("12a", SqlType.INTEGER)));
        assertEquals("'12a' is not a valid INTEGER", reasonOf(cast("12a", SqlType.INTEGER)));
        assertEquals(0.1, valueOf(cast("0.1", SqlType.DOUBLE)));
        assertEquals(1.7976931348623157e308, valueOf(cast("1.7976931348623157e308", SqlType.DOUBLE)));
        assertEquals(Double.NEGATIVE_INFINITY, valueOf(cast("-Infinity", SqlType.DOUBLE)));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("1d", SqlType.DOUBLE)));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("0x1p3", SqlType.DOUBLE)));
        assertEquals(
                new BigDecimal("12345678901234567890.13"),
                valueOf(cast("12345678901234567890.125", SqlType.decimal(22, 2))));
        assertEquals(true, valueOf(cast("Yes", SqlType.BOOLEAN)));
        assertEquals(false, valueOf(cast("f", SqlType.BOOLEAN)));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("on", SqlType.BOOLEAN)));
    }

    @Test
    void shouldWriteValues() {
        assertEquals("-9223372036854775808", text(Long.MIN_VALUE));
        assertEquals("0", text(0));
        assertEquals("0.05", text(new BigDecimal("0.05")));
        assertEquals("-1234567890123456789012.50", text(new BigDecimal("-1234567890123456789012.50")));
        assertEquals("TRUE", text(true));
        assertEquals("12345678.9", text(12345678.9));
        assertEquals("10000000000.0", text(1e10));
        assertEquals("1.0E16", text(1e16));
        assertEquals("0.0001", text(0.0001));
        assertEquals("1.0E-5", text(0.00001));
        assertEquals("-0.0", text(-0.0));
        assertEquals("NaN", text(Double.NaN));
        assertEquals("0.1", text(Boxed.literal((double) 0.1f, SqlType.FLOAT)));
    }

    @Test
    void shouldKeepToTheLengthOfText() {
        assertEquals("日本", valueOf(cast("日本語", varchar(2))));
        assertEquals("ab  ", valueOf(cast("ab", new SqlType(TypeKind.CHAR, 4, 0, true))));
        assertEquals("abcd", valueOf(cast("abcdef", new SqlType(TypeKind.CHAR, 4, 0, true))));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast(12345, varchar(4))));
        assertEquals("12345 has more characters than VARCHAR(4) takes", reasonOf(cast(12345, varchar(4))));
        assertEquals("12  ", valueOf(cast(12, new SqlType(TypeKind.CHAR, 4, 0, true))));
        assertEquals(
                ByteBuffer.wrap(new byte[] {'a', 0}),
                valueOf(cast("a", new SqlType(TypeKind.BINARY, 2, 0, true))));
    }

    @Test
    void shouldReadAndWriteTimes() {
        SqlType millis = SqlType.timestamp(3);
        assertEquals(1_709_251_199_987L, valueOf(cast("2024-02-29 23:59:59.987654", millis)));
        assertEquals(1_709_251_199_987L, valueOf(cast("2024-02-29T23:59:59.987Z", millis)));
        assertEquals(1_709_251_199_000L, valueOf(cast("2024-03-01T01:59:59+02:00", millis)));
        assertEquals(1_709_164_800_000L, valueOf(cast("2024-02-29", millis)));
        assertEquals(1_709_206_200_000L, valueOf(cast("2024-2-29 11:30", millis)));
        assertEquals(1_709_251_199_987_654_321L, valueOf(cast("2024-02-29 23:59:59.987654321", SqlType.timestamp(9))));
        assertEquals(1_709_251_199_980L, valueOf(cast("2024-02-29 23:59:59.987", SqlType.timestamp(2))));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("2023-02-29", SqlType.DATE)));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("yesterday", millis)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(cast("9999-01-01", SqlType.timestamp(9))));
        assertEquals(19_782L, valueOf(cast("2024-02-29 23:59:59", SqlType.DATE)));
        assertEquals(86_399_999L, valueOf(cast("23:59:59.999", SqlType.time(3))));
        assertEquals(ErrorCode.CAST_FAILED, errorOf(cast("24:00:00", SqlType.time(3))));
        assertEquals("1969-12-31 23:59:59.999", text(Boxed.literal(-1L, millis)));
        assertEquals("2024-02-29 23:59:59", text(Boxed.literal(1_709_251_199_000L, SqlType.timestamp(0))));
        assertEquals("-0001-01-01", text(cast(cast("-0001-01-01", SqlType.DATE), SqlType.STRING)));
        assertEquals("12:00:00.5", text(cast("12:00:00.5", SqlType.time(1))));
        assertEquals(-1L, valueOf(cast(Boxed.literal(-1L, millis), SqlType.DATE)));
        assertEquals(86_399_999L, valueOf(cast(Boxed.literal(-1L, millis), SqlType.time(3))));
        assertEquals(-1_000L, valueOf(cast(Boxed.literal(-1L, SqlType.timestamp(9)), SqlType.timestamp(0))));
    }

    @Test
    void shouldGiveNullWhereTryCastFails() {
        assertNull(valueOf(call(Operation.TRY_CAST, SqlType.INTEGER, "x")));
        assertNull(valueOf(call(Operation.TRY_CAST, SqlType.TINYINT, 300)));
        assertEquals(12L, valueOf(call(Operation.TRY_CAST, SqlType.TINYINT, "12")));
        Call failing = call(Operation.DIVIDE, SqlType.BIGINT, 1L, 0L);
        assertEquals(ErrorCode.DIVISION_BY_ZERO, errorOf(call(Operation.TRY_CAST, SqlType.INTEGER, failing)));
    }

    @Test
    void shouldRefuseCastsThatHaveNoMeaning() {
        MillraceException refused = assertThrows(
                MillraceException.class,
                () -> valueOf(cast(true, SqlType.DATE)));
        assertEquals("there is no cast from BOOLEAN to DATE", refused.getMessage());
    }
}
