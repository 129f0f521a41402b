// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.connectors.workload.Gen;
import dev.millrace.connectors.workload.Reference;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import org.junit.jupiter.api.Test;

/** Results computed in the simplest way go through the sink; the reference says what must come out. */
final class CheckSinkTest {
    private static final int ROWS = 30_000;
    private static final int KEYS = 500;
    private static final Gen GEN = Gen.of(KEYS, Gen.DEFAULT_ROWS_PER_MILLI);

    @Test
    void shouldAddUpTheRowsOfAFilter() {
        LongVector orders = new LongVector(ROWS);
        LongVector customers = new LongVector(ROWS);
        DoubleVector amounts = new DoubleVector(ROWS);
        int[] selection = new int[ROWS];
        int selected = 0;
        for (int i = 0; i < ROWS; i++) {
            long hash = GEN.hash(i);
            orders.set(i, i);
            customers.set(i, Gen.customer(hash));
            amounts.set(i, Gen.amount(hash));
            if (Gen.amount(hash) > 100) {
                selection[selected++] = i;
            }
        }
        Tally tally = new Tally(0, null);
        tally.begin();

        new CheckSink(Workload.S0, KEYS, tally)
                .write(Batch.of(new Vector[] {orders, customers, amounts}, ROWS).withSelection(selection, selected));

        assertResult(Reference.of("S0", ROWS, GEN), tally.result(Workload.S0, ROWS, BenchSettings.NO_CHECKPOINTS));
    }

    @Test
    void shouldCountOnlyTheLastRowOfEachGroupOfChanges() {
        Tally tally = new Tally(KEYS, null);
        tally.begin();

        new CheckSink(Workload.S2C, KEYS, tally).write(changes());

        BenchResult result = tally.result(Workload.S2C, ROWS, BenchSettings.NO_CHECKPOINTS);
        assertEquals(ROWS, result.outputRows());
        assertEquals(Reference.of("S2", ROWS, GEN).checksum(), result.checksum());
    }

    @Test
    void shouldNumberTheGroupsOfAWindow() {
        // All rows lie in the first minute, whose groups have the numbers of their keys.
        Batch changes = changes();
        LongVector windows = new LongVector(ROWS);
        for (int i = 0; i < ROWS; i++) {
            windows.set(i, Gen.BASE_MILLIS);
        }
        Vector[] columns = new Vector[changes.columns().length + 1];
        columns[0] = windows;
        System.arraycopy(changes.columns(), 0, columns, 1, changes.columns().length);
        Tally tally = new Tally(KEYS, null);
        tally.begin();

        new CheckSink(Workload.S3B, KEYS, tally).write(changes.withColumns(columns));

        assertEquals(
                Reference.of("S3b", ROWS, GEN).checksum(),
                tally.result(Workload.S3B, ROWS, BenchSettings.NO_CHECKPOINTS).checksum());
    }

    /** Every change of S2, in order. */
    private static Batch changes() {
        BytesVector traders = new BytesVector(ROWS);
        BytesVector symbols = new BytesVector(ROWS);
        LongVector counts = new LongVector(ROWS);
        DoubleVector averages = new DoubleVector(ROWS);
        LongVector quantities = new LongVector(ROWS);
        DoubleVector amounts = new DoubleVector(ROWS);
        long[] count = new long[KEYS];
        double[] price = new double[KEYS];
        long[] quantity = new long[KEYS];
        double[] amount = new double[KEYS];
        for (int i = 0; i < ROWS; i++) {
            long hash = GEN.hash(i);
            int key = GEN.key(hash);
            count[key]++;
            price[key] += Gen.price(hash);
            quantity[key] += Gen.quantity(hash);
            amount[key] += Gen.price(hash) * Gen.quantity(hash);
            traders.append(i, "TRADER" + key / Gen.SYMBOLS);
            symbols.append(i, "SYM" + key % Gen.SYMBOLS);
            counts.set(i, count[key]);
            averages.set(i, price[key] / count[key]);
            quantities.set(i, quantity[key]);
            amounts.set(i, amount[key]);
        }
        return Batch.of(new Vector[] {traders, symbols, counts, averages, quantities, amounts}, ROWS);
    }

    private static void assertResult(Reference expected, BenchResult result) {
        assertEquals(expected.rows(), result.outputRows());
        assertEquals(expected.checksum(), result.checksum());
    }
}
