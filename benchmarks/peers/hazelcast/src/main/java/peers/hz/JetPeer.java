// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.hz;

import static com.hazelcast.jet.datamodel.Tuple2.tuple2;
import static com.hazelcast.jet.datamodel.Tuple3.tuple3;
import static com.hazelcast.jet.pipeline.WindowDefinition.sliding;
import static com.hazelcast.jet.pipeline.WindowDefinition.tumbling;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.aggregate.AggregateOperation;
import com.hazelcast.jet.aggregate.AggregateOperation1;
import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.datamodel.Tuple2;
import com.hazelcast.jet.datamodel.Tuple3;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sink;
import com.hazelcast.jet.pipeline.SinkBuilder;
import com.hazelcast.jet.pipeline.StreamStage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import peers.gen.Check;
import peers.gen.Gen;
import peers.gen.Meter;
import peers.gen.Nexmark;
import peers.gen.Reference;
import peers.hz.Items.Auction;
import peers.hz.Items.Bid;
import peers.hz.Items.Order;
import peers.hz.Items.Person;
import peers.hz.Items.Totals;
import peers.hz.Items.Trade;

/**
 * Runs one workload on an embedded Hazelcast member. Arguments: workload mode parallelism records runs.
 * Mode default uses the library's ready-made aggregates, tuned one hand-written accumulator.
 */
public final class JetPeer {
    public static void main(String[] args) throws Exception {
        String workload = args[0], mode = args[1];
        int parallelism = Integer.parseInt(args[2]), runs = Integer.parseInt(args[4]);
        long records = Long.parseLong(args[3]);
        System.setProperty("hazelcast.logging.type", "none");
        System.setProperty("hazelcast.phone.home.enabled", "false");
        Config config = new Config();
        config.getJetConfig().setEnabled(true).setCooperativeThreadCount(parallelism);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        HazelcastInstance hz = Hazelcast.newHazelcastInstance(config);
        for (int r = 0; r <= runs; r++) {
            long n = r == 0 ? records / 4 : records;
            System.gc();
            Meter m = new Meter(n);
            hz.getJet().newJob(pipeline(workload, mode, parallelism, n)).join();
            m.print("hazelcast", workload, mode, parallelism, r, m.rows.get(), m.sum.get(), Reference.of(workload, n));
        }
        System.exit(0);
    }

    private static Pipeline pipeline(String w, String mode, int parallelism, long n) {
        Pipeline p = Pipeline.create();
        if (w.equals("S1"))
            p.setPreserveOrder(true);
        AggregateOperation1<Trade, ?, Totals> totals = mode.equals("tuned") ? Items.fused() : Items.composed();
        Gen g = Gen.of(w);
        int symbols = g.symbols, keys = g.keys;
        switch (w) {
            case "S0" :
                p.readFrom(Items.<Order>source(w, n, parallelism)).filter(o -> o.amount() > 100)
                        .map(o -> tuple3(o.id(), o.customer(), o.amount()))
                        .writeTo(sink(parallelism, 0,
                                (Tuple3<Long, Long, Double> t, Rows r) -> r.add(Check.select(t.f0(), t.f1(), t.f2()))));
                break;
            case "S1" :
                // one source: Jet keeps arrival order on an edge but does not sort by event time
                p.readFrom(Items.<Trade>source(w, n, 1)).groupingKey(Trade::symbol)
                        .mapStateful(Ring::new, (ring, symbol, t) -> tuple2(t, ring.add(t.price())))
                        .writeTo(sink(parallelism, 0, (Tuple2<Trade, Double> t, Rows r) -> r.add(
                                Check.over(t.f0().ts(), Check.digits(t.f0().symbol(), 3), t.f0().price(), t.f1()))));
                break;
            case "S2" :
            case "S2M" :
                // one sink, for Jet deals the rows of a key to several sinks in turn and the last row could not be told
                p.readFrom(Items.<Trade>source(w, n, parallelism)).groupingKey(t -> tuple2(t.trader(), t.symbol()))
                        .rollingAggregate(totals)
                        .writeTo(sink(1, keys, (Map.Entry<Tuple2<String, String>, Totals> e, Rows r) -> r
                                .put(key(e.getKey().f0(), e.getKey().f1(), symbols), e.getValue())));
                break;
            case "S3a" :
                p.readFrom(Items.<Trade>source(w, n, parallelism)).addTimestamps(Trade::ts, 1)
                        .groupingKey(t -> tuple2(t.trader(), t.symbol())).window(tumbling(Gen.MINUTE)).aggregate(totals)
                        .writeTo(sink(parallelism, 0,
                                (com.hazelcast.jet.datamodel.KeyedWindowResult<Tuple2<String, String>, Totals> e,
                                        Rows r) -> {
                                    Totals t = e.result();
                                    long window = (e.start() - Gen.BASE_TS) / Gen.MINUTE;
                                    r.add(Check.agg(window * keys + key(e.key().f0(), e.key().f1(), symbols), t.count(),
                                            t.average(), t.quantity(), t.value()));
                                }));
                break;
            case "S3b" :
                p.readFrom(Items.<Trade>source(w, n, parallelism)).addTimestamps(Trade::ts, 1)
                        .groupingKey(t -> tuple3((t.ts() - Gen.BASE_TS) / Gen.MINUTE, t.trader(), t.symbol()))
                        .rollingAggregate(2 * Gen.MINUTE, totals)
                        .writeTo(sink(1, (int) (((n / g.recordsPerMs) / Gen.MINUTE + 1) * keys),
                                (Map.Entry<Tuple3<Long, String, String>, Totals> e, Rows r) -> r.put(
                                        (int) (e.getKey().f0() * keys) + key(e.getKey().f1(), e.getKey().f2(), symbols),
                                        e.getValue())));
                break;
            default :
                nexmark(p, w, n, parallelism);
        }
        return p;
    }

    private static void nexmark(Pipeline p, String q, long n, int parallelism) {
        var events = p.readFrom(Items.<Object>source(q, n, parallelism));
        StreamStage<Object> timed = q.compareTo("q5") < 0 ? null : events.addTimestamps(Items::ts, 1);
        switch (q) {
            case "q1" :
                events.filter(e -> e instanceof Bid).map(e -> (Bid) e)
                        .map(b -> com.hazelcast.jet.datamodel.Tuple5.tuple5(b.auction(), b.bidder(), b.price() * 0.908,
                                b.ts(), b.extra()))
                        .writeTo(sink(parallelism, 0,
                                (com.hazelcast.jet.datamodel.Tuple5<Long, Long, Double, Long, String> t, Rows r) -> r
                                        .add(Nexmark.q1(t.f0(), t.f1(), t.f2(), t.f3()))));
                break;
            case "q2" :
                events.filter(e -> e instanceof Bid b && b.auction() % 123 == 0)
                        .map(e -> tuple2(((Bid) e).auction(), ((Bid) e).price()))
                        .writeTo(sink(parallelism, 0,
                                (Tuple2<Long, Long> t, Rows r) -> r.add(Nexmark.q2(t.f0(), t.f1()))));
                break;
            case "q5" :
                timed.filter(e -> e instanceof Bid).map(e -> (Bid) e).groupingKey(Bid::auction)
                        .window(sliding(Nexmark.SIZE_WINDOW, Nexmark.SLIDE)).aggregate(AggregateOperations.counting())
                        .window(tumbling(Nexmark.SLIDE)).aggregate(top((a, b) -> Long.compare(a.result(), b.result())))
                        .flatMap(w -> com.hazelcast.jet.Traversers.traverseIterable(w.result()))
                        .writeTo(sink(parallelism, 0, (com.hazelcast.jet.datamodel.KeyedWindowResult<Long, Long> e,
                                Rows r) -> r.add(Nexmark.q5(e.key(), e.result()))));
                break;
            case "q7" :
                timed.filter(e -> e instanceof Bid).map(e -> (Bid) e).window(tumbling(Nexmark.SIZE_WINDOW))
                        .aggregate(top((a, b) -> Long.compare(a.price(), b.price())))
                        .flatMap(w -> com.hazelcast.jet.Traversers.traverseIterable(w.result()))
                        .writeTo(sink(parallelism, 0,
                                (Bid b, Rows r) -> r.add(Nexmark.q7(b.auction(), b.bidder(), b.price(), b.ts()))));
                break;
            case "q8" :
                var sellers =
                        timed.filter(e -> e instanceof Auction).map(e -> (Auction) e).groupingKey(Auction::seller);
                timed.filter(e -> e instanceof Person).map(e -> (Person) e).groupingKey(Person::id)
                        .window(tumbling(Nexmark.SIZE_WINDOW))
                        .aggregate2(AggregateOperations.pickAny(), sellers, AggregateOperations.counting())
                        .filter(w -> w.result().f0() != null && w.result().f1() > 0)
                        .writeTo(sink(parallelism, 0,
                                (com.hazelcast.jet.datamodel.KeyedWindowResult<Long, Tuple2<Person, Long>> w,
                                        Rows r) -> r.add(Nexmark.q8(w.key(), w.result().f0().name(), w.start()))));
                break;
            default :
                throw new IllegalArgumentException(q);
        }
    }

    private interface Ranking<T> extends java.util.Comparator<T>, Serializable {}

    /** Every item that ties for the greatest. */
    private static <T> AggregateOperation1<T, List<T>, List<T>> top(Ranking<T> order) {
        return AggregateOperation.withCreate(() -> (List<T>) new ArrayList<T>())
                .andAccumulate((List<T> best, T t) -> offer(best, t, order))
                .andCombine((a, b) -> b.forEach(t -> offer(a, t, order)))
                .andExportFinish(a -> (List<T>) new ArrayList<>(a));
    }

    private static <T> void offer(List<T> best, T t, Ranking<T> order) {
        int c = best.isEmpty() ? 1 : order.compare(t, best.get(0));
        if (c > 0)
            best.clear();
        if (c >= 0)
            best.add(t);
    }

    private static int key(String trader, String symbol, int symbols) {
        return Check.digits(trader, 6) * symbols + Check.digits(symbol, 3);
    }

    /** The last 100 prices of one symbol and their sum. */
    private static final class Ring implements Serializable {
        private final double[] prices = new double[100];
        private long count;
        private double total;

        double add(double price) {
            int slot = (int) (count % 100);
            if (count >= 100)
                total -= prices[slot];
            prices[slot] = price;
            total += price;
            count++;
            return total / Math.min(count, 100);
        }
    }

    /** What one sink processor has seen; the table keeps the hash of the last row of each key. */
    static final class Rows {
        private final long[] table;
        private long rows;
        private long sum;

        Rows(int keys) {
            table = new long[keys];
        }

        void add(long hash) {
            rows++;
            sum += hash;
        }

        void put(int group, Totals t) {
            rows++;
            table[group] = Check.agg(group, t.count(), t.average(), t.quantity(), t.value());
        }

        void finish() {
            for (long h : table)
                sum += h;
            Meter.current.rows.addAndGet(rows);
            Meter.current.sum.addAndGet(sum);
            Meter.current.end();
        }
    }

    private interface Receive<T> extends Serializable {
        void accept(T item, Rows rows);
    }

    private static <T> Sink<T> sink(int parallelism, int keys, Receive<T> receive) {
        return SinkBuilder.sinkBuilder("check", c -> new Rows(keys))
                .<T>receiveFn((rows, item) -> receive.accept(item, rows))
                .destroyFn(Rows::finish).preferredLocalParallelism(parallelism).build();
    }
}
