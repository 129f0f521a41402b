// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import peers.gen.Meter;
import peers.gen.Reference;

/**
 * Latency and recovery of Flink. Arguments: "latency" mode parallelism rate seconds buffer-timeout, or "recovery"
 * mode parallelism rate records state-backend.
 */
public final class FlinkOps {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("latency")) {
            latency(args[1], Integer.parseInt(args[2]), Long.parseLong(args[3]), Integer.parseInt(args[4]), args[5]);
        } else {
            recovery(args[1], Integer.parseInt(args[2]), Long.parseLong(args[3]), Long.parseLong(args[4]), args[5]);
        }
        System.exit(0);
    }

    /** S2 at a fixed rate; the first third of the run is warm-up. Three runs in one JVM. */
    private static void latency(String mode, int parallelism, long rate, int seconds, String bufferTimeout)
            throws Exception {
        int records = (int) (rate * seconds);
        for (int run = 1; run <= 3; run++) {
            CheckSink.latency = new int[records];
            Configuration conf = new Configuration();
            conf.setString("execution.buffer-timeout.interval", bufferTimeout);
            StreamTableEnvironment t = FlinkPeer.tables(mode, parallelism, conf);
            String insert = FlinkPeer.declare(t, Queries.of("L", mode, records, rate));
            Meter m = new Meter(records);
            t.executeSql(insert).await();
            int[] us = Arrays.copyOfRange(CheckSink.latency, records / 3, records);
            Arrays.sort(us);
            m.print("flink", "L", mode, parallelism, run, m.rows.get(), 0, null, String.format(Locale.ROOT,
                    " buffer_timeout=%s p50_ms=%.2f p99_ms=%.2f p999_ms=%.2f max_ms=%.1f",
                    bufferTimeout.replace(" ", ""), us[us.length / 2] / 1e3,
                    us[(int) (us.length * 0.99)] / 1e3, us[(int) (us.length * 0.999)] / 1e3, us[us.length - 1] / 1e3));
        }
    }

    /**
     * S2 with a million keys, a checkpoint every 10 s: after four checkpoints the job is cancelled and another one
     * resumes from the last checkpoint and runs to the end of the input; its final table is checked.
     */
    private static void recovery(String mode, int parallelism, long rate, long records, String backend)
            throws Exception {
        Path dir = Files.createTempDirectory("flink-r");
        for (int run = 1; run <= 3; run++) {
            new Meter(records);
            StreamTableEnvironment t = FlinkPeer.tables(mode, parallelism, conf(dir, backend));
            String insert = FlinkPeer.declare(t, Queries.of("R", mode, records, rate));
            CheckSink.FIRST_ROW.set(0);
            long t0 = System.nanoTime();
            JobClient job = t.executeSql(insert).getJobClient().get();
            String id = job.getJobID().toString();
            Rest.awaitRunning(id);
            long cold = System.nanoTime() - t0;
            while (CheckSink.FIRST_ROW.get() == 0)
                Thread.sleep(1);
            long coldRow = CheckSink.FIRST_ROW.get() - t0;
            String checkpoints = "";
            while (!checkpoints.contains("\"completed\":4")) {
                Thread.sleep(200);
                checkpoints = Rest.get("/jobs/" + id + "/checkpoints");
            }
            job.cancel().get();
            awaitEnd(job);
            System.out.println("CHECKPOINTS " + history(checkpoints));

            Path last;
            try (Stream<Path> files = Files.find(dir.resolve(id), 2, (f, a) -> f.endsWith("_metadata"))) {
                last = files.max(Comparator.comparing(f -> f.toFile().lastModified())).get().getParent();
            }
            Configuration conf = conf(dir, backend);
            conf.setString("execution.state-recovery.path", last.toUri().toString());
            Meter m = new Meter(records);
            t = FlinkPeer.tables(mode, parallelism, conf);
            insert = FlinkPeer.declare(t, Queries.of("R", mode, records, 0));
            CheckSink.FIRST_ROW.set(0);
            t0 = System.nanoTime();
            job = t.executeSql(insert).getJobClient().get();
            Rest.awaitRunning(job.getJobID().toString());
            long warm = System.nanoTime() - t0;
            job.getJobExecutionResult().get();
            long warmRow = CheckSink.FIRST_ROW.get() - t0;
            m.print("flink", "R", mode + "-" + backend, parallelism, run, m.rows.get(), m.sum.get(),
                    Reference.of("R", records),
                    String.format(Locale.ROOT,
                            " submit_to_running_ms=%d restore_to_running_ms=%d submit_to_first_row_ms=%d restore_to_first_row_ms=%d",
                            cold / 1_000_000, warm / 1_000_000, coldRow / 1_000_000, warmRow / 1_000_000));
        }
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }

    private static void awaitEnd(JobClient job) throws InterruptedException {
        try {
            while (!job.getJobStatus().handle((s, e) -> e != null || s.isGloballyTerminalState()).get())
                Thread.sleep(50);
        } catch (IllegalStateException | java.util.concurrent.ExecutionException e) {
            Thread.sleep(500); // the embedded cluster is gone, and so is the job
        }
    }

    private static Configuration conf(Path dir, String backend) {
        Configuration conf = new Configuration();
        Rest.configure(conf);
        conf.setString("execution.checkpointing.interval", "10 s");
        conf.setString("execution.checkpointing.dir", dir.toUri().toString());
        conf.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        conf.setString("state.backend.type", backend);
        if (backend.equals("rocksdb"))
            conf.setString("execution.checkpointing.incremental", "true");
        return conf;
    }

    /** id, size and duration of each checkpoint, newest first. */
    private static String history(String json) {
        StringBuilder b = new StringBuilder();
        for (String c : json.substring(json.indexOf("\"history\"")).split("\\{\"className\"")) {
            if (!c.contains("\"state_size\""))
                continue;
            b.append(" id=").append(number(c, "id")).append(" checkpointed_bytes=")
                    .append(number(c, "checkpointed_size"))
                    .append(" state_bytes=").append(number(c, "state_size")).append(" ms=")
                    .append(number(c, "end_to_end_duration"));
        }
        return b.length() == 0 ? json : b.toString();
    }

    private static String number(String json, String name) {
        int from = json.indexOf("\"" + name + "\":") + name.length() + 3, to = from;
        while (to < json.length() && Character.isDigit(json.charAt(to)))
            to++;
        return json.substring(from, to);
    }
}
