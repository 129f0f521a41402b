// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.benchmarks.Inputs;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.plan.SourceInput;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a row: the hash of two strings, and the selection of each partition. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouterBenchmark {
    @Param({"1", "8", "64", "256"})
    public int partitions;

    private final Frame frame = new Frame();
    private Router router;
    private Batch batch;
    private long[] wantedFrom;

    @Setup
    public void setUp() {
        SourceInput input = (SourceInput) Inputs
                .stage("SELECT trader_id, symbol, COUNT(*) FROM market GROUP BY trader_id, symbol", 5_000)
                .inputs()
                .getFirst();
        router = new Router(input.exchange(), partitions, "market");
        batch = Inputs.batches(input, 1).getFirst();
        wantedFrom = new long[partitions];
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public List<Share<Rows>> route() {
        frame.arena().reset();
        return router.route(batch, batch, List.of(), wantedFrom, 0, frame);
    }
}
