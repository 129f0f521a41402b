// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.operator.RowSteps;
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

/** Nanoseconds a row: filters and projections, as compiled from SQL. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowStepsBenchmark {
    @Param({
        "symbol, price FROM market WHERE price > 132",
        "symbol, price FROM market WHERE price > 132 AND symbol LIKE 'SYM1%'",
        "price * quantity AS total FROM market",
        "UPPER(symbol) AS name, CASE WHEN price > 132 THEN 'high' ELSE 'low' END AS level FROM market"
    })
    public String select;

    private final RowErrors errors = new RowErrors();
    private final BatchArena arena = new BatchArena();
    private RowSteps steps;
    private Batch batch;

    @Setup
    public void setUp() {
        Kernel kernel = Kernel.of("SELECT " + select, 5_000);
        steps = RowSteps.of(kernel.steps());
        batch = kernel.batch();
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public Batch apply() {
        arena.reset();
        return steps.apply(batch, arena, errors);
    }
}
