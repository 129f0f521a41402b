// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.hz;

import com.hazelcast.function.SupplierEx;
import com.hazelcast.jet.aggregate.AggregateOperation;
import com.hazelcast.jet.aggregate.AggregateOperation1;
import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.core.AbstractProcessor;
import com.hazelcast.jet.core.Processor;
import com.hazelcast.jet.core.ProcessorMetaSupplier;
import com.hazelcast.jet.pipeline.BatchSource;
import com.hazelcast.jet.pipeline.Sources;
import java.io.Serializable;
import java.util.function.LongFunction;
import peers.gen.Gen;
import peers.gen.Meter;
import peers.gen.Nexmark;

/** The item types of the Jet pipelines and the in-process source that makes them. */
final class Items {
    private Items() {}

    record Trade(String trader, String symbol, double price, long quantity, long ts) implements Serializable {}

    record Order(long id, long customer, String status, double amount, long ts) implements Serializable {}

    record Bid(long auction, long bidder, long price, String channel, String url, long ts,
            String extra) implements Serializable {}

    record Auction(long id, String item, String description, long initialBid, long reserve, long ts, long expires,
            long seller, long category, String extra) implements Serializable {}

    record Person(long id, String name, String email, String card, String city, String state, long ts,
            String extra) implements Serializable {}

    record Totals(long count, double average, long quantity, double value) implements Serializable {}

    static long ts(Object event) {
        return event instanceof Bid b ? b.ts : event instanceof Auction a ? a.ts : ((Person) event).ts;
    }

    private static final class Acc implements Serializable {
        long count;
        long quantity;
        double price;
        double value;
    }

    /** All aggregates in one accumulator, as a skilled user would write it. */
    static AggregateOperation1<Trade, ?, Totals> fused() {
        return AggregateOperation.withCreate(Acc::new)
                .andAccumulate((Acc a, Trade t) -> {
                    a.count++;
                    a.price += t.price;
                    a.quantity += t.quantity;
                    a.value += t.price * t.quantity;
                })
                .andCombine((a, b) -> {
                    a.count += b.count;
                    a.price += b.price;
                    a.quantity += b.quantity;
                    a.value += b.value;
                })
                .andExportFinish(a -> new Totals(a.count, a.price / a.count, a.quantity, a.value));
    }

    /** The same from the library's ready-made aggregates. */
    static AggregateOperation1<Trade, ?, Totals> composed() {
        return AggregateOperations.allOf(
                AggregateOperations.allOf(AggregateOperations.<Trade>counting(),
                        AggregateOperations.averagingDouble(Trade::price)),
                AggregateOperations.allOf(AggregateOperations.summingLong(Trade::quantity),
                        AggregateOperations.summingDouble((Trade t) -> t.price * t.quantity)))
                .andThen(r -> new Totals(r.f0().f0(), r.f0().f1(), r.f1().f0(), r.f1().f1()));
    }

    static LongFunction<Object> maker(String workload) {
        if (workload.startsWith("q"))
            return events();
        Gen g = Gen.of(workload);
        if (workload.equals("S0")) {
            return i -> {
                long h = g.hash(i);
                return new Order(i, Gen.customer(h), Gen.STATUS[Gen.status(h)], Gen.amount(h), g.ts(i));
            };
        }
        String[] traders = g.traderNames(), symbols = g.symbolNames();
        return i -> {
            long h = g.hash(i);
            int k = g.key(h);
            return new Trade(traders[g.trader(k)], symbols[g.symbol(k)], Gen.price(h), Gen.quantity(h), g.ts(i));
        };
    }

    private static LongFunction<Object> events() {
        Nexmark e = new Nexmark(Gen.SEED);
        return i -> {
            e.at(i);
            int t = e.text;
            if (e.type == Nexmark.BID) {
                return new Bid(e.auction, e.bidder, e.price, Nexmark.CHANNELS[t], Nexmark.URLS[t], e.ts,
                        Nexmark.BID_EXTRA[t]);
            }
            if (e.type == Nexmark.AUCTION) {
                return new Auction(e.id, Nexmark.ITEMS[t], Nexmark.DESCRIPTIONS[t], e.initialBid, e.reserve, e.ts,
                        e.expires,
                        e.seller, e.category, Nexmark.AUCTION_EXTRA[t]);
            }
            return new Person(e.id, Nexmark.NAMES[t], Nexmark.EMAILS[t], Nexmark.CARDS[t], Nexmark.CITIES[e.city],
                    Nexmark.STATES[e.state], e.ts, Nexmark.PERSON_EXTRA[t]);
        };
    }

    @SuppressWarnings("unchecked")
    static <T> BatchSource<T> source(String workload, long records, int parallelism) {
        SupplierEx<Processor> make = () -> new Source(workload, records);
        return (BatchSource<T>) Sources.batchFromProcessor("gen", ProcessorMetaSupplier.of(parallelism, make));
    }

    private static final class Source extends AbstractProcessor {
        private final String workload;
        private final long records;
        private LongFunction<Object> maker;
        private long next;
        private int step;
        private Object pending;
        private boolean half;

        Source(String workload, long records) {
            this.workload = workload;
            this.records = records;
        }

        @Override
        protected void init(Context context) {
            maker = maker(workload);
            next = context.globalProcessorIndex();
            step = context.totalParallelism();
            pending = maker.apply(next);
            Meter.current.begin();
        }

        @Override
        public boolean complete() {
            while (next < records) {
                if (!tryEmit(pending))
                    return false;
                next += step;
                pending = maker.apply(next);
                if (!half && next >= records / 2) {
                    half = true;
                    Meter.current.halfway();
                }
            }
            return true;
        }
    }
}
