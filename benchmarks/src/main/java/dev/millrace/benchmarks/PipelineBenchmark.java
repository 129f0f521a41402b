// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.operator.PipelineOptions;
import dev.millrace.engine.operator.RowSteps;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.state.StateWriter;
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

/** A partition's operators with 5,000 or a million groups: nanoseconds a row, or milliseconds for a snapshot. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PipelineBenchmark {
    private static final int BATCHES_PER_GROUP = 4;
    private static final String AGGREGATES = "COUNT(*), AVG(price), SUM(quantity), SUM(price * quantity)";

    /** What a partition does. */
    public enum Query {
        /** Four aggregates of two strings, a result for every row. */
        CHANGES("SELECT trader_id, symbol, " + AGGREGATES + " FROM market GROUP BY trader_id, symbol"),
        /** The same in a window, which the rows are assigned to; no window closes. */
        WINDOWS("SELECT window_start, trader_id, symbol, " + AGGREGATES
                + " FROM TABLE(TUMBLE(TABLE market, DESCRIPTOR(ts), INTERVAL '1' DAY))"
                + " GROUP BY window_start, window_end, trader_id, symbol EMIT FINAL");

        final String sql;

        Query(String sql) {
            this.sql = sql;
        }
    }

    @Param({"CHANGES", "WINDOWS"})
    public Query query;

    @Param({"5000", "1000000"})
    public int groups;

    private final List<Batch> batches = new ArrayList<>();
    private Pipeline pipeline;
    private int next;

    @Setup
    public void setUp() {
        Stage stage = Inputs.stage(query.sql, groups);
        SourceInput input = (SourceInput) stage.inputs().getFirst();
        RowSteps before = RowSteps.of(input.steps());
        KeyHasher hasher = new KeyHasher(input.exchange().keys());
        for (Batch batch : Inputs.batches(input, groups * BATCHES_PER_GROUP / Batch.ROWS + 1)) {
            Batch sent = before.apply(batch, new BatchArena(), new RowErrors());
            long[] hashes = new long[sent.rowCount()];
            hasher.hash(sent, hashes);
            batches.add(sent.withHashes(hashes).withBefore(new long[sent.rowCount()]));
        }
        pipeline = Pipeline.of(
                input.sent(),
                stage.steps(),
                PipelineOptions.DEFAULT.withHashedColumns(input.exchange().keys()));
        batches.forEach(this::add);
    }

    private long add(Batch batch) {
        pipeline.add(batch);
        long results = 0;
        for (Batch result = pipeline.poll(); result != null; result = pipeline.poll()) {
            results += result.size();
        }
        return results;
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public long add() {
        next = next + 1 == batches.size() ? 0 : next + 1;
        return add(batches.get(next));
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public List<byte[]> snapshot() {
        StateWriter out = new StateWriter();
        pipeline.save(out);
        return out.finish();
    }
}
