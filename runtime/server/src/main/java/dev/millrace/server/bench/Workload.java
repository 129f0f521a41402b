// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.connectors.workload.Gen;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.util.Arrays;
import java.util.List;

/** The workloads that everybody can name, with their SQL. */
public enum Workload {
    /** A filter and a projection. */
    S0("S0", "S0", Gen.DEFAULT_KEYS),
    /** An average over the last 100 rows per symbol. */
    S1("S1", "S1", Gen.DEFAULT_KEYS),
    /** Four aggregates by two string keys; the last change of a group in each second. */
    S2("S2", "S2", Gen.DEFAULT_KEYS),
    /** S2 with every change. */
    S2C("S2c", "S2", Gen.DEFAULT_KEYS),
    /** S2 with a million keys. */
    S2M("S2M", "S2M", 1_000_000),
    /** S2 with aggregates that can be put together from parts. */
    S2X("S2x", "S2x", Gen.DEFAULT_KEYS),
    /** S2 in a tumbling minute, when the window closes. */
    S3A("S3a", "S3a", Gen.DEFAULT_KEYS),
    /** S3a with every change. */
    S3B("S3b", "S3b", Gen.DEFAULT_KEYS),
    /** S3a from Kafka to Kafka. */
    K1("K1", "K1", Gen.DEFAULT_KEYS);

    private static final String AGGREGATES = "COUNT(*), AVG(price), SUM(quantity), SUM(price * quantity)";
    private static final String EXACT_AGGREGATES =
            "COUNT(*), AVG(quantity), SUM(quantity), CAST(MAX(quantity) AS DOUBLE)";
    private static final String AGGREGATE_COLUMNS =
            "cnt BIGINT, avg_price DOUBLE, total_quantity BIGINT, total_value DOUBLE";
    private static final String KEY_COLUMNS = "trader_id STRING, symbol STRING";

    private final String id;
    private final String reference;
    private final int usualKeys;

    Workload(String id, String reference, int usualKeys) {
        this.id = id;
        this.reference = reference;
        this.usualKeys = usualKeys;
    }

    /**
     * The workload with this name.
     *
     * @throws MillraceException if there is none
     */
    public static Workload of(String name) {
        for (Workload workload : values()) {
            if (workload.id.equalsIgnoreCase(name)) {
                return workload;
            }
        }
        throw new MillraceException(
                ErrorCode.USAGE,
                "workload \"" + name + "\" is not known",
                NearestName.hint(name, ids(), "workloads"));
    }

    /** The names of all workloads. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Workload::id).toList();
    }

    public String id() {
        return id;
    }

    /** The name of the reference that has the same final rows. */
    String reference() {
        return reference;
    }

    /** Groups, unless the command line says otherwise. */
    public int usualKeys() {
        return usualKeys;
    }

    /** Whether the checksum is that of the final table: of the last row of each group. */
    boolean isUpserting() {
        return this == S2 || this == S2C || this == S2M || this == S2X || this == S3B;
    }

    /** Whether each result tells how many rows of its group it counts, so that latency can be measured. */
    public boolean countsRows() {
        return this == S2 || this == S2C || this == S2M || this == S2X;
    }

    /** Rows of a millisecond of event time. */
    int rowsPerMilli() {
        return this == S1 ? 1 : Gen.DEFAULT_ROWS_PER_MILLI;
    }

    /**
     * The script that runs the workload into the table {@code results} of the connector {@code check}.
     *
     * @param rate rows a second by the clock, 0 for as many as possible; not 0 only if {@link #countsRows}
     * @param skew percent of the rows that have the first key; 0 for as many as the others
     * @param splits parts of the source that are read side by side
     */
    String script(long rows, long rate, int keys, int skew, int splits) {
        return switch (this) {
            case S0 -> orders(rows, splits)
                    + sink("order_id BIGINT, customer_id BIGINT, total_amount DOUBLE")
                    + "INSERT INTO results SELECT order_id, customer_id, total_amount FROM orders"
                    + " WHERE total_amount > 100;\n";
            case S1 -> market(rows, 0, keys, skew, splits)
                    + sink("ts TIMESTAMP(3), symbol STRING, price DOUBLE, average DOUBLE")
                    + "INSERT INTO results SELECT ts, symbol, price, AVG(price) OVER"
                    + " (PARTITION BY symbol ORDER BY ts ROWS BETWEEN 99 PRECEDING AND CURRENT ROW) FROM market;\n";
            case S2, S2M -> "SET 'emit.coalesce' = '1 s';\n" + changes(AGGREGATES, rows, rate, keys, skew, splits);
            case S2X -> "SET 'emit.coalesce' = '1 s';\n" + changes(EXACT_AGGREGATES, rows, rate, keys, skew, splits);
            case S2C -> changes(AGGREGATES, rows, rate, keys, skew, splits);
            case S3A -> windows(rows, keys, skew, splits, "FINAL");
            case S3B -> windows(rows, keys, skew, splits, "CHANGES");
            case K1 -> throw new IllegalStateException("its script is that of a KafkaWorkload");
        };
    }

    private String changes(String aggregates, long rows, long rate, int keys, int skew, int splits) {
        return market(rows, rate, keys, skew, splits)
                + sink(KEY_COLUMNS + ", " + AGGREGATE_COLUMNS + ", PRIMARY KEY (trader_id, symbol) NOT ENFORCED")
                + "INSERT INTO results SELECT trader_id, symbol, " + aggregates
                + " FROM market GROUP BY trader_id, symbol EMIT CHANGES;\n";
    }

    private String windows(long rows, int keys, int skew, int splits, String emit) {
        String key = emit.equals("CHANGES") ? ", PRIMARY KEY (window_start, trader_id, symbol) NOT ENFORCED" : "";
        return market(rows, 0, keys, skew, splits)
                + sink("window_start TIMESTAMP(3), " + KEY_COLUMNS + ", " + AGGREGATE_COLUMNS + key)
                + "INSERT INTO results SELECT window_start, trader_id, symbol, " + AGGREGATES
                + " FROM TABLE(TUMBLE(TABLE market, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"
                + " GROUP BY window_start, window_end, trader_id, symbol EMIT " + emit + ";\n";
    }

    private static String orders(long rows, int splits) {
        return "CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE,"
                + " order_time TIMESTAMP(3)) WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '" + rows
                + "', 'splits' = '" + splits + "');\n";
    }

    private String market(long rows, long rate, int keys, int skew, int splits) {
        return "CREATE TABLE market (trader_id STRING, symbol STRING, price DOUBLE, quantity BIGINT, ts TIMESTAMP(3),"
                + " WATERMARK FOR ts AS ts)"
                + " WITH ('connector' = 'workload', 'workload' = 'market', 'rows' = '" + rows + "', 'keys' = '" + keys
                + "', 'rows-per-ms' = '" + rowsPerMilli() + "', 'splits' = '" + splits + "'"
                + (skew == 0 ? "" : ", 'skew' = '" + skew + "'")
                + (rate == 0 ? "" : ", 'rows-per-second' = '" + rate + "'") + ");\n";
    }

    private static String sink(String columns) {
        return "CREATE TABLE results (" + columns + ") WITH ('connector' = 'check');\n";
    }
}
