// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import java.util.Random;

/** An aggregation that gets the rows of most batches combined, as a router does it; some over a wire. */
class CombiningOperator implements Operator {
    private final Operator aggregation;
    private final Combiner combiner;
    private final Random random;
    private final BatchArena arena = new BatchArena();
    private long rows;
    private long combinedRows;

    CombiningOperator(Operator aggregation, Schema input, Step.Aggregate step, Random random) {
        this.aggregation = aggregation;
        combiner = new Combiner(input, step);
        this.random = random;
    }

    /** Rows that were combined. */
    long rows() {
        return rows;
    }

    /** What they became. */
    long combinedRows() {
        return combinedRows;
    }

    @Override
    public boolean needsInput() {
        return aggregation.needsInput();
    }

    @Override
    public void add(Batch batch) {
        if (random.nextInt(5) == 0) {
            aggregation.add(batch);
            return;
        }
        arena.reset();
        int[] together = arena.ints(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            together[i] = batch.row(i);
        }
        combiner.begin(batch, arena);
        int[] apart = arena.ints(batch.size());
        int apartCount = combiner.setApart(together, batch.size(), apart);
        int left = batch.size() - apartCount;
        Batch combined = left == 0 ? null : combiner.combine(together, left, Integer.MAX_VALUE);
        if (combined == null) {
            aggregation.add(batch);
            return;
        }
        rows += left;
        combinedRows += combined.size();
        if (apartCount > 0) {
            aggregation.add(batch.withSelection(apart, apartCount));
        }
        aggregation.addCombined(random.nextBoolean() ? BatchCodec.decode(BatchCodec.encode(combined)) : combined);
    }

    @Override
    public void advanceTo(long watermark) {
        aggregation.advanceTo(watermark);
    }

    @Override
    public void showChanges() {
        aggregation.showChanges();
    }

    @Override
    public Batch poll() {
        return aggregation.poll();
    }

    @Override
    public long outputWatermark() {
        return aggregation.outputWatermark();
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        return aggregation.save(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        aggregation.restorePortion(in);
    }

    @Override
    public void restored() {
        aggregation.restored();
    }

    @Override
    public long stateBytes() {
        return aggregation.stateBytes();
    }
}
