// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.util.List;

/** The SQL of each workload: source table, sink table and query. */
final class Queries {
    private Queries() {}

    private static final String AGG = "COUNT(*), AVG(price), SUM(quantity), SUM(price * quantity)";
    private static final String AGG_COLUMNS = "cnt BIGINT, avg_price DOUBLE, total_qty BIGINT, total_value DOUBLE";
    private static final String KEY_COLUMNS = "trader_id STRING NOT NULL, symbol STRING NOT NULL, ";

    /** Statements to run in order; the last one is the INSERT. */
    static List<String> of(String w, String mode, long records, long rate) {
        String sink = with(w, records, rate);
        String source = sink;
        switch (w) {
            case "S0" :
                return List.of(
                        "CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE, "
                                + "order_time TIMESTAMP(3))" + source,
                        "CREATE TABLE results (order_id BIGINT, customer_id BIGINT, total_amount DOUBLE)" + sink,
                        "INSERT INTO results SELECT order_id, customer_id, total_amount FROM orders WHERE total_amount > 100");
            case "S1" :
                return List.of(market(source),
                        "CREATE TABLE results (ts TIMESTAMP(3), symbol STRING, price DOUBLE, moving_avg DOUBLE)" + sink,
                        "INSERT INTO results SELECT CAST(ts AS TIMESTAMP(3)), symbol, price, AVG(price) OVER (PARTITION BY symbol ORDER BY ts "
                                + "ROWS BETWEEN 99 PRECEDING AND CURRENT ROW) FROM market_data");
            case "S2" :
            case "S2M" :
            case "R" :
            case "L" :
                return List.of(market(source), "CREATE TABLE results (" + KEY_COLUMNS + AGG_COLUMNS
                        + ", PRIMARY KEY (trader_id, symbol) NOT ENFORCED)" + sink,
                        "INSERT INTO results SELECT trader_id, symbol, " + AGG
                                + " FROM market_data GROUP BY trader_id, symbol");
            case "S3a" :
                return List.of(market(source),
                        "CREATE TABLE results (window_start TIMESTAMP(3), " + KEY_COLUMNS + AGG_COLUMNS + ")" + sink,
                        "INSERT INTO results SELECT window_start, trader_id, symbol, " + AGG
                                + " FROM TABLE(TUMBLE(TABLE market_data, "
                                + "DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, trader_id, symbol");
            case "S3b" :
                return List.of(market(source),
                        "CREATE TABLE results (window_start TIMESTAMP(3) NOT NULL, " + KEY_COLUMNS + AGG_COLUMNS
                                + ", PRIMARY KEY (window_start, trader_id, symbol) NOT ENFORCED)" + sink,
                        mode.endsWith("earlyfire")
                                ? "INSERT INTO results SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), trader_id, "
                                        + "symbol, "
                                        + AGG
                                        + " FROM market_data GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), trader_id, symbol"
                                : "INSERT INTO results SELECT CAST(FLOOR(ts TO MINUTE) AS TIMESTAMP(3)), trader_id, "
                                        + "symbol, "
                                        + AGG
                                        + " FROM market_data GROUP BY CAST(FLOOR(ts TO MINUTE) AS TIMESTAMP(3)), trader_id, symbol");
            default :
                return nexmark(w, source, sink);
        }
    }

    private static String with(String workload, long records, long rate) {
        return " WITH ('connector'='gen','workload'='" + workload + "','records'='" + records + "','rate'='" + rate
                + "')";
    }

    static String market(String source) {
        return "CREATE TABLE market_data (" + KEY_COLUMNS
                + "price DOUBLE NOT NULL, quantity BIGINT NOT NULL, ts TIMESTAMP(3) NOT NULL, "
                + "WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND)" + source;
    }

    private static final String NEXMARK = "CREATE TABLE nexmark (event_type INT, "
            + "person ROW<id BIGINT, name STRING, email STRING, card STRING, city STRING, state STRING, ts TIMESTAMP(3), extra STRING>, "
            + "auction ROW<id BIGINT, item STRING, description STRING, initial_bid BIGINT, reserve BIGINT, ts TIMESTAMP(3), "
            + "expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>, "
            + "bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, ts TIMESTAMP(3), extra STRING>, "
            + "ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND)";
    private static final String BIDS =
            "CREATE VIEW bid AS SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, "
                    + "bid.channel AS channel, bid.url AS url, ts, bid.extra AS extra FROM nexmark WHERE event_type = 2";
    private static final String PEOPLE =
            "CREATE VIEW person AS SELECT person.id AS id, person.name AS name, ts FROM nexmark WHERE event_type = 0";
    private static final String AUCTIONS =
            "CREATE VIEW auction AS SELECT auction.id AS id, auction.seller AS seller, ts FROM nexmark WHERE event_type = 1";

    private static List<String> nexmark(String q, String source, String sink) {
        String tumble = "DESCRIPTOR(ts), INTERVAL '10' SECOND";
        String counts =
                "SELECT auction, COUNT(*) AS num, window_start, window_end FROM TABLE(HOP(TABLE bid, DESCRIPTOR(ts), "
                        + "INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY auction, window_start, window_end";
        switch (q) {
            case "q1" :
                return List.of(NEXMARK + source, BIDS,
                        "CREATE TABLE results (auction BIGINT, bidder BIGINT, price DOUBLE, ts TIMESTAMP(3), extra STRING)"
                                + sink,
                        "INSERT INTO results SELECT auction, bidder, CAST(price AS DOUBLE) * CAST(0.908 AS DOUBLE), CAST(ts AS TIMESTAMP(3)), extra FROM bid");
            case "q2" :
                return List.of(NEXMARK + source, BIDS, "CREATE TABLE results (auction BIGINT, price BIGINT)" + sink,
                        "INSERT INTO results SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0");
            case "q5" :
                return List.of(NEXMARK + source, BIDS, "CREATE TABLE results (auction BIGINT, num BIGINT)" + sink,
                        "INSERT INTO results SELECT a.auction, a.num FROM (" + counts
                                + ") a JOIN (SELECT MAX(num) AS maxn, window_start, window_end FROM ("
                                + counts
                                + ") GROUP BY window_start, window_end) m ON a.window_start = m.window_start AND a.window_end = m.window_end AND a.num >= m.maxn");
            case "q7" :
                return List.of(NEXMARK + source, BIDS,
                        "CREATE TABLE results (auction BIGINT, bidder BIGINT, price BIGINT, ts TIMESTAMP(3), extra STRING)"
                                + sink,
                        "INSERT INTO results SELECT b.auction, b.bidder, b.price, CAST(b.ts AS TIMESTAMP(3)), b.extra FROM "
                                + "(SELECT * FROM TABLE(TUMBLE(TABLE bid, " + tumble
                                + "))) b JOIN (SELECT MAX(price) AS maxprice, window_start, window_end "
                                + "FROM TABLE(TUMBLE(TABLE bid, " + tumble + ")) GROUP BY window_start, window_end) m "
                                + "ON b.window_start = m.window_start AND b.window_end = m.window_end AND b.price = m.maxprice");
            case "q8" :
                return List.of(NEXMARK + source, PEOPLE, AUCTIONS,
                        "CREATE TABLE results (id BIGINT, name STRING, stime TIMESTAMP(3))" + sink,
                        "INSERT INTO results SELECT p.id, p.name, p.window_start FROM (SELECT id, name, window_start, window_end FROM "
                                + "TABLE(TUMBLE(TABLE person, " + tumble
                                + ")) GROUP BY id, name, window_start, window_end) p JOIN (SELECT seller, window_start, "
                                + "window_end FROM TABLE(TUMBLE(TABLE auction, " + tumble
                                + ")) GROUP BY seller, window_start, window_end) a "
                                + "ON p.id = a.seller AND p.window_start = a.window_start AND p.window_end = a.window_end");
            default :
                throw new IllegalArgumentException(q);
        }
    }
}
