// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.gen;

/**
 * The workload generator. Plain Java, no dependencies, no state: every field of record {@code i} is a
 * pure function of (seed, i), so a source may be cut into any number of parallel slices.
 *
 * <p>All numbers come from one 64-bit hash per record, {@code h = mix(seed + (i + 1) * GOLDEN)}, where
 * {@link #mix} is the SplitMix64 finalizer. Prices and amounts are multiples of 1/64, so sums of doubles
 * are exact in any order and two engines can be compared bit for bit.
 *
 * <p>Market data (S1, S2, S3a, S3b, L, R). Columns trader_id STRING, symbol STRING, price DOUBLE,
 * quantity BIGINT, ts TIMESTAMP(3):
 * <pre>
 *   key       = ((h &gt;&gt;&gt; 32) * (traders * symbols)) &gt;&gt;&gt; 32     uniform over the keys
 *   trader_id = "TRADER" + key / symbols
 *   symbol    = "SYM" + key % symbols
 *   price     = 100 + (h &amp; 0xFFF) / 64.0                    100 .. 163.984375
 *   quantity  = 100 + ((h &gt;&gt;&gt; 12) &amp; 0x3FF)                   100 .. 1123
 *   ts        = BASE_TS + i / recordsPerMs                   in order; recordsPerMs 10, for S1 it is 1
 * </pre>
 * 50 traders x 100 symbols = 5,000 keys; the big variant has 10,000 x 100 = 1,000,000 keys.
 *
 * <p>Orders (S0). Columns order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE,
 * order_time TIMESTAMP(3):
 * <pre>
 *   order_id = i, customer_id = ((h &gt;&gt;&gt; 32) * 100000) &gt;&gt;&gt; 32,
 *   status = STATUS[(h &gt;&gt;&gt; 14) &amp; 3],
 *   total_amount = (h &amp; 0x3FFF) / 64.0        0 .. 255.98; 60.9 % are above 100
 *   order_time   = BASE_TS + i / recordsPerMs
 * </pre>
 */
public final class Gen {
    /** Start of event time; a multiple of one minute. */
    public static final long BASE_TS = 1_700_000_040_000L;
    public static final long MINUTE = 60_000L;
    public static final long SEED = 42L;
    public static final long GOLDEN = 0x9E3779B97F4A7C15L;
    public static final String[] STATUS = {"NEW", "PAID", "SHIPPED", "DONE"};

    public final long seed;
    public final int traders;
    public final int symbols;
    public final int keys;
    public final int recordsPerMs;

    public Gen(long seed, int traders, int symbols, int recordsPerMs) {
        this.seed = seed;
        this.traders = traders;
        this.symbols = symbols;
        this.keys = traders * symbols;
        this.recordsPerMs = recordsPerMs;
    }

    /** The parameters each workload uses. */
    public static Gen of(String workload) {
        switch (workload) {
            case "S1" :
                return new Gen(SEED, 50, 100, 1);
            case "S2M" :
            case "R" :
                return new Gen(SEED, 10_000, 100, 10);
            default :
                return new Gen(SEED, 50, 100, 10);
        }
    }

    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long hash(long i) {
        return mix(seed + (i + 1) * GOLDEN);
    }

    public int key(long h) {
        return (int) (((h >>> 32) * keys) >>> 32);
    }

    public int trader(int key) {
        return key / symbols;
    }

    public int symbol(int key) {
        return key % symbols;
    }

    public static double price(long h) {
        return 100 + (h & 0xFFF) / 64.0;
    }

    public static long quantity(long h) {
        return 100 + ((h >>> 12) & 0x3FF);
    }

    public long ts(long i) {
        return BASE_TS + i / recordsPerMs;
    }

    public static long customer(long h) {
        return ((h >>> 32) * 100_000) >>> 32;
    }

    public static double amount(long h) {
        return (h & 0x3FFF) / 64.0;
    }

    public static int status(long h) {
        return (int) (h >>> 14) & 3;
    }

    public String[] traderNames() {
        return names("TRADER", traders);
    }

    public String[] symbolNames() {
        return names("SYM", symbols);
    }

    private static String[] names(String prefix, int n) {
        String[] a = new String[n];
        for (int i = 0; i < n; i++)
            a[i] = prefix + i;
        return a;
    }

    /**
     * The K1 message, about 200 bytes: an order whose trader, symbol, price and quantity are those of market
     * record i. The Kafka key is order_id (not the grouping key), the partition is i % partitions, the Kafka
     * timestamp is order_time.
     */
    public void json(StringBuilder b, long i) {
        long h = hash(i);
        int k = key(h);
        b.append("{\"order_id\":").append(i)
                .append(",\"customer_id\":").append(customer(h))
                .append(",\"trader_id\":\"TRADER").append(trader(k))
                .append("\",\"symbol\":\"SYM").append(symbol(k))
                .append("\",\"side\":\"").append((h & 1) == 0 ? "BUY" : "SELL")
                .append("\",\"price\":").append(price(h))
                .append(",\"quantity\":").append(quantity(h))
                .append(",\"venue\":\"XNAS\",\"status\":\"").append(STATUS[status(h)])
                .append("\",\"order_time\":").append(ts(i))
                .append(",\"note\":\"settle T+1, desk ").append(k & 63).append("\"}");
    }
}
