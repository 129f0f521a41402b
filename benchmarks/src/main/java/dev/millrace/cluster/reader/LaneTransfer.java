// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import com.typesafe.config.ConfigFactory;
import dev.millrace.benchmarks.Inputs;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.plan.SourceInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Prints how many rows of the query S2 pass from one reader, whose batches are decoded already, to partitions that do
 * nothing with them: within this process, and to another one on the same machine.
 *
 * <p>{@code LaneTransfer ROWS PARTITIONS RUNS}; the other process is this class with {@code receive PARTITIONS}.
 */
public final class LaneTransfer {
    private static final String SQL = "SELECT trader_id, symbol, COUNT(*), AVG(price), SUM(quantity), SUM(price *"
            + " quantity) FROM market GROUP BY trader_id, symbol EMIT FINAL";
    private static final int KEYS = 5_000;
    private static final int WARM_UP = 4;

    private LaneTransfer() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("receive")) {
            receive(Integer.parseInt(arguments[1]));
            return;
        }
        long rows = Long.parseLong(arguments[0]);
        int partitions = Integer.parseInt(arguments[1]);
        int runs = Integer.parseInt(arguments[2]);
        SourceInput input = (SourceInput) Inputs.stage(SQL, KEYS).inputs().getFirst();
        double bytesPerRow = bytesPerRow(input);
        System.out.printf("%.1f bytes a row on the way, with position and hash%n", bytesPerRow);
        for (String compression : new String[] {"within", "none", "lz4"}) {
            ActorSystem<Void> system = system(compression);
            Process other = compression.equals("within") ? null : startOther(partitions);
            try {
                List<ActorRef<PartitionCommand>> targets =
                        other == null ? targets(system, partitions) : targetsOf(other, system, partitions);
                measure(system, 1, targets, input, rows / WARM_UP);
                for (int run = 1; run <= runs; run++) {
                    double rate = rows / measure(system, 1 + run, targets, input, rows);
                    System.out.printf("%-28s run %d  %,15.0f rows/s  %8.1f MB/s%n",
                            other == null ? "within a process" : "to another one, " + compression, run, rate,
                            rate * bytesPerRow / 1e6);
                }
            } finally {
                if (other != null) {
                    other.destroy();
                }
                system.terminate();
                system.getWhenTerminated().toCompletableFuture().get();
            }
        }
    }

    /** Seconds until the partitions have taken so many rows. */
    private static double measure(ActorSystem<Void> system, long number, List<ActorRef<PartitionCommand>> targets,
            SourceInput input, long rows) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long start = System.nanoTime();
        system.systemActorOf(
                LaneSource.create(number, targets, input, rows, done), "source-" + number,
                DispatcherSelector.fromConfig(NodeContext.WORK));
        done.get();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double bytesPerRow(SourceInput input) {
        Batch batch = Inputs.batches(input, 1).getFirst();
        long[] hashes = new long[batch.rowCount()];
        new KeyHasher(input.exchange().keys()).hash(batch, hashes);
        return (double) BatchCodec.encodedBytes(batch.withHashes(hashes)) / batch.size();
    }

    private static void receive(int partitions) throws IOException {
        ActorSystem<Void> system = system("none");
        for (ActorRef<PartitionCommand> target : targets(system, partitions)) {
            System.out.println(ActorRefResolver.get(system).toSerializationFormat(target));
        }
        // Until the other process ends it, or has ended.
        while (System.in.read() >= 0) {
            // What is said there means nothing.
        }
        system.terminate();
    }

    private static List<ActorRef<PartitionCommand>> targets(ActorSystem<Void> system, int partitions) {
        List<ActorRef<PartitionCommand>> targets = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            targets.add(system.systemActorOf(
                    LaneTarget.create(partition), "partition-" + partition,
                    DispatcherSelector.fromConfig(NodeContext.WORK)));
        }
        return targets;
    }

    /** This program with the same flags, as the receiver. */
    private static Process startOther(int partitions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LaneTransfer.class.getName(), "receive",
                String.valueOf(partitions)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static List<ActorRef<PartitionCommand>> targetsOf(Process other, ActorSystem<Void> system, int partitions)
            throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
        List<ActorRef<PartitionCommand>> targets = new ArrayList<>();
        while (targets.size() < partitions) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the other process has ended");
            }
            if (line.startsWith("pekko://")) {
                targets.add(ActorRefResolver.get(system).resolveActorRef(line));
            }
        }
        return targets;
    }

    private static ActorSystem<Void> system(String compression) {
        return ActorSystem.create(
                Behaviors.empty(), "millrace",
                ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                        "pekko.remote.artery.canonical.port", 0,
                        "pekko.remote.artery.large-message-destinations", List.of("/system/partition-*"),
                        "millrace.lanes.compression", compression.equals("within") ? "none" : compression,
                        "millrace.dispatchers.work.fork-join-executor.parallelism-max",
                        Runtime.getRuntime().availableProcessors()))
                        .withFallback(ConfigFactory.parseResourcesAnySyntax("millrace-node"))
                        .withFallback(ConfigFactory.load())
                        .resolve());
    }
}
