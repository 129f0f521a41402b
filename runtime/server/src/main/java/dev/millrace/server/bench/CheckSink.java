// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.connectors.workload.Check;
import dev.millrace.connectors.workload.Gen;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.connector.Sink;

/** Counts the rows of a partition, and adds up their hashes or keeps the last row of each group. */
final class CheckSink implements Sink {
    private static final int TRADER_PREFIX = "TRADER".length();
    private static final int SYMBOL_PREFIX = "SYM".length();
    private static final long MILLIS_PER_MINUTE = 60_000;

    private final Workload workload;
    private final int keys;
    private final Tally tally;

    CheckSink(Workload workload, int keys, Tally tally) {
        this.workload = workload;
        this.keys = keys;
        this.tally = tally;
    }

    @Override
    public void write(Batch batch) {
        if (tally.latency() != null) {
            measure(batch, tally.latency(), tally.nanosSinceStart());
        }
        long sum = switch (workload) {
            case S0 -> select(batch);
            case S1 -> over(batch);
            case S2, S2C, S2M, S2X -> groups(batch, 0, null);
            case S3A, S3B -> groups(batch, 1, (LongVector) batch.column(0));
            // As those of its peers: windows don't count.
            case K1 -> groups(batch, 1, null);
        };
        tally.add(batch.size(), sum);
    }

    private static long select(Batch batch) {
        long[] orders = ((LongVector) batch.column(0)).values();
        long[] customers = ((LongVector) batch.column(1)).values();
        double[] amounts = ((DoubleVector) batch.column(2)).values();
        int[] rows = batch.selection();
        int size = batch.size();
        long sum = 0;
        for (int i = 0; i < size; i++) {
            int row = rows == null ? i : rows[i];
            sum += Check.select(orders[row], customers[row], amounts[row]);
        }
        return sum;
    }

    private static long over(Batch batch) {
        long[] times = ((LongVector) batch.column(0)).values();
        BytesVector symbols = (BytesVector) batch.column(1);
        double[] prices = ((DoubleVector) batch.column(2)).values();
        double[] averages = ((DoubleVector) batch.column(3)).values();
        long sum = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            sum += Check.over(times[row], number(symbols, row, SYMBOL_PREFIX), prices[row], averages[row]);
        }
        return sum;
    }

    /**
     * @param first the column of the trader; symbol and aggregates follow
     * @param windows starts of the rows' windows, or null without windows
     */
    private long groups(Batch batch, int first, LongVector windows) {
        BytesVector traders = (BytesVector) batch.column(first);
        BytesVector symbols = (BytesVector) batch.column(first + 1);
        long[] counts = ((LongVector) batch.column(first + 2)).values();
        double[] averages = ((DoubleVector) batch.column(first + 3)).values();
        long[] quantities = ((LongVector) batch.column(first + 4)).values();
        double[] amounts = ((DoubleVector) batch.column(first + 5)).values();
        FinalTable table = workload.isUpserting() ? tally.finalTable() : null;
        int[] rows = batch.selection();
        int size = batch.size();
        long sum = 0;
        for (int i = 0; i < size; i++) {
            int row = rows == null ? i : rows[i];
            long group = (long) number(traders, row, TRADER_PREFIX) * Gen.SYMBOLS
                    + number(symbols, row, SYMBOL_PREFIX);
            if (windows != null) {
                group += (windows.get(row) - Gen.BASE_MILLIS) / MILLIS_PER_MINUTE * keys;
            }
            if (table == null) {
                sum += Check.aggregate(group, counts[row], averages[row], quantities[row], amounts[row]);
            } else {
                table.put((int) group, counts[row], averages[row], quantities[row], amounts[row]);
            }
        }
        return sum;
    }

    private static void measure(Batch batch, RowLatency latency, long now) {
        BytesVector traders = (BytesVector) batch.column(0);
        BytesVector symbols = (BytesVector) batch.column(1);
        long[] counts = ((LongVector) batch.column(2)).values();
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            int group = number(traders, row, TRADER_PREFIX) * Gen.SYMBOLS + number(symbols, row, SYMBOL_PREFIX);
            latency.onResult(group, counts[row], now);
        }
    }

    private static int number(BytesVector names, int row, int prefix) {
        return Check.number(names.data(), names.starts()[row] + prefix, names.lengths()[row] - prefix);
    }

    @Override
    public void flush() {}

    @Override
    public boolean isBlocking() {
        return false;
    }

    @Override
    public void close() {}
}
