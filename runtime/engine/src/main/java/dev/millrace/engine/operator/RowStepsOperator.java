// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;

/** Filters and projections inside a partition. Row kinds pass through. */
final class RowStepsOperator implements Operator {
    private final RowSteps steps;
    private final RowErrors errors;
    private final BatchArena arena = new BatchArena();
    private Batch waiting;
    private long watermark = Long.MIN_VALUE;

    RowStepsOperator(RowSteps steps, RowErrors errors) {
        this.steps = steps;
        this.errors = errors;
    }

    @Override
    public boolean needsInput() {
        return waiting == null;
    }

    @Override
    public void add(Batch batch) {
        arena.reset();
        Batch result = steps.apply(batch, arena, errors);
        waiting = result.size() == 0 ? null : result;
    }

    @Override
    public void advanceTo(long risen) {
        watermark = Math.max(watermark, risen);
    }

    @Override
    public Batch poll() {
        Batch result = waiting;
        waiting = null;
        return result;
    }

    @Override
    public long outputWatermark() {
        return watermark;
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeLong(watermark);
        BatchImage.save(waiting, out);
        return true;
    }

    @Override
    public void restorePortion(StateReader in) {
        watermark = in.readLong();
        waiting = BatchImage.restore(in);
    }

    @Override
    public long stateBytes() {
        return arena.bytes();
    }
}
