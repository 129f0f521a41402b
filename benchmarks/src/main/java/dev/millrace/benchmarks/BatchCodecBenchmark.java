// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a row: a partition's share of a batch to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchCodecBenchmark {
    private static final int ROWS = Batch.ROWS / 8;

    private Batch share;
    private byte[] bytes;

    @Setup
    public void setUp() {
        int[] selection = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            selection[i] = i * 8;
        }
        share = Inputs.market(5_000, 1).getFirst().withSelection(selection, ROWS);
        bytes = BatchCodec.encode(share);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public byte[] encode() {
        return BatchCodec.encode(share);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Batch decode() {
        return BatchCodec.decode(bytes);
    }
}
