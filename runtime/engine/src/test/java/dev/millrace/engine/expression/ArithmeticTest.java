// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static dev.millrace.engine.expression.Evaluation.call;
import static dev.millrace.engine.expression.Evaluation.errorOf;
import static dev.millrace.engine.expression.Evaluation.reasonOf;
import static dev.millrace.engine.expression.Evaluation.valueOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    @Test
    void shouldComputeUpToTheBoundsOfEachIntegerType() {
        assertEquals(127L, valueOf(call(Operation.ADD, SqlType.TINYINT, 100, 27)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.ADD, SqlType.TINYINT, 100, 28)));
        assertEquals(-32768L, valueOf(call(Operation.SUBTRACT, SqlType.SMALLINT, -32767, 1)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.SUBTRACT, SqlType.SMALLINT, -32768, 1)));
        assertEquals(2147483647L, valueOf(call(Operation.ADD, SqlType.INTEGER, 2147483646, 1)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.ADD, SqlType.INTEGER, 2147483647, 1)));
        assertEquals(Long.MAX_VALUE, valueOf(call(Operation.ADD, SqlType.BIGINT, Long.MAX_VALUE - 1, 1L)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.ADD, SqlType.BIGINT, Long.MAX_VALUE, 1L)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.MULTIPLY, SqlType.BIGINT, 1L << 32, 1L << 31)));
        assertEquals(1L << 62, valueOf(call(Operation.MULTIPLY, SqlType.BIGINT, 1L << 32, 1L << 30)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.NEGATE, SqlType.BIGINT, Long.MIN_VALUE)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.DIVIDE, SqlType.BIGINT, Long.MIN_VALUE, -1L)));
        assertEquals(ErrorCode.OVERFLOW, errorOf(call(Operation.ABS, SqlType.BIGINT, Long.MIN_VALUE)));
    }

    @Test
    void shouldSayWhatOverflowed() {
        assertEquals(
                "9223372036854775807 + 1 is out of the range of BIGINT",
                reasonOf(call(Operation.ADD, SqlType.BIGINT, Long.MAX_VALUE, 1L)));
        assertEquals("division of 7 by zero", reasonOf(call(Operation.DIVIDE, SqlType.BIGINT, 7L, 0L)));
    }

    @Test
    void shouldTruncateIntegerDivisionTowardsZero() {
        assertEquals(-2L, valueOf(call(Operation.DIVIDE, SqlType.INTEGER, -7, 3)));
        assertEquals(-1L, valueOf(call(Operation.MODULO, SqlType.INTEGER, -7, 3)));
        assertEquals(1L, valueOf(call(Operation.MODULO, SqlType.INTEGER, 7, -3)));
        assertEquals(ErrorCode.DIVISION_BY_ZERO, errorOf(call(Operation.DIVIDE, SqlType.INTEGER, 7, 0)));
        assertEquals(ErrorCode.DIVISION_BY_ZERO, errorOf(call(Operation.MODULO, SqlType.INTEGER, 7, 0)));
    }

    @Test
    void shouldDivideFloatingPointNumbersByZeroWithoutError() {
        assertEquals(Double.POSITIVE_INFINITY, valueOf(call(Operation.DIVIDE, SqlType.DOUBLE, 1.0, 0.0)));
        assertEquals(Double.NaN, valueOf(call(Operation.DIVIDE, SqlType.DOUBLE, 0.0, 0.0)));
        assertEquals((double) (0.1f + 0.2f), valueOf(call(Operation.ADD, SqlType.FLOAT, (double) 0.1f, (double) 0.2f)));
    }

    @Test
    void shouldKeepDecimalsExact() {
        SqlType small = SqlType.decimal(10, 2);
        assertEquals(
                new BigDecimal("0.30"),
                valueOf(call(Operation.ADD, small, new BigDecimal("0.1"), new BigDecimal("0.20"))));
        assertEquals(
                ErrorCode.OVERFLOW,
                errorOf(call(Operation.ADD, SqlType.decimal(3, 2), new BigDecimal("9.99"), new BigDecimal("0.01"))));
        assertEquals(
                new BigDecimal("0.333333"),
                valueOf(call(Operation.DIVIDE, SqlType.decimal(18, 6), new BigDecimal("1"), new BigDecimal("3"))));
        assertEquals(
                new BigDecimal("-0.666667"),
                valueOf(call(Operation.DIVIDE, SqlType.decimal(38, 6), new BigDecimal("-2"), new BigDecimal("3"))));
        assertEquals(
                new BigDecimal("99999999999999999999999999999999999999"),
                valueOf(
                        call(
                                Operation.ADD,
                                SqlType.decimal(38, 0),
                                new BigDecimal("99999999999999999999999999999999999998"),
                                new BigDecimal("1"))));
        assertEquals(
                ErrorCode.OVERFLOW,
                errorOf(
                        call(
                                Operation.ADD,
                                SqlType.decimal(38, 0),
                                new BigDecimal("99999999999999999999999999999999999999"),
                                new BigDecimal("99999999999999999999999999999999999999"))));
        assertEquals(
                new BigDecimal("1219326311126352690.00"),
                valueOf(
                        call(
                                Operation.MULTIPLY,
                                SqlType.decimal(24, 2),
                                new BigDecimal("1234567890.0"),
                                new BigDecimal("987654321.0"))));
        assertEquals(
                ErrorCode.DIVISION_BY_ZERO,
                errorOf(call(Operation.DIVIDE, small, new BigDecimal("1.5"), new BigDecimal("0.0"))));
    }

    @Test
    void shouldGiveNullForNullOperands() {
        assertNull(valueOf(call(Operation.ADD, SqlType.BIGINT, 1L, Literal.nullOf(SqlType.BIGINT))));
        assertNull(valueOf(call(Operation.ADD, SqlType.BIGINT, null, 1L)));
        assertNull(valueOf(call(Operation.DIVIDE, SqlType.BIGINT, Literal.nullOf(SqlType.BIGINT), 0L)));
    }

    @Test
    void shouldRoundHalfAwayFromZero() {
        assertEquals(3.0, valueOf(call(Operation.ROUND, SqlType.DOUBLE, 2.5)));
        assertEquals(-3.0, valueOf(call(Operation.ROUND, SqlType.DOUBLE, -2.5)));
        assertEquals(2.68, valueOf(call(Operation.ROUND, SqlType.DOUBLE, 2.675, 2)));
        assertEquals(1300L, valueOf(call(Operation.ROUND, SqlType.BIGINT, 1250L, -2)));
        assertEquals(-1300L, valueOf(call(Operation.ROUND, SqlType.BIGINT, -1250L, -2)));
        assertEquals(
                new BigDecimal("1.24"),
                valueOf(call(Operation.ROUND, SqlType.decimal(5, 2), new BigDecimal("1.235"), 2)));
        assertEquals(
                new BigDecimal("1.23"),
                valueOf(call(Operation.TRUNCATE, SqlType.decimal(5, 2), new BigDecimal("1.239"), 2)));
        assertEquals(
                new BigDecimal("-2"),
                valueOf(call(Operation.FLOOR, SqlType.decimal(5, 0), new BigDecimal("-1.1"))));
        assertEquals(new BigDecimal("2"), valueOf(call(Operation.CEIL, SqlType.decimal(5, 0), new BigDecimal("1.1"))));
        assertEquals(2L, valueOf(call(Operation.CEIL, SqlType.BIGINT, 1.1)));
    }

    @Test
    void shouldRefuseWhatIsNoRealNumber() {
        assertEquals(ErrorCode.FUNCTION_FAILED, errorOf(call(Operation.SQRT, SqlType.DOUBLE, -1.0)));
        assertEquals(ErrorCode.FUNCTION_FAILED, errorOf(call(Operation.LN, SqlType.DOUBLE, 0.0)));
        assertEquals(ErrorCode.FUNCTION_FAILED, errorOf(call(Operation.POWER, SqlType.DOUBLE, -8.0, 0.5)));
        assertEquals(3.0, valueOf(call(Operation.LOG10, SqlType.DOUBLE, 1000)));
    }
}
