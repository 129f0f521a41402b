// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

/**
 * What a benchmark workload must result in, computed in the most straightforward way by one thread.
 *
 * @param rows number of result rows
 * @param checksum sum of the {@link Check} hashes of the result rows
 */
public record Reference(long rows, long checksum) {
    private static final long MINUTE_MILLIS = 60_000L;
    private static final int AVERAGED_ROWS = 100;

    /** The result of a workload with its own number of keys. */
    public static Reference of(String workload, long inputRows) {
        return of(workload, inputRows, Gen.of(workload));
    }

    /**
     * The result of a workload over given rows.
     *
     * @throws IllegalArgumentException if the workload is not known
     */
    public static Reference of(String workload, long inputRows, Gen gen) {
        return switch (workload) {
            case "S0" -> select(gen, inputRows);
            case "S1" -> over(gen, inputRows);
            case "S2", "S2M", "S2c", "R" -> groups(gen, inputRows, Long.MAX_VALUE, gen.keys(), false);
            case "S2x" -> groups(gen, inputRows, Long.MAX_VALUE, gen.keys(), true);
            case "S3a", "S3b" -> groups(gen, inputRows, MINUTE_MILLIS, gen.keys(), false);
            case "K1" -> groups(gen, inputRows, MINUTE_MILLIS, 0, false);
            default -> throw new IllegalArgumentException(workload);
        };
    }

    private static Reference select(Gen gen, long inputRows) {
        long rows = 0;
        long checksum = 0;
        for (long i = 0; i < inputRows; i++) {
            long hash = gen.hash(i);
            double amount = Gen.amount(hash);
            if (amount > 100) {
                rows++;
                checksum += Check.select(i, Gen.customer(hash), amount);
            }
        }
        return new Reference(rows, checksum);
    }

    private static Reference over(Gen gen, long inputRows) {
        double[][] ring = new double[Gen.SYMBOLS][AVERAGED_ROWS];
        long[] count = new long[Gen.SYMBOLS];
        double[] total = new double[Gen.SYMBOLS];
        long checksum = 0;
        for (long i = 0; i < inputRows; i++) {
            long hash = gen.hash(i);
            int symbol = gen.key(hash) % Gen.SYMBOLS;
            double price = Gen.price(hash);
            int slot = (int) (count[symbol] % AVERAGED_ROWS);
            if (count[symbol] >= AVERAGED_ROWS) {
                // Exact, since prices are multiples of 1/64.
                total[symbol] -= ring[symbol][slot];
            }
            ring[symbol][slot] = price;
            total[symbol] += price;
            count[symbol]++;
            double average = total[symbol] / Math.min(count[symbol], AVERAGED_ROWS);
            checksum += Check.over(gen.millis(i), symbol, price, average);
        }
        return new Reference(inputRows, checksum);
    }

    /**
     * A group is numbered window * stride + key. Relies on rows that come in the order of event time.
     *
     * @param exact whether the average is that of the quantities, and the last value the greatest quantity
     */
    private static Reference groups(Gen gen, long inputRows, long windowMillis, long stride, boolean exact) {
        int keys = gen.keys();
        long[] count = new long[keys];
        long[] quantities = new long[keys];
        double[] prices = new double[keys];
        double[] values = new double[keys];
        long rows = 0;
        long checksum = 0;
        long current = 0;
        for (long i = 0; i <= inputRows; i++) {
            long window = i == inputRows ? -1 : (gen.millis(i) - Gen.BASE_MILLIS) / windowMillis;
            if (window != current) {
                for (int key = 0; key < keys; key++) {
                    if (count[key] > 0) {
                        rows++;
                        checksum += Check.aggregate(
                                current * stride + key,
                                count[key],
                                prices[key] / count[key],
                                quantities[key],
                                values[key]);
                    }
                    count[key] = 0;
                    quantities[key] = 0;
                    prices[key] = 0;
                    values[key] = 0;
                }
                current = window;
            }
            if (i < inputRows) {
                long hash = gen.hash(i);
                int key = gen.key(hash);
                double price = Gen.price(hash);
                long quantity = Gen.quantity(hash);
                count[key]++;
                prices[key] += exact ? quantity : price;
                quantities[key] += quantity;
                values[key] = exact ? Math.max(values[key], quantity) : values[key] + price * quantity;
            }
        }
        return new Reference(rows, checksum);
    }
}
