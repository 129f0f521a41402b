// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.connectors.blackhole.BlackholeConnector;
import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Plans and rows that benchmarks begin with. */
public final class Inputs {
    /** Columns of the batches of {@link #market}. */
    public static final int TRADER = 0;
    public static final int SYMBOL = 1;
    public static final int PRICE = 2;
    public static final int QUANTITY = 3;

    private static final Connectors CONNECTORS = new Connectors(
            List.of(new WorkloadConnector(System::nanoTime)), List.of(new BlackholeConnector()));

    private Inputs() {}

    /** The stage of a query over the table {@code market}, whose time is {@code ts}. */
    public static Stage stage(String select, int keys) {
        String script = "CREATE TABLE market (trader_id STRING, symbol STRING, price DOUBLE, quantity BIGINT,"
                + " ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'workload', 'workload' = 'market',"
                + " 'rows' = '1000000000', 'splits' = '1', 'keys' = '" + keys + "');\n" + select + ";\n";
        ScriptPlan planned = ScriptPlan.of(script, List.of(), CONNECTORS, 1);
        if (!planned.errors().isEmpty()) {
            throw planned.errors().getFirst();
        }
        PlannedStatement last = planned.statements().getLast().planned();
        return ((PlannedStatement.Job) last).plan().stages().getFirst();
    }

    /** The first rows of a source, in full batches of its decoded columns. */
    public static List<Batch> batches(SourceInput input, int count) {
        List<Batch> batches = new ArrayList<>();
        read(input, count, BatchArena::new, batches::add);
        return batches;
    }

    /** As {@link #batches}, one after the other in the same memory. */
    public static void forEachBatch(SourceInput input, int count, Consumer<Batch> consumer) {
        BatchArena arena = new BatchArena();
        read(
                input,
                count,
                () -> {
                    arena.reset();
                    return arena;
                },
                consumer);
    }

    private static void read(SourceInput input, int count, Supplier<BatchArena> arenas, Consumer<Batch> consumer) {
        Source source = CONNECTORS.source(input.table()).openSource(input.table(), input.columns());
        Split split = source.resolveSplits().getFirst();
        try (SplitReader reader = source.open(split, split.start())) {
            for (int i = 0; i < count; i++) {
                BatchBuilder into = new BatchBuilder(input.decoded(), Batch.ROWS, arenas.get());
                reader.read(into);
                consumer.accept(into.build());
            }
        }
    }

    /** Full batches of trader, symbol, price and quantity. */
    public static List<Batch> market(int keys, int count) {
        return batches(
                (SourceInput) stage("SELECT trader_id, symbol, price, quantity FROM market", keys).inputs().getFirst(),
                count);
    }

    /** The numbers of all rows of a full batch. */
    public static int[] allRows() {
        return IntStream.range(0, Batch.ROWS).toArray();
    }
}
