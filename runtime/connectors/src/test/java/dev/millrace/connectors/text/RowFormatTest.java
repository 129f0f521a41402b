// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowFormatTest {
    private static final Schema TRADES = Schema.of(
            new Column("symbol", SqlType.STRING),
            new Column("price", SqlType.decimal(10, 2)),
            new Column("ts", SqlType.timestamp(3)));

    @Test
    void shouldWriteColumnsInOrderInEveryForm() {
        Batch batch = trades("AAPL", 10350, 1_700_000_040_123L);
        assertEquals(
                "{\"symbol\":\"AAPL\",\"price\":103.50,\"ts\":\"2023-11-14 22:14:00.123\"}\n",
                text(new JsonRowFormat(TRADES), batch));
        assertEquals("AAPL,103.50,2023-11-14 22:14:00.123\n", text(new CsvRowFormat(TRADES), batch));
        assertEquals("+I[AAPL, 103.50, 2023-11-14 22:14:00.123]\n", text(new PrintRowFormat(TRADES), batch));
    }

    @Test
    void shouldLeadWithTheRowKindWhenItIsNoInsert() {
        Batch batch = trades("A", 100, 0).withKinds(new byte[] {RowKind.DELETE.code()});
        assertEquals(
                "{\"op\":\"-D\",\"symbol\":\"A\",\"price\":1.00,\"ts\":\"1970-01-01 00:00:00.000\"}\n",
                text(new JsonRowFormat(TRADES), batch));
        assertEquals("-D,A,1.00,1970-01-01 00:00:00.000\n", text(new CsvRowFormat(TRADES, true), batch));
        assertEquals("-D[A, 1.00, 1970-01-01 00:00:00.000]\n", text(new PrintRowFormat(TRADES), batch));
    }

    @Test
    void shouldTellNullFromEmptyText() {
        Batch empty = trades("", 0, 0);
        Batch none = trades("x", 0, 0);
        none.column(0).setNull(0);
        assertEquals("\"\",0.00,1970-01-01 00:00:00.000\n", text(new CsvRowFormat(TRADES), empty));
        assertEquals(",0.00,1970-01-01 00:00:00.000\n", text(new CsvRowFormat(TRADES), none));
        assertEquals("{\"symbol\":null", text(new JsonRowFormat(TRADES), none).substring(0, 14));
        assertEquals("+I[null, ", text(new PrintRowFormat(TRADES), none).substring(0, 9));
    }

    @Test
    void shouldEscapeWhatWouldBreakTheForm() {
        Batch batch = trades("a\"b\\c,\n\u0001ü\uD83D\uDE00", 0, 0);
        assertEquals(
                "{\"symbol\":\"a\\\"b\\\\c,\\n\\u0001ü\uD83D\uDE00\",\"price\":0.00,\"ts\":\"1970-01-01 00:00:00.000\"}\n",
                text(new JsonRowFormat(TRADES), batch));
        assertEquals(
                "\"a\"\"b\\c,\n\u0001ü\uD83D\uDE00\",0.00,1970-01-01 00:00:00.000\n",
                text(new CsvRowFormat(TRADES), batch));
    }

    @Test
    void shouldWriteHeaderOfCsv() {
        TextBuffer out = new TextBuffer();
        new CsvRowFormat(TRADES).appendHeader(out);
        new CsvRowFormat(TRADES, true).appendHeader(out);
        new JsonRowFormat(TRADES).appendHeader(out);
        assertEquals("symbol,price,ts\nop,symbol,price,ts\n", out.toString());
    }

    @Test
    void shouldWriteOnlySelectedRows() {
        LongVector numbers = new LongVector(3);
        numbers.set(0, 1);
        numbers.set(1, Long.MIN_VALUE);
        numbers.set(2, Long.MAX_VALUE);
        Batch batch = Batch.of(new Vector[] {numbers}, 3).withSelection(new int[] {1, 2}, 2);
        TextBuffer out = new TextBuffer();
        new JsonRowFormat(Schema.of(new Column("n", SqlType.BIGINT))).appendAll(batch, out);
        assertEquals("{\"n\":-9223372036854775808}\n{\"n\":9223372036854775807}\n", out.toString());
    }

    @Test
    void shouldWriteDoublesSoThatTheyReadBackTheSame() {
        DoubleVector doubles = new DoubleVector(1);
        double[] values = {0.0, -0.0, 1, -123456, 1e7, 9_999_999, 0.1, 1e-5, 1e300, Double.MIN_VALUE, 1.0 / 3};
        for (double value : values) {
            doubles.set(0, value);
            assertEquals(Double.toString(value), value(SqlType.DOUBLE, doubles));
        }
        doubles.set(0, Double.NaN);
        assertEquals("NaN", value(SqlType.DOUBLE, doubles));
        assertEquals("{\"c\":\"NaN\"}\n", text(new JsonRowFormat(column(SqlType.DOUBLE)), doubles));
        doubles.set(0, 0.1f);
        assertEquals("0.1", value(SqlType.FLOAT, doubles));
    }

    @Test
    void shouldWriteWideDecimalsExactly() {
        SqlType type = SqlType.decimal(38, 6);
        DecimalVector decimals = new DecimalVector(1);
        String[] texts = {
            "0.000000", "-0.000001", "9223372036854.775807", "-9223372036854.775808", "9223372036854.775808",
            "99999999999999999999999999999999.999999", "-99999999999999999999999999999999.999999"
        };
        for (String text : texts) {
            BigInteger unscaled = new BigDecimal(text).unscaledValue();
            decimals.set(0, unscaled.shiftRight(64).longValue(), unscaled.longValue());
            assertEquals(text, value(type, decimals));
        }
    }

    @Test
    void shouldWriteTimesOfEveryPrecision() {
        LongVector v = new LongVector(1);
        v.set(0, -1);
        assertEquals("1969-12-31 23:59:59.999", value(SqlType.timestamp(0), v));
        assertEquals("1969-12-31 23:59:59.999999", value(SqlType.timestampLtz(6), v));
        assertEquals("1969-12-31 23:59:59.999999999", value(SqlType.timestamp(9), v));
        v.set(0, 3_723_450L);
        assertEquals("01:02:03", value(SqlType.time(0), v));
        assertEquals("01:02:03.45", value(SqlType.time(2), v));
        v.set(0, -30);
        assertEquals("-2-06", value(SqlType.INTERVAL_MONTH, v));
        v.set(0, 93_784_567L);
        assertEquals("+1 02:03:04.567", value(SqlType.INTERVAL_MILLIS, v));
    }

    @Test
    void shouldAgreeWithTheCalendarOnAnyDay() {
        SplittableRandom random = new SplittableRandom(7);
        LongVector v = new LongVector(1);
        for (int i = 0; i < 20_000; i++) {
            long day = random.nextLong(-719_528, 2_932_896);
            v.set(0, day);
            assertEquals(LocalDate.ofEpochDay(day).toString(), value(SqlType.DATE, v), "seed 7, day " + day);
            long millis = day * 86_400_000 + random.nextLong(86_400_000);
            v.set(0, millis);
            String expected = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS")
                    .format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
            assertEquals(expected, value(SqlType.timestamp(3), v), "seed 7, millisecond " + millis);
        }
    }

    @Test
    void shouldWriteBinaryInBase64() {
        BytesVector bytes = new BytesVector(1);
        bytes.append(0, new byte[] {0, (byte) 0xff, 10});
        assertEquals("AP8K", value(new SqlType(TypeKind.BINARY, 3, 0, true), bytes));
        assertEquals("{\"c\":\"AP8K\"}\n", text(new JsonRowFormat(column(SqlType.BYTES)), bytes));
    }

    private static Batch trades(String symbol, long cents, long millis) {
        BytesVector symbols = new BytesVector(1);
        symbols.append(0, symbol);
        LongVector prices = new LongVector(1);
        prices.set(0, cents);
        LongVector times = new LongVector(1);
        times.set(0, millis);
        return Batch.of(new Vector[] {symbols, prices, times}, 1);
    }

    private static Schema column(SqlType type) {
        return Schema.of(new Column("c", type));
    }

    private static String value(SqlType type, Vector vector) {
        return text(new CsvRowFormat(column(type)), vector).strip();
    }

    private static String text(RowFormat format, Vector vector) {
        return text(format, Batch.of(new Vector[] {vector}, 1));
    }

    private static String text(RowFormat format, Batch batch) {
        TextBuffer out = new TextBuffer();
        format.append(batch, 0, out);
        return out.toString();
    }
}
