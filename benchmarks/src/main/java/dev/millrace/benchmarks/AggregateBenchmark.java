// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Step;
import java.util.SplittableRandom;
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

/** Nanoseconds a row: one aggregate takes rows whose groups are known, 5,000 of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AggregateBenchmark {
    private static final int GROUPS = 5_000;

    @Param({
        "COUNT(*)", "SUM(quantity)", "SUM(price)", "SUM(CAST(quantity AS DECIMAL(18, 2)))", "AVG(quantity)",
        "AVG(price)",
        "AVG(CAST(quantity AS DECIMAL(18, 2)))", "MIN(quantity)", "MAX(price)", "MAX(CAST(quantity AS DECIMAL(18, 2)))",
        "MIN(trader_id)"
    })
    public String call;

    private final int[] rows = Inputs.allRows();
    private final int[] groups =
            new SplittableRandom(42).ints(Batch.ROWS, 0, GROUPS).toArray();
    private Aggregator aggregator;
    private Vector argument;

    @Setup
    public void setUp() {
        Kernel kernel = Kernel.of("SELECT symbol, " + call + " FROM market GROUP BY symbol", GROUPS);
        Step.Aggregate step = kernel.step(Step.Aggregate.class);
        AggregateCall planned = step.aggregates().getFirst();
        aggregator = Aggregator.of(planned);
        aggregator.reserve(GROUPS);
        aggregator.clear(GROUPS);
        argument = planned.argument() < 0 ? null : kernel.before(step).column(planned.argument());
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public Aggregator update() {
        aggregator.update(argument, rows, groups, 0, Batch.ROWS);
        return aggregator;
    }
}
