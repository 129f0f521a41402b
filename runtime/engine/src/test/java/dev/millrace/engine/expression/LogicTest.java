// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static dev.millrace.engine.expression.Evaluation.call;
import static dev.millrace.engine.expression.Evaluation.errorOf;
import static dev.millrace.engine.expression.Evaluation.valueOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.SqlType;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class LogicTest {
    private static final Literal UNKNOWN = Literal.nullOf(SqlType.BOOLEAN);

    /** Fails if it is evaluated. */
    private static final Call FAILING = bool(Operation.EQUAL, call(Operation.DIVIDE, SqlType.BIGINT, 1L, 0L), 1L);

    private static Call bool(Operation operation, Object... arguments) {
        return call(operation, SqlType.BOOLEAN, arguments);
    }

    @Test
    void shouldFollowThreeValuedLogic() {
        assertEquals(true, valueOf(bool(Operation.AND, true, true)));
        assertEquals(false, valueOf(bool(Operation.AND, UNKNOWN, false)));
        assertEquals(false, valueOf(bool(Operation.AND, false, UNKNOWN)));
        assertNull(valueOf(bool(Operation.AND, true, UNKNOWN)));
        assertNull(valueOf(bool(Operation.AND, UNKNOWN, true, UNKNOWN)));
        assertEquals(true, valueOf(bool(Operation.OR, UNKNOWN, true)));
        assertNull(valueOf(bool(Operation.OR, false, UNKNOWN)));
        assertNull(valueOf(bool(Operation.NOT, UNKNOWN)));
        assertEquals(false, valueOf(bool(Operation.IS_TRUE, UNKNOWN)));
        assertEquals(true, valueOf(bool(Operation.IS_NOT_TRUE, UNKNOWN)));
        assertEquals(false, valueOf(bool(Operation.IS_FALSE, UNKNOWN)));
        assertEquals(true, valueOf(bool(Operation.IS_NOT_FALSE, UNKNOWN)));
    }

    @Test
    void shouldNotEvaluateWhatCanNotChangeTheResult() {
        assertEquals(false, valueOf(bool(Operation.AND, false, FAILING)));
        assertEquals(true, valueOf(bool(Operation.OR, true, FAILING)));
        assertEquals(7L, valueOf(call(Operation.CASE, SqlType.BIGINT, true, 7L, FAILING, 8L, 9L)));
        assertEquals(
                7L,
                valueOf(call(Operation.CASE, SqlType.BIGINT, false, call(Operation.DIVIDE, SqlType.BIGINT, 1L, 0L),
                        7L)));
        assertEquals(
                7L,
                valueOf(call(Operation.COALESCE, SqlType.BIGINT, 7L, call(Operation.DIVIDE, SqlType.BIGINT, 1L, 0L))));
    }

    @Test
    void shouldEvaluateWhatCanStillDecideBehindNull() {
        assertEquals(ErrorCode.DIVISION_BY_ZERO, errorOf(bool(Operation.AND, UNKNOWN, FAILING)));
        assertEquals(ErrorCode.DIVISION_BY_ZERO, errorOf(bool(Operation.OR, UNKNOWN, FAILING)));
    }

    @Test
    void shouldTreatNullsAsOneValueOnlyWhereAskedTo() {
        Literal nothing = Literal.nullOf(SqlType.BIGINT);
        assertNull(valueOf(bool(Operation.EQUAL, nothing, nothing)));
        assertEquals(false, valueOf(bool(Operation.IS_DISTINCT_FROM, nothing, nothing)));
        assertEquals(true, valueOf(bool(Operation.IS_DISTINCT_FROM, nothing, 1L)));
        assertEquals(true, valueOf(bool(Operation.IS_DISTINCT_FROM, 1L, null)));
        assertEquals(false, valueOf(bool(Operation.IS_NOT_DISTINCT_FROM, 1L, nothing)));
        assertEquals(true, valueOf(bool(Operation.IS_NOT_DISTINCT_FROM, 1L, 1L)));
    }

    @Test
    void shouldOrderNanAboveAllNumbersAndEqualToItself() {
        assertEquals(true, valueOf(bool(Operation.EQUAL, Double.NaN, Double.NaN)));
        assertEquals(true, valueOf(bool(Operation.GREATER, Double.NaN, Double.POSITIVE_INFINITY)));
        assertEquals(true, valueOf(bool(Operation.LESS, 1.0, Double.NaN)));
        assertEquals(false, valueOf(bool(Operation.LESS, Double.NaN, 1.0)));
        assertEquals(true, valueOf(bool(Operation.EQUAL, 0.0, -0.0)));
    }

    @Test
    void shouldCompareNumbersOfDifferentTypesExactly() {
        assertEquals(true, valueOf(bool(Operation.EQUAL, new BigDecimal("1.50"), new BigDecimal("1.5"))));
        assertEquals(true, valueOf(bool(Operation.LESS, new BigDecimal("0.99999999999999999999"), 1L)));
        assertEquals(true, valueOf(bool(Operation.GREATER, 2L, 1.5)));
    }

    @Test
    void shouldCompareStringsByCodePoint() {
        assertEquals(true, valueOf(bool(Operation.LESS, "", "a")));
        assertEquals(true, valueOf(bool(Operation.LESS, "Z", "a")));
        assertEquals(true, valueOf(bool(Operation.LESS, "z", "é")));
        // In UTF-16 the second would come first.
        assertEquals(true, valueOf(bool(Operation.LESS, "\uFFFD", "😀")));
        assertEquals(true, valueOf(bool(Operation.LESS, "equal in 8 bytes", "equal in 8 bytes and longer")));
        assertEquals(true, valueOf(bool(Operation.LESS, "equal up to the ens", "equal up to the ent")));
        assertEquals(false, valueOf(bool(Operation.EQUAL, "abcdefghi", "abcdefghj")));
    }

    @Test
    void shouldChooseBetweenValues() {
        assertEquals("b", valueOf(call(Operation.CASE, SqlType.STRING, UNKNOWN, "a", true, "b", "c")));
        assertNull(valueOf(call(Operation.CASE, SqlType.STRING, true, null, "c")));
        assertNull(valueOf(call(Operation.NULLIF, SqlType.BIGINT, 1L, 1L)));
        assertEquals(1L, valueOf(call(Operation.NULLIF, SqlType.BIGINT, 1L, 2L)));
        assertEquals(1L, valueOf(call(Operation.NULLIF, SqlType.BIGINT, 1L, null)));
        assertNull(valueOf(call(Operation.NULLIF, SqlType.INTEGER, 1, 1.0)));
        assertEquals("z", valueOf(call(Operation.GREATEST, SqlType.STRING, "a", "z", "m")));
        assertNull(valueOf(call(Operation.LEAST, SqlType.STRING, "a", Literal.nullOf(SqlType.STRING))));
        assertEquals(
                new BigDecimal("2.50"),
                valueOf(call(Operation.GREATEST, SqlType.decimal(12, 2), 2, new BigDecimal("2.5"))));
    }
}
