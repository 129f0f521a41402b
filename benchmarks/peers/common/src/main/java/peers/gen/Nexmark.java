// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.gen;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Nexmark event stream, written from the published description of the benchmark: of every 50 events 1 is a
 * person, 3 are auctions, 46 are bids; half of the bids go to the hot auction, three quarters to the hot
 * bidder, three quarters of auctions come from the hot seller; ids start at 1000, active people 1000,
 * auctions in flight 100. Stateless: event i depends on (seed, i) only.
 *
 * <p>Event time advances 1 ms per 10 events (10,000 events per second of event time). Strings are drawn from
 * fixed pools; `extra` pads a bid to about 100 bytes, an auction to about 500 and a person to about 200.
 */
public final class Nexmark {
    public static final int PERSON = 0, AUCTION = 1, BID = 2;
    public static final int EPOCH = 50, PERSONS = 1, AUCTIONS = 3;
    public static final long FIRST_ID = 1000;
    public static final int EVENTS_PER_MS = 10;
    public static final long SIZE_WINDOW = 10_000, SLIDE = 2_000;

    public static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    public static final String[] CITIES = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
        "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"};
    public static final String[] NAMES = pool(1024, 8, 18, 11);
    public static final String[] EMAILS = pool(1024, 12, 20, 12);
    public static final String[] CARDS = pool(1024, 19, 19, 13);
    public static final String[] ITEMS = pool(1024, 5, 20, 14);
    public static final String[] DESCRIPTIONS = pool(1024, 40, 100, 15);
    public static final String[] CHANNELS = pool(1024, 8, 11, 16);
    public static final String[] URLS = pool(1024, 30, 50, 17);
    public static final String[] BID_EXTRA = pool(1024, 20, 40, 18);
    public static final String[] AUCTION_EXTRA = pool(1024, 280, 420, 19);
    public static final String[] PERSON_EXTRA = pool(1024, 60, 120, 20);

    /** A mutable event; fields that do not belong to {@link #type} are stale. */
    public int type;
    public long ts;
    public long id, seller, category, initialBid, reserve, expires;
    public long auction, bidder, price;
    public int text, city, state;

    private final long seed;

    public Nexmark(long seed) {
        this.seed = seed;
    }

    public static int typeOf(long i) {
        int r = (int) (i % EPOCH);
        return r < PERSONS ? PERSON : r < PERSONS + AUCTIONS ? AUCTION : BID;
    }

    /** Fills this object with event i. */
    public Nexmark at(long i) {
        long h = Gen.mix(seed + (i + 1) * Gen.GOLDEN);
        long g = Gen.mix(h + Gen.GOLDEN);
        type = typeOf(i);
        ts = Gen.BASE_TS + i / EVENTS_PER_MS;
        text = (int) (h >>> 40) & 1023;
        if (type == BID) {
            long last = lastAuction(i);
            auction = FIRST_ID + ((h & 1) == 1 ? last / 100 * 100
                    : Math.max(0, last - 100) + pick(h >>> 1, Math.min(last, 100) + 1 + 10));
            bidder = FIRST_ID + ((g & 3) != 0 ? lastPerson(i) / 100 * 100 + 1 : anyPerson(i, g >>> 2));
            price = price(g >>> 32);
        } else if (type == AUCTION) {
            id = FIRST_ID + lastAuction(i);
            seller = FIRST_ID + ((h & 3) != 0 ? lastPerson(i) / 100 * 100 : anyPerson(i, h >>> 2));
            category = 10 + pick(g, 5);
            initialBid = price(g >>> 32);
            reserve = initialBid + price(g >>> 20);
            expires = ts + 100 + pick(g >>> 8, 100L * EPOCH / AUCTIONS / EVENTS_PER_MS * 2);
        } else {
            id = FIRST_ID + lastPerson(i);
            city = (int) pick(g, CITIES.length);
            state = (int) pick(g >>> 8, STATES.length);
        }
        return this;
    }

    private static long lastPerson(long i) {
        return i / EPOCH;
    }

    private static long lastAuction(long i) {
        long epoch = i / EPOCH;
        int r = (int) (i % EPOCH) - PERSONS;
        return r < 0 ? Math.max(0, epoch * AUCTIONS - 1) : epoch * AUCTIONS + Math.min(r, AUCTIONS - 1);
    }

    private static long anyPerson(long i, long bits) {
        long people = lastPerson(i) + 1, active = Math.min(people, 1000);
        return people - active + pick(bits, active + 10);
    }

    /** Uniform in [0, n) from the low 32 bits. */
    private static long pick(long bits, long n) {
        return ((bits & 0xFFFFFFFFL) * n) >>> 32;
    }

    /** 10^(uniform 0..6) * 100, from a table of 4096 steps so that every JVM gets the same numbers. */
    private static long price(long bits) {
        return PRICES[(int) bits & 4095];
    }

    private static final long[] PRICES = new long[4096];
    static {
        for (int i = 0; i < PRICES.length; i++)
            PRICES[i] = Math.round(StrictMath.pow(10, i * 6.0 / PRICES.length) * 100);
    }

    private static String[] pool(int n, int min, int max, long salt) {
        String[] a = new String[n];
        for (int i = 0; i < n; i++) {
            long h = Gen.mix(salt * Gen.GOLDEN + i);
            int len = min + (int) pick(h, max - min + 1);
            StringBuilder b = new StringBuilder(len);
            while (b.length() < len) {
                h = Gen.mix(h + Gen.GOLDEN);
                b.append((char) ('a' + Math.floorMod(h, 26)));
            }
            a[i] = b.toString();
        }
        return a;
    }

    public static long q1(long auction, long bidder, double euro, long ts) {
        return Check.fold(Check.fold(Check.fold(Check.fold(1, auction), bidder), euro), ts);
    }

    public static long q2(long auction, long price) {
        return Check.fold(Check.fold(2, auction), price);
    }

    public static long q5(long auction, long num) {
        return Check.fold(Check.fold(5, auction), num);
    }

    public static long q7(long auction, long bidder, long price, long ts) {
        return Check.fold(Check.fold(Check.fold(Check.fold(7, auction), bidder), price), ts);
    }

    public static long q8(long id, String name, long windowStart) {
        return Check.fold(Check.fold(Check.fold(8, id), name.hashCode()), windowStart);
    }

    /** q1: price * 0.908 as DOUBLE; q2: auction % 123 = 0; q5, q7, q8: windows of 10 s, slide 2 s in q5. */
    static Reference reference(String q, long n) {
        Nexmark e = new Nexmark(Gen.SEED);
        long rows = 0, sum = 0;
        switch (q) {
            case "NGEN" :
                for (long i = 0; i < n; i++) {
                    e.at(i);
                    sum += e.type + e.ts + e.auction + e.bidder + e.price + e.id + URLS[e.text].length();
                }
                return Reference.make(n, sum);
            case "q1" :
                for (long i = 0; i < n; i++) {
                    if (typeOf(i) == BID) {
                        e.at(i);
                        rows++;
                        sum += q1(e.auction, e.bidder, e.price * 0.908, e.ts);
                    }
                }
                return Reference.make(rows, sum);
            case "q2" :
                for (long i = 0; i < n; i++) {
                    if (typeOf(i) == BID && e.at(i).auction % 123 == 0) {
                        rows++;
                        sum += q2(e.auction, e.price);
                    }
                }
                return Reference.make(rows, sum);
            case "q5" :
                return q5(e, n);
            case "q7" :
                return q7(e, n);
            case "q8" :
                return q8(e, n);
            default :
                throw new IllegalArgumentException(q);
        }
    }

    private static Reference q5(Nexmark e, long n) {
        int panes = (int) (SIZE_WINDOW / SLIDE);
        java.util.ArrayDeque<Map<Long, long[]>> recent = new java.util.ArrayDeque<>();
        long rows = 0, sum = 0, pane = 0;
        Map<Long, long[]> now = new HashMap<>();
        for (long i = 0; i <= n + (long) panes * SLIDE * EVENTS_PER_MS; i++) {
            long p = i / (SLIDE * EVENTS_PER_MS);
            if (p != pane) {
                recent.addLast(now);
                if (recent.size() > panes)
                    recent.removeFirst();
                now = new HashMap<>();
                pane = p;
                Map<Long, long[]> total = new HashMap<>();
                for (Map<Long, long[]> m : recent) {
                    m.forEach((k, v) -> total.computeIfAbsent(k, x -> new long[1])[0] += v[0]);
                }
                long max = 0;
                for (long[] v : total.values())
                    max = Math.max(max, v[0]);
                for (Map.Entry<Long, long[]> v : total.entrySet()) {
                    if (v.getValue()[0] == max) {
                        rows++;
                        sum += q5(v.getKey(), max);
                    }
                }
            }
            if (i < n && typeOf(i) == BID)
                now.computeIfAbsent(e.at(i).auction, x -> new long[1])[0]++;
        }
        return Reference.make(rows, sum);
    }

    private static Reference q7(Nexmark e, long n) {
        long rows = 0, sum = 0, perWindow = SIZE_WINDOW * EVENTS_PER_MS;
        for (long w = 0; w < n; w += perWindow) {
            long end = Math.min(n, w + perWindow), max = 0, r = 0, s = 0;
            for (long i = w; i < end; i++) {
                if (typeOf(i) != BID)
                    continue;
                e.at(i);
                if (e.price > max) {
                    max = e.price;
                    r = s = 0;
                }
                if (e.price == max) {
                    r++;
                    s += q7(e.auction, e.bidder, e.price, e.ts);
                }
            }
            rows += r;
            sum += s;
        }
        return Reference.make(rows, sum);
    }

    private static Reference q8(Nexmark e, long n) {
        long rows = 0, sum = 0, perWindow = SIZE_WINDOW * EVENTS_PER_MS;
        for (long w = 0; w < n; w += perWindow) {
            Map<Long, String> people = new HashMap<>();
            Set<Long> sellers = new HashSet<>();
            for (long i = w; i < Math.min(n, w + perWindow); i++) {
                int t = typeOf(i);
                if (t == PERSON)
                    people.put(e.at(i).id, NAMES[e.text]);
                else if (t == AUCTION)
                    sellers.add(e.at(i).seller);
            }
            for (Map.Entry<Long, String> p : people.entrySet()) {
                if (sellers.contains(p.getKey())) {
                    rows++;
                    sum += q8(p.getKey(), p.getValue(), Gen.BASE_TS + w / EVENTS_PER_MS);
                }
            }
        }
        return Reference.make(rows, sum);
    }
}
