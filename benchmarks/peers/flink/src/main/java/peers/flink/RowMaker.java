// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import peers.gen.Gen;
import peers.gen.Nexmark;

/** Turns record i into a fresh Flink row, as a connector would; strings come from pools of Flink strings. */
interface RowMaker {
    RowData row(long i);

    static RowMaker of(String workload) {
        if (workload.equals("S0"))
            return orders();
        if (workload.startsWith("q"))
            return nexmark();
        return market(Gen.of(workload));
    }

    static RowMaker orders() {
        Gen g = Gen.of("S0");
        StringData[] status = pool(Gen.STATUS);
        return i -> {
            long h = g.hash(i);
            return GenericRowData.of(i, Gen.customer(h), status[Gen.status(h)], Gen.amount(h),
                    TimestampData.fromEpochMillis(g.ts(i)));
        };
    }

    static RowMaker market(Gen g) {
        StringData[] traders = pool(g.traderNames());
        StringData[] symbols = pool(g.symbolNames());
        return i -> {
            long h = g.hash(i);
            int k = g.key(h);
            return GenericRowData.of(traders[g.trader(k)], symbols[g.symbol(k)], Gen.price(h), Gen.quantity(h),
                    TimestampData.fromEpochMillis(g.ts(i)));
        };
    }

    static RowMaker nexmark() {
        Nexmark e = new Nexmark(Gen.SEED);
        StringData[] names = pool(Nexmark.NAMES), emails = pool(Nexmark.EMAILS), cards = pool(Nexmark.CARDS),
                items = pool(Nexmark.ITEMS), descriptions = pool(Nexmark.DESCRIPTIONS),
                channels = pool(Nexmark.CHANNELS),
                urls = pool(Nexmark.URLS), bidExtra = pool(Nexmark.BID_EXTRA),
                auctionExtra = pool(Nexmark.AUCTION_EXTRA),
                personExtra = pool(Nexmark.PERSON_EXTRA), cities = pool(Nexmark.CITIES), states = pool(Nexmark.STATES);
        return i -> {
            e.at(i);
            TimestampData ts = TimestampData.fromEpochMillis(e.ts);
            int t = e.text;
            GenericRowData person = null, auction = null, bid = null;
            if (e.type == Nexmark.BID) {
                bid = GenericRowData.of(e.auction, e.bidder, e.price, channels[t], urls[t], ts, bidExtra[t]);
            } else if (e.type == Nexmark.AUCTION) {
                auction = GenericRowData.of(e.id, items[t], descriptions[t], e.initialBid, e.reserve, ts,
                        TimestampData.fromEpochMillis(e.expires), e.seller, e.category, auctionExtra[t]);
            } else {
                person = GenericRowData.of(e.id, names[t], emails[t], cards[t], cities[e.city], states[e.state], ts,
                        personExtra[t]);
            }
            return GenericRowData.of(e.type, person, auction, bid, ts);
        };
    }

    static StringData[] pool(String[] strings) {
        StringData[] a = new StringData[strings.length];
        for (int i = 0; i < a.length; i++) {
            BinaryStringData s = BinaryStringData.fromString(strings[i]);
            s.ensureMaterialized();
            a[i] = s;
        }
        return a;
    }
}
