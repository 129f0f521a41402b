// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints each second how many rows the partitions of a job give of which one is slowed a hundred times for a while, and the
 * heap that is in use behind the last collection.
 *
 * <p>{@code SlowPartition RATE SECONDS PARTITIONS THREADS BACKPRESSURE}: rows a second, and the length of each of three
 * phases, of which the second one is that with the slow partition.
 */
public final class SlowPartition {
    private static final String JOB = "slow";
    private static final int TIMES = 100;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final List<String> PHASES = List.of("undisturbed", "one is slow", "fast again");

    private SlowPartition() {}

    public static void main(String[] arguments) throws Exception {
        long rate = Long.parseLong(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        int partitions = Integer.parseInt(arguments[2]);
        PausingConnector target = new PausingConnector(partitions);
        Connectors connectors = new Connectors(List.of(new WorkloadConnector(System::nanoTime)), List.of(target));
        Path deadLetters = Files.createTempDirectory("millrace-slow");
        NodeSettings settings =
                new NodeSettings("127.0.0.1", 0, (Path) null, deadLetters, Integer.parseInt(arguments[3]));
        try (Node node = Node.start(settings, connectors)) {
            node.submit(plan(rate, partitions, arguments[4], connectors).plan(), null);
            double[] rates = new double[PHASES.size()];
            for (int phase = 0; phase < PHASES.size(); phase++) {
                target.pause(phase == 1 ? (long) (NANOS_PER_SECOND * partitions * TIMES / rate) : 0);
                rates[phase] = phase(node, target, partitions, PHASES.get(phase), seconds);
            }
            System.out.printf(Locale.ROOT, "%nthe others' rate with the slow one: %.3f of undisturbed%n",
                    rates[1] / rates[0]);
            node.stop(JOB);
        } finally {
            Files.deleteIfExists(deadLetters);
        }
    }

    private static PlannedStatement.Job plan(long rate, int partitions, String backpressure, Connectors connectors) {
        String script = "SET 'partitions' = '" + partitions + "'; SET 'job.name' = '" + JOB + "';"
                + " SET 'backpressure' = '" + backpressure + "';"
                + " CREATE TABLE market (trader_id STRING, symbol STRING, price DOUBLE, quantity BIGINT) WITH ("
                + "'connector' = 'workload', 'workload' = 'market', 'rows' = '100000000000', 'splits' = '2',"
                + " 'keys' = '5000', 'rows-per-second' = '" + rate + "');"
                + " CREATE TABLE results (trader_id STRING, symbol STRING, n BIGINT, average DOUBLE, total BIGINT)"
                + " WITH ('connector' = '" + PausingConnector.NAME + "');"
                + " INSERT INTO results SELECT trader_id, symbol, COUNT(*), AVG(price), SUM(quantity) FROM market"
                + " GROUP BY trader_id, symbol EMIT CHANGES;";
        ScriptPlan planned = ScriptPlan.of(script, List.of(), connectors, 1);
        if (!planned.errors().isEmpty()) {
            throw planned.errors().getFirst();
        }
        return (PlannedStatement.Job) planned.statements().getLast().planned();
    }

    /** Prints a line each second; gives the rate of all partitions but the slow one over the last two thirds. */
    private static double phase(Node node, PausingConnector target, int partitions, String name, int seconds)
            throws InterruptedException {
        System.out.printf("%n%s%n%8s  %14s  %14s  %12s  %s%n", name, "second", "others rows/s", "slow rows/s",
                "heap MiB", "the slow one");
        long steadyRows = 0;
        double steadySeconds = 0;
        for (int second = 1; second <= seconds; second++) {
            long begin = System.nanoTime();
            long slow = target.rows(0);
            long others = others(target, partitions);
            Thread.sleep(1_000);
            double took = (System.nanoTime() - begin) / NANOS_PER_SECOND;
            long othersRows = others(target, partitions) - others;
            if (second > seconds / 3) {
                steadyRows += othersRows;
                steadySeconds += took;
            }
            System.out.printf(Locale.ROOT, "%8d  %,14.0f  %,14.0f  %,12d  %s%n", second, othersRows / took,
                    (target.rows(0) - slow) / took, heapBytes() >> 20, backpressure(node.job(JOB)));
        }
        return steadyRows / steadySeconds;
    }

    private static long others(PausingConnector target, int partitions) {
        long rows = 0;
        for (int partition = 1; partition < partitions; partition++) {
            rows += target.rows(partition);
        }
        return rows;
    }

    private static String backpressure(JobStatus job) {
        if (job.partitions().isEmpty()) {
            return "";
        }
        Backpressure backpressure = job.partitions().getFirst().backpressure();
        String state = backpressure.state().name().toLowerCase(Locale.ROOT);
        return backpressure.detached() == 0 ? state
                : state + ", detached by " + backpressure.detached() + ", " + backpressure.lagMillis() + " ms behind";
    }

    private static long heapBytes() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                bytes += pool.getCollectionUsage().getUsed();
            }
        }
        return bytes;
    }
}
