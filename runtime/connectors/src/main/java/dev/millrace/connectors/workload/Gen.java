// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

/**
 * The rows of the workloads. Every field of row {@code i} is a pure function of the seed and {@code i}, so a source can
 * be cut into any number of splits and replayed from any row.
 *
 * <p>All values come from one 64-bit hash per row, {@code h = mix(seed + (i + 1) * GOLDEN)}. Prices and amounts are
 * multiples of 1/64, so sums of doubles are exact in any order and engines can be compared bit for bit.
 *
 * <pre>
 * market: trader_id STRING, symbol STRING, price DOUBLE, quantity BIGINT, ts TIMESTAMP(3)
 *   key       = ((h &gt;&gt;&gt; 32) * (traders * SYMBOLS)) &gt;&gt;&gt; 32    uniform over the keys
 *               0 where ((h &gt;&gt;&gt; 22) &amp; 0x3FF) &lt; hot              key 0 is the hot one
 *   trader_id = "TRADER" + key / SYMBOLS
 *   symbol    = "SYM" + key % SYMBOLS
 *   price     = 100 + (h &amp; 0xFFF) / 64.0                   100 .. 163.984375
 *   quantity  = 100 + ((h &gt;&gt;&gt; 12) &amp; 0x3FF)                  100 .. 1123
 *   ts        = BASE_MILLIS + i / rowsPerMilli             in order
 *
 * orders: order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE, order_time TIMESTAMP(3)
 *   order_id     = i
 *   customer_id  = ((h &gt;&gt;&gt; 32) * 100000) &gt;&gt;&gt; 32
 *   status       = STATUS[(h &gt;&gt;&gt; 14) &amp; 3]
 *   total_amount = (h &amp; 0x3FFF) / 64.0                      0 .. 255.98; 60.9 % are above 100
 *   order_time   = BASE_MILLIS + i / rowsPerMilli
 * </pre>
 *
 * @param seed chooses the rows
 * @param traders number of traders; each has every symbol
 * @param rowsPerMilli rows in one millisecond of event time
 * @param hot of {@link #HOT_OF} rows so many have key 0, besides those that have it anyway
 */
public record Gen(long seed, int traders, int rowsPerMilli, int hot) {
    /** Start of event time; a multiple of one minute. */
    public static final long BASE_MILLIS = 1_700_000_040_000L;

    public static final long SEED = 42L;
    public static final int SYMBOLS = 100;
    public static final int CUSTOMERS = 100_000;
    public static final int DEFAULT_KEYS = 5_000;
    public static final int DEFAULT_ROWS_PER_MILLI = 10;
    public static final int HOT_OF = 1_024;

    static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final String[] STATUS = {"NEW", "PAID", "SHIPPED", "DONE"};

    /** The generator with the usual seed, and no hot key. */
    public static Gen of(int keys, int rowsPerMilli) {
        return of(keys, rowsPerMilli, 0);
    }

    /**
     * The generator with the usual seed.
     *
     * @param skew share of the rows that have key 0, from 0 to 1
     */
    public static Gen of(int keys, int rowsPerMilli, double skew) {
        if (keys < SYMBOLS || keys % SYMBOLS != 0) {
            throw new IllegalArgumentException(keys + " keys");
        }
        return new Gen(SEED, keys / SYMBOLS, rowsPerMilli, (int) Math.round(skew * HOT_OF));
    }

    /** The generator that a benchmark workload uses: S0, S1, S2, S2M, S2c, S3a, S3b, R, K1. */
    public static Gen of(String workload) {
        return switch (workload) {
            case "S1" -> of(DEFAULT_KEYS, 1);
            case "S2M", "R" -> of(1_000_000, DEFAULT_ROWS_PER_MILLI);
            default -> of(DEFAULT_KEYS, DEFAULT_ROWS_PER_MILLI);
        };
    }

    /** The SplitMix64 finalizer. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The hash of row {@code i}. */
    public long hash(long i) {
        return mix(seed + (i + 1) * GOLDEN);
    }

    /** Number of pairs of trader and symbol. */
    public int keys() {
        return traders * SYMBOLS;
    }

    public int key(long hash) {
        return key(hash, keys(), hot);
    }

    static int key(long hash, int keys, int hot) {
        return isHot(hash, hot) ? 0 : uniformKey(hash, keys);
    }

    /** Whether a row is one of so many in {@link #HOT_OF} that have key 0. */
    static boolean isHot(long hash, int hot) {
        return (hash >>> 22 & HOT_OF - 1) < hot;
    }

    /** The key where none is hot. */
    static int uniformKey(long hash, int keys) {
        return (int) (((hash >>> 32) * keys) >>> 32);
    }

    public static double price(long hash) {
        return 100 + (hash & 0xFFF) / 64.0;
    }

    public static long quantity(long hash) {
        return 100 + ((hash >>> 12) & 0x3FF);
    }

    /** Event time of row {@code i} in milliseconds. */
    public long millis(long i) {
        return BASE_MILLIS + i / rowsPerMilli;
    }

    public static long customer(long hash) {
        return ((hash >>> 32) * CUSTOMERS) >>> 32;
    }

    public static double amount(long hash) {
        return (hash & 0x3FFF) / 64.0;
    }

    /** Index of the status in {@link #statusNames}. */
    public static int status(long hash) {
        return (int) (hash >>> 14) & 3;
    }

    /** Names by trader number. */
    public String[] traderNames() {
        return names("TRADER", traders);
    }

    /** Names by symbol number. */
    public static String[] symbolNames() {
        return names("SYM", SYMBOLS);
    }

    /** Names by status number. */
    public static String[] statusNames() {
        return STATUS.clone();
    }

    private static String[] names(String prefix, int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = prefix + i;
        }
        return names;
    }
}
