// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
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

/** Nanoseconds a row: finding the group of two short strings whose hash is known. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class GroupLookupBenchmark {
    private static final int BATCHES_PER_GROUP_MAX = 4;

    @Param({"5000", "1000000"})
    public int groups;

    private final int[] rows = Inputs.allRows();
    private final int[] found = new int[Batch.ROWS];
    private final List<Vector[]> keys = new ArrayList<>();
    private final List<long[]> hashes = new ArrayList<>();
    private GroupTable table;
    private int next;

    @Setup
    public void setUp() {
        table = new GroupTable(List.of(Storage.BYTES, Storage.BYTES), groups);
        KeyHasher hasher = new KeyHasher(List.of(Inputs.TRADER, Inputs.SYMBOL));
        int batches = groups * BATCHES_PER_GROUP_MAX / Batch.ROWS + 1;
        for (Batch batch : Inputs.market(groups, batches)) {
            long[] hash = new long[Batch.ROWS];
            hasher.hash(batch, hash);
            keys.add(new Vector[] {batch.column(Inputs.TRADER), batch.column(Inputs.SYMBOL)});
            hashes.add(hash);
            table.lookup(keys.getLast(), rows, 0, Batch.ROWS, hash, found);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public int[] lookup() {
        next = next + 1 == keys.size() ? 0 : next + 1;
        table.lookup(keys.get(next), rows, 0, Batch.ROWS, hashes.get(next), found);
        return found;
    }
}
