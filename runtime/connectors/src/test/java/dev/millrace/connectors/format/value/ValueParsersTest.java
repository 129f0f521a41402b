// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.connectors.format.DecodedRows;
import dev.millrace.connectors.text.CsvRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueParsersTest {
    private static final String NONE = "none";

    @ParameterizedTest
    @CsvSource(textBlock = """
            127, 127
            128, none
            -128, -128
            -129, none
            +5, 5
            '  5 ', 5
            1.0, 1
            1.5, none
            12e1, 120
            120e-1, 12
            '', none
            ' ', none
            -, none
            1e, none
            1e999999999999, none
            0x1, none
            """)
    void shouldReadTinyints(String text, String expected) {
        assertEquals(expected, parse(SqlType.TINYINT, text));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            9223372036854775807, 9223372036854775807
            9223372036854775808, none
            -9223372036854775808, -9223372036854775808
            -9223372036854775809, none
            0.00000000000000000000, 0
            92233720368547758070e-1, 9223372036854775807
            1e18, 1000000000000000000
            1e19, none
            1e99999999, none
            1e-99999999, none
            0e99999999, 0
            """)
    void shouldReadBigints(String text, String expected) {
        assertEquals(expected, parse(SqlType.BIGINT, text));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            1.005, 1.01
            -1.005, -1.01
            1.0049999999999999999999999, 1.00
            99999999.994, 99999999.99
            99999999.995, none
            1e7, 10000000.00
            1e8, none
            1e-99999999, 0.00
            1e99999999, none
            .5, 0.50
            5., 5.00
            ., none
            """)
    void shouldRoundDecimalsHalfUp(String text, String expected) {
        assertEquals(expected, parse(SqlType.decimal(10, 2), text));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            99999999999999999999999999999999999999, 99999999999999999999999999999999999999
            -99999999999999999999999999999999999999, -99999999999999999999999999999999999999
            100000000000000000000000000000000000000, none
            99999999999999999999999999999999999999.5, none
            -1, -1
            1000000000000000000, 1000000000000000000
            0.4, 0
            """)
    void shouldReadWideDecimals(String text, String expected) {
        assertEquals(expected, parse(SqlType.decimal(38, 0), text));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0.1, 0.1
            -0, -0.0
            1e308, 1.0E308
            1e309, none
            4.9e-324, 4.9E-324
            1e-400, 0.0
            9007199254740993, 9.007199254740992E15
            NaN, NaN
            -Infinity, -Infinity
            nan, none
            1d, none
            0x1p3, none
            """)
    void shouldReadDoubles(String text, String expected) {
        assertEquals(expected, parse(SqlType.DOUBLE, text));
    }

    @Test
    void shouldRoundFloatsOnce() {
        assertEquals("1.6777216E7", parse(SqlType.FLOAT, "16777217"));
        assertEquals(Float.toString(Float.parseFloat("1.00000017881393432617187499")),
                parse(SqlType.FLOAT, "1.00000017881393432617187499"));
        assertEquals(NONE, parse(SqlType.FLOAT, "3.5e38"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            2026-01-02 03:04:05, 2026-01-02 03:04:05.000
            2026-01-02T03:04:05Z, 2026-01-02 03:04:05.000
            2026-01-02T03:04, 2026-01-02 03:04:00.000
            2026-01-02, 2026-01-02 00:00:00.000
            2026-01-02 03:04:05.6789, 2026-01-02 03:04:05.678
            2026-01-02 00:00:00+01:00, 2026-01-01 23:00:00.000
            2026-01-02 00:00:00-0130, 2026-01-02 01:30:00.000
            2026-01-02 00:00:00+01, 2026-01-01 23:00:00.000
            1700000040123, 2023-11-14 22:14:00.123
            -1, 1969-12-31 23:59:59.999
            1969-12-31 23:59:59.9999, 1969-12-31 23:59:59.999
            0001-01-01 00:00:00, 0001-01-01 00:00:00.000
            9999-12-31 23:59:59.999, 9999-12-31 23:59:59.999
            2024-02-29, 2024-02-29 00:00:00.000
            2026-02-29, none
            1900-02-29, none
            2000-02-29, 2000-02-29 00:00:00.000
            2026-13-01, none
            2026-1-1, none
            2026-01-02 24:00:00, none
            2026-01-02 03:60, none
            2026-01-02 03:04:05., none
            2026-01-02 03:04:05.1234567890, none
            2026-01-02 03:04:05 Z, none
            2026-01-02 03:04:05+19:00, none
            1.5, none
            now, none
            """)
    void shouldReadTimestamps(String text, String expected) {
        assertEquals(expected, parse(SqlType.timestamp(3), text));
    }

    @Test
    void shouldKeepAsManyDigitsOfTimesAsTheTypeHas() {
        String text = "2026-01-02 03:04:05.987654321";
        assertEquals("2026-01-02 03:04:05.000", parse(SqlType.timestamp(0), text));
        assertEquals("2026-01-02 03:04:05.980", parse(SqlType.timestamp(2), text));
        assertEquals("2026-01-02 03:04:05.987654", parse(SqlType.timestamp(6), text));
        assertEquals("2026-01-02 03:04:05.987654321", parse(SqlType.timestampLtz(9), text));
        assertEquals(NONE, parse(SqlType.timestamp(9), "2300-01-01"));
        assertEquals("03:04:05.98", parse(SqlType.time(2), "03:04:05.987"));
        assertEquals("03:04:00", parse(SqlType.time(0), "03:04"));
        assertEquals(NONE, parse(SqlType.time(0), "03:04:05Z"));
        assertEquals("2026-01-02", parse(SqlType.DATE, "2026-01-02"));
        assertEquals(NONE, parse(SqlType.DATE, "2026-01-02 00:00"));
    }

    @Test
    void shouldReadTruthValuesAndBase64() {
        assertEquals("true", parse(SqlType.BOOLEAN, "True"));
        assertEquals("false", parse(SqlType.BOOLEAN, "FALSE"));
        assertEquals(NONE, parse(SqlType.BOOLEAN, "1"));
        assertEquals("AP8K", parse(SqlType.BYTES, "AP8K"));
        assertEquals(NONE, parse(SqlType.BYTES, "A*8K"));
        assertEquals(" x ", parse(SqlType.STRING, " x "));
    }

    @Test
    void shouldAgreeWithTheLibraryOnAnyNumber() {
        long seed = 3;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = number(random);
            BigDecimal exact = new BigDecimal(text);
            String hint = "seed " + seed + ": " + text;
            assertEquals(Double.toString(Double.parseDouble(text)), parse(SqlType.DOUBLE, text), hint);
            assertEquals(Float.toString(Float.parseFloat(text)), parse(SqlType.FLOAT, text), hint);
            for (SqlType type : new SqlType[] {SqlType.decimal(12, 3), SqlType.decimal(18, 0),
                SqlType.decimal(30, 9)}) {
                BigDecimal rounded = exact.setScale(type.scale(), RoundingMode.HALF_UP);
                String expected = rounded.precision() > type.precision() ? NONE : rounded.toPlainString();
                assertEquals(expected, parse(type, text), hint);
            }
        }
    }

    private static String number(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
        for (int n = 1 + random.nextInt(random.nextBoolean() ? 9 : 24); n > 0; n--) {
            text.append(random.nextInt(3) == 0 ? 0 : random.nextInt(10));
        }
        if (random.nextBoolean()) {
            text.append('.');
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(random.nextInt(10));
            }
        }
        return random.nextInt(4) == 0 ? text + "e" + (random.nextInt(30) - 20) : text.toString();
    }

    private static String parse(SqlType type, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Vector vector = Vector.create(type.storage(), 1);
        ValueParser parser = ValueParsers.of(type, TimestampForm.ANY);
        if (!parser.parse(DecodedRows.padded(utf8), 0, utf8.length, vector, 0)) {
            return NONE;
        }
        TextBuffer out = new TextBuffer();
        new CsvRowFormat(Schema.of(new Column("c", type))).append(Batch.of(new Vector[] {vector}, 1), 0, out);
        return out.toString().replace("\n", "");
    }
}
