// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import static dev.millrace.server.run.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.text.CsvRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.ResultOrder.Key;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SortedRowsTest {
    private static final long AMPLE = 1L << 30;
    private static final Schema ONE_NUMBER = Schema.of(new Column("n", SqlType.BIGINT));

    @Test
    void shouldPutNullsWhereTheOrderSays() {
        Batch batch = Rows.of(ONE_NUMBER, row(2L), row((Object) null), row(1L));

        assertEquals("\"\"\n1\n2\n", sorted(ONE_NUMBER, List.of(new Key(0, false, true)), batch));
        assertEquals("1\n2\n\"\"\n", sorted(ONE_NUMBER, List.of(new Key(0, false, false)), batch));
        assertEquals("2\n1\n\"\"\n", sorted(ONE_NUMBER, List.of(new Key(0, true, false)), batch));
        assertEquals("\"\"\n2\n1\n", sorted(ONE_NUMBER, List.of(new Key(0, true, true)), batch));
    }

    @Test
    void shouldSortStringsByCodePoint() {
        Schema schema = Schema.of(new Column("s", SqlType.STRING));
        Batch batch = Rows.of(schema, row("😀"), row("é"), row("z"), row("Z"), row("\uFFEE"), row("zz"));

        assertEquals("Z\nz\nzz\né\n\"\uFFEE\"\n😀\n", sorted(schema, List.of(new Key(0, false, true)), batch));
    }

    @Test
    void shouldSortWideDecimalsByValue() {
        Schema schema = Schema.of(new Column("d", SqlType.decimal(38, 0)));
        BigInteger large = BigInteger.TWO.pow(100);
        Batch batch = Rows.of(
                schema, row(large), row(large.negate()), row(BigInteger.TWO.pow(63)), row(BigInteger.ONE.negate()));

        assertEquals(
                large.negate() + "\n-1\n" + BigInteger.TWO.pow(63) + "\n" + large + "\n",
                sorted(schema, List.of(new Key(0, false, true)), batch));
    }

    @Test
    void shouldSortByLaterKeysWhereEarlierAreEqualAndKeepTheOrderOfArrivalElse() {
        Schema schema = Schema.of(
                new Column("b", SqlType.BOOLEAN),
                new Column("d", SqlType.DOUBLE),
                new Column("arrival", SqlType.BIGINT));
        Batch batch = Rows.of(
                schema, row(true, 1.5, 0L), row(false, 0.0, 1L), row(true, 2.5, 2L), row(false, -0.0, 3L));

        assertEquals(
                "false,0.0,1\nfalse,-0.0,3\ntrue,2.5,2\ntrue,1.5,0\n",
                sorted(schema, List.of(new Key(0, false, true), new Key(1, true, false)), batch));
    }

    @Test
    void shouldGiveTheRowsThatOffsetAndLimitLetThrough() {
        SortedRows rows = new SortedRows(ONE_NUMBER, new ResultOrder(List.of(new Key(0, false, true)), 1, 2), AMPLE);
        rows.add(Rows.of(ONE_NUMBER, row(3L), row(1L)));
        rows.add(Rows.of(ONE_NUMBER, row(4L), row(2L)));

        assertEquals("2\n3\n", drained(ONE_NUMBER, rows));
    }

    @Test
    void shouldKeepLittleMoreThanTheLimit() {
        // Far less than all rows would take.
        long bytesMax = 1 << 20;
        SortedRows rows = new SortedRows(ONE_NUMBER, new ResultOrder(List.of(new Key(0, true, false)), 0, 3), bytesMax);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long[] best = new long[3];
        for (int batch = 0; batch < 200; batch++) {
            Object[][] values = new Object[5000][];
            for (int i = 0; i < values.length; i++) {
                long value = random.nextLong(Long.MAX_VALUE);
                values[i] = row(value);
                long[] four = {best[0], best[1], best[2], value};
                java.util.Arrays.sort(four);
                best = new long[] {four[3], four[2], four[1]};
            }
            rows.add(Rows.of(ONE_NUMBER, values));
        }

        assertEquals(best[0] + "\n" + best[1] + "\n" + best[2] + "\n", drained(ONE_NUMBER, rows));
    }

    @Test
    void shouldRefuseWhatDoesNotFitWithTheWayOut() {
        SortedRows rows = new SortedRows(
                ONE_NUMBER,
                new ResultOrder(List.of(new Key(0, false, true)), 0, ResultOrder.NO_LIMIT),
                8L * Batch.ROWS);
        Object[][] values = new Object[Batch.ROWS + 1][];
        java.util.Arrays.fill(values, row(1L));

        MillraceException error =
                assertThrows(MillraceException.class, () -> rows.add(Rows.of(ONE_NUMBER, values)));

        assertEquals(ErrorCode.RESULT_TOO_LARGE, error.code());
        assertTrue(error.hint().contains("LIMIT"), error.hint());
    }

    private static String sorted(Schema schema, List<Key> keys, Batch batch) {
        SortedRows rows = new SortedRows(schema, new ResultOrder(keys, 0, ResultOrder.NO_LIMIT), AMPLE);
        rows.add(batch);
        return drained(schema, rows);
    }

    private static String drained(Schema schema, SortedRows rows) {
        TextBuffer out = new TextBuffer();
        CsvRowFormat format = new CsvRowFormat(schema);
        rows.drainTo(batch -> format.appendAll(batch, out));
        return out.toString();
    }
}
