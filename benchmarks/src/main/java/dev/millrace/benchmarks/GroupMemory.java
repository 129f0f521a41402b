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

/** Prints what a group of the query S2 costs: bytes of memory as a partition counts them, and bytes of its image. */
public final class GroupMemory {
    private static final String SQL = "SELECT trader_id, symbol, COUNT(*), AVG(price), SUM(quantity), SUM(price *"
            + " quantity) FROM market GROUP BY trader_id, symbol EMIT FINAL";

    /** So that hardly a key has not come by the end. */
    private static final int ROWS_PER_GROUP = 8;

    private GroupMemory() {}

    public static void main(String[] arguments) {
        for (int groups : new int[] {1_000, 10_000, 100_000, 1_000_000, 10_000_000}) {
            Stage stage = Inputs.stage(SQL, groups);
            SourceInput input = (SourceInput) stage.inputs().getFirst();
            RowSteps before = RowSteps.of(input.steps());
            KeyHasher hasher = new KeyHasher(input.exchange().keys());
            Pipeline pipeline = Pipeline.of(
                    input.sent(),
                    stage.steps(),
                    PipelineOptions.DEFAULT.withHashedColumns(input.exchange().keys()));
            BatchArena arena = new BatchArena();
            Inputs.forEachBatch(input, groups * ROWS_PER_GROUP / Batch.ROWS + 1, batch -> {
                arena.reset();
                Batch sent = before.apply(batch, arena, new RowErrors());
                long[] hashes = arena.longs(sent.rowCount());
                hasher.hash(sent, hashes);
                pipeline.add(sent.withHashes(hashes));
                pipeline.poll();
            });
            StateWriter out = new StateWriter();
            pipeline.save(out);
            long image = out.finish().stream().mapToLong(chunk -> chunk.length).sum();
            System.out.printf(
                    "%,12d groups  %4d bytes of memory a group  %4d bytes of an image%n",
                    groups,
                    pipeline.stateBytes() / groups,
                    image / groups);
            pipeline.close();
        }
    }
}
