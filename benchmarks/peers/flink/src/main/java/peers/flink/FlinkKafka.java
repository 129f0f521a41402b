// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.nio.file.Files;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import peers.gen.Meter;
import peers.gen.Reference;
import peers.k1.OutMonitor;
import peers.k1.Topics;

/** K1 on Flink. Arguments: mode guarantee parallelism records runs; guarantee is at-least-once or exactly-once. */
public final class FlinkKafka {
    public static void main(String[] args) throws Exception {
        int parallelism = Integer.parseInt(args[2]), runs = Integer.parseInt(args[4]);
        for (int r = 0; r <= runs; r++)
            run(args[0], args[1], parallelism, Long.parseLong(args[3]), r);
        System.exit(0);
    }

    private static void run(String mode, String guarantee, int parallelism, long records, int run) throws Exception {
        String out = "out-flink" + System.currentTimeMillis();
        Topics.create(out);
        Configuration conf = new Configuration();
        Rest.configure(conf);
        conf.setString("execution.checkpointing.interval", System.getProperty("interval", "10 s"));
        conf.setString("execution.checkpointing.mode",
                guarantee.equals("exactly-once") ? "EXACTLY_ONCE" : "AT_LEAST_ONCE");
        conf.setString("execution.checkpointing.dir", Files.createTempDirectory("flink-k1").toUri().toString());
        StreamTableEnvironment t = FlinkPeer.tables(mode, parallelism, conf);
        String kafka = "'connector'='kafka','properties.bootstrap.servers'='" + Topics.BROKER + "','format'='json'";
        t.executeSql(
                "CREATE TABLE orders (trader_id STRING, symbol STRING, price DOUBLE, quantity BIGINT, order_time BIGINT, "
                        + "ts AS TO_TIMESTAMP_LTZ(order_time, 3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ("
                        + kafka
                        + ",'topic'='" + Topics.INPUT
                        + "','scan.startup.mode'='earliest-offset','scan.bounded.mode'='latest-offset'"
                        + ",'properties.group.id'='" + out + "')");
        t.executeSql(
                "CREATE TABLE results (window_start TIMESTAMP_LTZ(3), trader_id STRING, symbol STRING, cnt BIGINT, avg_price DOUBLE, "
                        + "total_qty BIGINT, total_value DOUBLE) WITH (" + kafka + ",'topic'='" + out
                        + "','sink.delivery-guarantee'='" + guarantee
                        + "','sink.transactional-id-prefix'='" + out
                        + "','properties.transaction.timeout.ms'='600000')");
        Meter m = new Meter(records);
        OutMonitor monitor = new OutMonitor(out, m);
        TableResult result = t.executeSql(
                "INSERT INTO results SELECT window_start, trader_id, symbol, COUNT(*), AVG(price), SUM(quantity), "
                        + "SUM(price * quantity) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
                        + "GROUP BY window_start, window_end, trader_id, symbol");
        Rest.awaitRunning(result.getJobClient().get().getJobID().toString());
        m.begin();
        result.await();
        monitor.join(60_000);
        monitor.interrupt();
        m.print("flink", "K1", mode + "-" + guarantee, parallelism, run, m.rows.get(), m.sum.get(),
                Reference.of("K1", records));
        Topics.delete(out);
    }
}
