// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.connectors.numbered.NumberedRows;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.util.List;

/** Fills the wanted columns of a workload, column by column. Holds scratch arrays, so it belongs to one reader. */
final class RowFiller implements NumberedRows {
    private final Gen gen;
    private final List<WorkloadColumn> columns;
    private final Dictionaries dictionaries;
    private final boolean needsHashes;
    private long[] hashes = {};
    private int[] numbers = {};

    RowFiller(Gen gen, List<WorkloadColumn> columns, Dictionaries dictionaries) {
        this.gen = gen;
        this.columns = columns;
        this.dictionaries = dictionaries;
        needsHashes = columns.stream().anyMatch(WorkloadColumn::isHashed);
    }

    @Override
    public void fill(BatchBuilder into, int firstRow, int count, long first, int step) {
        if (hashes.length < count) {
            hashes = new long[count];
            numbers = new int[count];
        }
        if (needsHashes) {
            hash(count, first, step);
        }
        for (int c = 0; c < columns.size(); c++) {
            Vector vector = into.column(c);
            switch (columns.get(c)) {
                case TRADER_ID -> {
                    traders(count);
                    dictionaries.traders().fill((BytesVector) vector, firstRow, numbers, count);
                }
                case SYMBOL -> {
                    symbols(count);
                    dictionaries.symbols().fill((BytesVector) vector, firstRow, numbers, count);
                }
                case STATUS -> {
                    statuses(count);
                    dictionaries.statuses().fill((BytesVector) vector, firstRow, numbers, count);
                }
                case PRICE -> prices(((DoubleVector) vector).values(), firstRow, count);
                case QUANTITY -> quantities(((LongVector) vector).values(), firstRow, count);
                case TOTAL_AMOUNT -> amounts(((DoubleVector) vector).values(), firstRow, count);
                case CUSTOMER_ID -> customers(((LongVector) vector).values(), firstRow, count);
                case ORDER_ID -> rowNumbers(((LongVector) vector).values(), firstRow, count, first, step);
                case TS, ORDER_TIME -> times(((LongVector) vector).values(), firstRow, count, first, step);
            }
        }
    }

    private void hash(int count, long first, int step) {
        final long[] into = hashes;
        final long advance = step * Gen.GOLDEN;
        long state = gen.seed() + (first + 1) * Gen.GOLDEN;
        for (int r = 0; r < count; r++) {
            into[r] = Gen.mix(state);
            state += advance;
        }
    }

    private void traders(int count) {
        final long[] from = hashes;
        final int[] into = numbers;
        final int keys = gen.keys();
        for (int r = 0; r < count; r++) {
            into[r] = Gen.uniformKey(from[r], keys) / Gen.SYMBOLS;
        }
        heat(count);
    }

    private void symbols(int count) {
        final long[] from = hashes;
        final int[] into = numbers;
        final int keys = gen.keys();
        for (int r = 0; r < count; r++) {
            into[r] = Gen.uniformKey(from[r], keys) % Gen.SYMBOLS;
        }
        heat(count);
    }

    /** Puts the hot key, whose trader and symbol are 0, where it belongs: in a loop of its own, since few want it. */
    private void heat(int count) {
        final long[] from = hashes;
        final int[] into = numbers;
        final int hot = gen.hot();
        for (int r = 0; r < count && hot > 0; r++) {
            into[r] = Gen.isHot(from[r], hot) ? 0 : into[r];
        }
    }

    private void statuses(int count) {
        final long[] from = hashes;
        final int[] into = numbers;
        for (int r = 0; r < count; r++) {
            into[r] = Gen.status(from[r]);
        }
    }

    private void prices(double[] into, int firstRow, int count) {
        final long[] from = hashes;
        for (int r = 0; r < count; r++) {
            into[firstRow + r] = Gen.price(from[r]);
        }
    }

    private void quantities(long[] into, int firstRow, int count) {
        final long[] from = hashes;
        for (int r = 0; r < count; r++) {
            into[firstRow + r] = Gen.quantity(from[r]);
        }
    }

    private void amounts(double[] into, int firstRow, int count) {
        final long[] from = hashes;
        for (int r = 0; r < count; r++) {
            into[firstRow + r] = Gen.amount(from[r]);
        }
    }

    private void customers(long[] into, int firstRow, int count) {
        final long[] from = hashes;
        for (int r = 0; r < count; r++) {
            into[firstRow + r] = Gen.customer(from[r]);
        }
    }

    private static void rowNumbers(long[] into, int firstRow, int count, long first, int step) {
        long i = first;
        for (int r = firstRow; r < firstRow + count; r++) {
            into[r] = i;
            i += step;
        }
    }

    /** Carries quotient and remainder along, since a division for every row would cost more than all the rest. */
    private void times(long[] into, int firstRow, int count, long first, int step) {
        final int rowsPerMilli = gen.rowsPerMilli();
        final int stepMillis = step / rowsPerMilli;
        final int stepRest = step % rowsPerMilli;
        long millis = gen.millis(first);
        int rest = (int) (first % rowsPerMilli);
        for (int r = firstRow; r < firstRow + count; r++) {
            into[r] = millis;
            millis += stepMillis;
            rest += stepRest;
            if (rest >= rowsPerMilli) {
                rest -= rowsPerMilli;
                millis++;
            }
        }
    }
}
