// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.operator.PipelineOptions;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prints what a row costs in one partition, hash included, as rows get wider, keys longer, and batches smaller: GROUP BY
 * of one string with the sum of each other column, 1,000 groups.
 */
public final class RowShapes {
    private static final int GROUPS = 1_000;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 150_000_000;
    private static final int DIGITS = 4;

    private RowShapes() {}

    public static void main(String[] arguments) {
        measure("warm-up", 4, 12, Batch.ROWS);
        for (int columns : new int[] {2, 5, 10, 20, 50, 100}) {
            measure(columns + " columns", columns, 12, Batch.ROWS);
        }
        for (int length : new int[] {4, 8, 15, 16, 32, 64, 256}) {
            measure("key of " + length + " bytes", 4, length, Batch.ROWS);
        }
        for (int rows : new int[] {16, 64, 256, 1_024, 4_096, 8_192, 65_536}) {
            measure("batches of " + rows + " rows", 4, 12, rows);
        }
    }

    private static void measure(String what, int columns, int keyLength, int batchRows) {
        List<Column> input = new ArrayList<>(List.of(new Column("k", SqlType.STRING)));
        List<AggregateCall> sums = new ArrayList<>();
        for (int i = 1; i < columns; i++) {
            input.add(new Column("c" + i, SqlType.BIGINT));
            sums.add(new AggregateCall(
                    AggregateFunction.SUM, i, false, AggregateCall.NO_FILTER, SqlType.BIGINT, SqlType.BIGINT));
        }
        Schema schema = new Schema(input);
        Step step = new Step.Aggregate(List.of(0), sums, null, Emit.FINAL, null, schema);
        try (Pipeline pipeline =
                Pipeline.of(schema, List.of(step), PipelineOptions.DEFAULT.withHashedColumns(List.of(0)))) {
            KeyHasher hasher = new KeyHasher(List.of(0));
            Batch batch = batch(columns, keyLength, batchRows);
            long[] hashes = new long[batchRows];
            double best = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                long rows = 0;
                while (System.nanoTime() - start < ROUND_NANOS) {
                    hasher.hash(batch, hashes);
                    pipeline.add(batch.withHashes(hashes));
                    pipeline.poll();
                    rows += batchRows;
                }
                best = Math.min(best, (System.nanoTime() - start) / (double) rows);
            }
            System.out.printf("%-24s %8.1f ns a row%n", what, best);
        }
    }

    private static Batch batch(int columns, int keyLength, int rows) {
        SplittableRandom random = new SplittableRandom(1);
        BytesVector keys = new BytesVector(rows);
        String padding = "x".repeat(keyLength - DIGITS);
        Vector[] vectors = new Vector[columns];
        vectors[0] = keys;
        for (int row = 0; row < rows; row++) {
            keys.append(row, padding + (GROUPS + random.nextInt(GROUPS)));
        }
        for (int i = 1; i < columns; i++) {
            LongVector values = new LongVector(rows);
            for (int row = 0; row < rows; row++) {
                values.set(row, random.nextInt(1_000));
            }
            vectors[i] = values;
        }
        return Batch.of(vectors, rows);
    }
}
