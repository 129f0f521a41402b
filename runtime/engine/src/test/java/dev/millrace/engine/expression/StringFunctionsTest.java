// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static dev.millrace.engine.expression.Evaluation.call;
import static dev.millrace.engine.expression.Evaluation.errorOf;
import static dev.millrace.engine.expression.Evaluation.valueOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.SqlType;
import java.util.List;
import org.junit.jupiter.api.Test;

class StringFunctionsTest {
    private static Object text(Operation operation, Object... arguments) {
        return valueOf(call(operation, SqlType.STRING, arguments));
    }

    private static Object truth(Operation operation, Object... arguments) {
        return valueOf(call(operation, SqlType.BOOLEAN, arguments));
    }

    private static Object number(Operation operation, Object... arguments) {
        return valueOf(call(operation, SqlType.INTEGER, arguments));
    }

    @Test
    void shouldChangeCase() {
        assertEquals("ABC Z", text(Operation.UPPER, "abc z"));
        assertEquals("ÜBER STRASSE", text(Operation.UPPER, "über straße"));
        assertEquals("über", text(Operation.LOWER, "ÜBER"));
        assertEquals("Hello World 2nd", text(Operation.INITCAP, "hELLO wORLD 2ND"));
        assertEquals("Été-Fin", text(Operation.INITCAP, "ÉTÉ-FIN"));
    }

    @Test
    void shouldCountCharactersNotBytes() {
        assertEquals(4L, number(Operation.CHAR_LENGTH, "über"));
        assertEquals(3L, number(Operation.CHAR_LENGTH, "😀x😀"));
        assertEquals(13L, number(Operation.CHAR_LENGTH, "日本語の長いテキスト です"));
        assertEquals(5L, number(Operation.OCTET_LENGTH, "über"));
        assertEquals(3L, number(Operation.POSITION, "語", "日本語"));
        assertEquals(0L, number(Operation.POSITION, "x", "abc"));
        assertEquals(1L, number(Operation.POSITION, "", "abc"));
        assertEquals("x😀", text(Operation.REVERSE, "😀x"));
    }

    @Test
    void shouldCutParts() {
        assertEquals("本", text(Operation.SUBSTRING, "日本語", 2, 1));
        assertEquals("本語", text(Operation.SUBSTRING, "日本語", 2));
        assertEquals("ab", text(Operation.SUBSTRING, "abc", 0, 2));
        assertEquals("bc", text(Operation.SUBSTRING, "abc", -2));
        assertEquals("", text(Operation.SUBSTRING, "abc", -4, 3));
        assertEquals("", text(Operation.SUBSTRING, "abc", 4));
        assertEquals(
                ErrorCode.FUNCTION_FAILED,
                errorOf(call(Operation.SUBSTRING, SqlType.STRING, "abc", 1, -1)));
        assertEquals("日本", text(Operation.LEFT, "日本語", 2));
        assertEquals("語", text(Operation.RIGHT, "日本語", 1));
        assertEquals("", text(Operation.LEFT, "abc", -1));
        assertEquals("b", text(Operation.SPLIT_INDEX, "a,b,c", ",", 1));
        assertEquals("", text(Operation.SPLIT_INDEX, "a,,c", ",", 1));
        assertNull(text(Operation.SPLIT_INDEX, "a,b", ",", 2));
        assertNull(text(Operation.SPLIT_INDEX, "a,b", ",", -1));
    }

    @Test
    void shouldTrimAndPad() {
        assertEquals("a b", text(Operation.TRIM, "  a b "));
        assertEquals("a", text(Operation.TRIM, "xyaéyx", "xéy"));
        assertEquals("a  ", text(Operation.LTRIM, "  a  "));
        assertEquals("  a", text(Operation.RTRIM, "  a  "));
        assertEquals("", text(Operation.TRIM, "   "));
        assertEquals("xyxa", text(Operation.LPAD, "a", 4, "xy"));
        assertEquals("aéé", text(Operation.RPAD, "a", 3, "é"));
        assertEquals("日", text(Operation.LPAD, "日本語", 1));
        assertEquals("", text(Operation.RPAD, "a", -1));
        assertEquals("ababab", text(Operation.REPEAT, "ab", 3));
        assertEquals("", text(Operation.REPEAT, "ab", 0));
        assertEquals(
                ErrorCode.FUNCTION_FAILED,
                errorOf(call(Operation.REPEAT, SqlType.STRING, "ab", 2_000_000_000)));
    }

    @Test
    void shouldPutTogether() {
        assertEquals("abc", text(Operation.CONCAT, "a", "", "bc"));
        assertNull(text(Operation.CONCAT, "a", Literal.nullOf(SqlType.STRING)));
        assertEquals("a-c", text(Operation.CONCAT_WS, "-", "a", Literal.nullOf(SqlType.STRING), "c"));
        assertEquals("-", text(Operation.CONCAT_WS, "-", "", ""));
        assertNull(text(Operation.CONCAT_WS, Literal.nullOf(SqlType.STRING), "a"));
        assertEquals("a..b..c", text(Operation.REPLACE, "a,b,c", ",", ".."));
        assertEquals("abc", text(Operation.REPLACE, "abc", "", "x"));
    }

    @Test
    void shouldMatchPatterns() {
        assertEquals(true, truth(Operation.LIKE, "abc", "a%"));
        assertEquals(true, truth(Operation.LIKE, "abc", "%b%"));
        assertEquals(true, truth(Operation.LIKE, "abc", "_b_"));
        assertEquals(false, truth(Operation.LIKE, "abc", "_b"));
        assertEquals(true, truth(Operation.LIKE, "日本語", "_本%"));
        assertEquals(true, truth(Operation.LIKE, "aab", "%ab"));
        assertEquals(false, truth(Operation.LIKE, "ab", "ab%ab"));
        assertEquals(true, truth(Operation.LIKE, "", "%"));
        assertEquals(false, truth(Operation.LIKE, "", "_"));
        assertEquals(true, truth(Operation.LIKE, "xaybzc", "%a_b%c"));
        assertEquals(true, truth(Operation.LIKE, "50%", "%!%", "!"));
        assertEquals(false, truth(Operation.LIKE, "50x", "%!%", "!"));
        assertEquals(true, truth(Operation.STARTS_WITH, "abc", "ab"));
        assertEquals(true, truth(Operation.ENDS_WITH, "abc", "bc"));
        assertEquals(false, truth(Operation.ENDS_WITH, "bc", "abc"));
    }

    @Test
    void shouldUseRegularExpressions() {
        assertEquals(true, truth(Operation.REGEXP_LIKE, "order-17", "\\d+$"));
        assertEquals("17-order", text(Operation.REGEXP_REPLACE, "order-17", "(\\w+)-(\\d+)", "$2-$1"));
        assertEquals("17", text(Operation.REGEXP_EXTRACT, "order-17", "-(\\d+)", 1));
        assertEquals("-17", text(Operation.REGEXP_EXTRACT, "order-17", "-(\\d+)"));
        assertNull(text(Operation.REGEXP_EXTRACT, "order", "\\d+"));
        assertEquals(
                ErrorCode.FUNCTION_FAILED,
                errorOf(call(Operation.REGEXP_EXTRACT, SqlType.STRING, "a", "a", 1)));
        // The library recurses here; a long text must not take the thread down.
        assertEquals(
                ErrorCode.FUNCTION_FAILED,
                errorOf(
                        call(
                                Operation.REGEXP_LIKE,
                                SqlType.BOOLEAN,
                                call(Operation.REPEAT, SqlType.STRING, "ab", 100_000),
                                "^(a|b)*c$")));
    }

    @Test
    void shouldRefuseLiteralPatternsThatAreNoneWhenCompiling() {
        Expression column = new ColumnReference(0, SqlType.STRING);
        assertRefused(call(Operation.REGEXP_LIKE, SqlType.BOOLEAN, column, "("));
        assertRefused(call(Operation.LIKE, SqlType.BOOLEAN, column, "a!b", "!"));
        assertRefused(call(Operation.TO_DATE, SqlType.DATE, column, "yyyy-bb"));
    }

    private static void assertRefused(Expression expression) {
        MillraceException refused = assertThrows(
                MillraceException.class,
                () -> ExpressionCompiler.projection(List.of(expression)));
        assertEquals(ErrorCode.INVALID_QUERY, refused.code());
    }
}
