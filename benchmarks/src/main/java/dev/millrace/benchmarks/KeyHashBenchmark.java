// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.hash.KeyHasher;
import java.util.List;
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

/** Nanoseconds a row: the hash of two short strings, and of one number. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeyHashBenchmark {
    private final KeyHasher strings = new KeyHasher(List.of(Inputs.TRADER, Inputs.SYMBOL));
    private final KeyHasher number = new KeyHasher(List.of(Inputs.QUANTITY));
    private final long[] hashes = new long[Batch.ROWS];
    private Batch batch;

    @Setup
    public void setUp() {
        batch = Inputs.market(5_000, 1).getFirst();
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public long[] twoStrings() {
        strings.hash(batch, hashes);
        return hashes;
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public long[] oneNumber() {
        number.hash(batch, hashes);
        return hashes;
    }
}
