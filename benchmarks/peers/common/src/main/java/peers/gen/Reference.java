// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.gen;

/** Straightforward single-threaded computation of each workload; gives the expected rows and checksum. */
public final class Reference {
    public final long rows;
    public final long sum;

    private Reference(long rows, long sum) {
        this.rows = rows;
        this.sum = sum;
    }

    static Reference make(long rows, long sum) {
        return new Reference(rows, sum);
    }

    public static Reference of(String workload, long n) {
        Gen g = Gen.of(workload);
        switch (workload) {
            case "GEN" :
                return generate(g, n);
            case "S0" :
                return select(g, n);
            case "S1" :
                return over(g, n);
            case "S2" :
            case "S2M" :
            case "R" :
                return groups(g, n, Long.MAX_VALUE, g.keys);
            case "S3a" :
            case "S3b" :
                return groups(g, n, Gen.MINUTE, g.keys);
            case "K1" :
                return groups(g, n, Gen.MINUTE, 0);
            default :
                return Nexmark.reference(workload, n);
        }
    }

    /** Only the generator: touches every field, keeps nothing. */
    static Reference generate(Gen g, long n) {
        String[] traders = g.traderNames(), symbols = g.symbolNames();
        long sum = 0;
        for (long i = 0; i < n; i++) {
            long h = g.hash(i);
            int k = g.key(h);
            sum += traders[g.trader(k)].length() + symbols[g.symbol(k)].length()
                    + Double.doubleToRawLongBits(Gen.price(h)) + Gen.quantity(h) + g.ts(i);
        }
        return new Reference(n, sum);
    }

    static Reference select(Gen g, long n) {
        long rows = 0, sum = 0;
        for (long i = 0; i < n; i++) {
            long h = g.hash(i);
            double amount = Gen.amount(h);
            if (amount > 100) {
                rows++;
                sum += Check.select(i, Gen.customer(h), amount);
            }
        }
        return new Reference(rows, sum);
    }

    static Reference over(Gen g, long n) {
        double[][] ring = new double[g.symbols][100];
        long[] count = new long[g.symbols];
        double[] total = new double[g.symbols];
        long sum = 0;
        for (long i = 0; i < n; i++) {
            long h = g.hash(i);
            int s = g.symbol(g.key(h));
            double p = Gen.price(h);
            int slot = (int) (count[s] % 100);
            if (count[s] >= 100)
                total[s] -= ring[s][slot];
            ring[s][slot] = p;
            total[s] += p;
            count[s]++;
            sum += Check.over(g.ts(i), s, p, total[s] / Math.min(count[s], 100));
        }
        return new Reference(n, sum);
    }

    /**
     * Rows are the final groups; a group is numbered window * stride + key. Needs records in event-time order,
     * which the generator gives.
     */
    static Reference groups(Gen g, long n, long window, long stride) {
        long[] count = new long[g.keys], qty = new long[g.keys];
        double[] price = new double[g.keys], value = new double[g.keys];
        long rows = 0, sum = 0, current = 0;
        for (long i = 0; i <= n; i++) {
            long w = i == n ? -1 : (g.ts(i) - Gen.BASE_TS) / window;
            if (w != current) {
                for (int k = 0; k < g.keys; k++) {
                    if (count[k] > 0) {
                        rows++;
                        sum += Check.agg(current * stride + k, count[k], price[k] / count[k], qty[k], value[k]);
                    }
                    count[k] = qty[k] = 0;
                    price[k] = value[k] = 0;
                }
                current = w;
            }
            if (i == n)
                break;
            long h = g.hash(i);
            int k = g.key(h);
            double p = Gen.price(h);
            long q = Gen.quantity(h);
            count[k]++;
            price[k] += p;
            qty[k] += q;
            value[k] += p * q;
        }
        return new Reference(rows, sum);
    }

    /** Prints the generator-only and hand-written single-threaded rates. Args: records. */
    public static void main(String[] args) {
        long n = args.length > 0 ? Long.parseLong(args[0]) : 50_000_000L;
        for (String w : new String[] {"GEN", "S0", "S1", "S2", "S2M", "S3a", "NGEN", "q1", "q2", "q5", "q7", "q8"}) {
            of(w, n / 10);
            for (int run = 1; run <= 3; run++) {
                Meter m = Meter.start(n);
                Reference r = of(w, n);
                m.end();
                m.print(w.endsWith("GEN") ? "generator" : "reference", w, "java", 1, run, r.rows, r.sum, null);
            }
        }
    }
}
