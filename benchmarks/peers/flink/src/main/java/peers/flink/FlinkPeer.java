// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import peers.gen.Meter;
import peers.gen.Reference;

/**
 * Runs one workload on an embedded Flink cluster. Arguments: workload mode parallelism records runs.
 * Modes: default; reuse (object reuse); tuned (object reuse, mini-batch, local-global aggregation);
 * reuse-earlyfire (S3b as a legacy group window that fires on every record).
 */
public final class FlinkPeer {
    public static void main(String[] args) throws Exception {
        String workload = args[0], mode = args[1];
        int parallelism = Integer.parseInt(args[2]);
        long records = Long.parseLong(args[3]);
        int runs = Integer.parseInt(args[4]);
        run(workload, mode, parallelism, records / 4, 0);
        for (int r = 1; r <= runs; r++)
            run(workload, mode, parallelism, records, r);
        System.exit(0);
    }

    static StreamTableEnvironment tables(String mode, int parallelism, Configuration conf) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, conf);
        StreamTableEnvironment t = StreamTableEnvironment.create(env);
        if (!mode.startsWith("default"))
            set(t, "pipeline.object-reuse", "true");
        if (mode.startsWith("tuned")) {
            set(t, "table.exec.mini-batch.enabled", "true");
            set(t, "table.exec.mini-batch.allow-latency", mode.endsWith("100ms") ? "100 ms" : "1 s");
            set(t, "table.exec.mini-batch.size", "100000");
            set(t, "table.optimizer.agg-phase-strategy", "TWO_PHASE");
        }
        if (mode.endsWith("earlyfire")) {
            set(t, "table.exec.emit.early-fire.enabled", "true");
            set(t, "table.exec.emit.early-fire.delay", "0 ms");
        }
        set(t, "table.local-time-zone", "UTC");
        return t;
    }

    /** Runs all statements but the last, which it returns. */
    static String declare(StreamTableEnvironment t, List<String> sql) {
        for (int i = 0; i < sql.size() - 1; i++)
            t.executeSql(sql.get(i));
        return sql.get(sql.size() - 1);
    }

    static void set(StreamTableEnvironment t, String key, String value) {
        t.getConfig().getConfiguration().setString(key, value);
    }

    static void run(String workload, String mode, int parallelism, long records, int run) throws Exception {
        StreamTableEnvironment t = tables(mode, parallelism, new Configuration());
        String insert = declare(t, Queries.of(workload, mode, records, 0));
        if (run == 0 && Boolean.getBoolean("explain"))
            System.out.println(t.explainSql(insert));
        System.gc();
        Meter m = new Meter(records);
        t.executeSql(insert).await();
        m.print("flink", workload, mode, parallelism, run, m.rows.get(), m.sum.get(), Reference.of(workload, records));
    }
}
