// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.upgrade.StateMapping;

/**
 * GROUP BY without a window.
 *
 * <p>EMIT CHANGES gives for every row the new row of its group: an insert for the group's first row, updates after it;
 * with changes gathered, the last of them when they are to be shown.
 * EMIT FINAL gives every group once, when all inputs have ended. A global aggregation over no rows gives one row at
 * the end in both.
 */
final class AggregateOperator implements Operator {
    private final Grouping grouping;
    private final boolean changes;
    private final boolean givesEmptyResult;
    private final Pane pane;

    private long watermark = Long.MIN_VALUE;
    private boolean ended;
    private Batch waiting;

    /** Of EMIT FINAL after the end: the next group to give, and whether all were given. */
    private int nextGroup;

    private boolean finished;

    /** @param ownsGlobalGroup whether this partition gives the result of a global aggregation over no rows */
    AggregateOperator(Grouping grouping, Emit emit, boolean ownsGlobalGroup) {
        this.grouping = grouping;
        changes = emit == Emit.CHANGES;
        givesEmptyResult = ownsGlobalGroup && grouping.isGlobal();
        pane = grouping.newPane();
    }

    @Override
    public boolean needsInput() {
        if (grouping.gathers() && pane.changed().isShowing()) {
            return false;
        }
        return waiting == null && (changes || !ended || finished);
    }

    @Override
    public void add(Batch batch) {
        grouping.begin(batch);
        grouping.take(pane, 0, grouping.count());
        waiting = unlessEmpty(grouping.finish());
    }

    @Override
    public void addCombined(Batch batch) {
        grouping.beginCombined(batch);
        grouping.take(pane, 0, grouping.count());
        waiting = unlessEmpty(grouping.finish());
    }

    /** The global group stays once a row has come; it begins anew with the next row if it has expired. */
    @Override
    public void clock(long millis) {
        pane.tell(millis);
        pane.sweep(grouping.isGlobal());
    }

    private static Batch unlessEmpty(Batch batch) {
        return batch == null || batch.size() == 0 ? null : batch;
    }

    @Override
    public void advanceTo(long risen) {
        watermark = Math.max(watermark, risen);
        if (watermark == Long.MAX_VALUE && !ended) {
            ended = true;
            if (givesEmptyResult && pane.size() == 0) {
                waiting = unlessEmpty(grouping.emptyResult());
            }
            showChanges();
        }
    }

    @Override
    public void showChanges() {
        if (grouping.gathers()) {
            pane.changed().show();
        }
    }

    @Override
    public Batch poll() {
        if (waiting != null) {
            Batch result = waiting;
            waiting = null;
            return result;
        }
        while (grouping.gathers() && pane.changed().isShowing()) {
            Batch result = grouping.nextChanges(pane);
            if (result.size() > 0) {
                return result;
            }
        }
        if (changes || !ended) {
            return null;
        }
        while (nextGroup < pane.size()) {
            int count = Math.min(Batch.ROWS, pane.size() - nextGroup);
            Batch result = grouping.results(pane, nextGroup, count);
            nextGroup += count;
            if (result.size() > 0) {
                return result;
            }
        }
        if (!finished) {
            finished = true;
            nextGroup = 0;
            pane.clear();
        }
        return null;
    }

    @Override
    public long outputWatermark() {
        return changes || finished ? watermark : Long.MIN_VALUE;
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeLong(watermark);
        out.writeBoolean(ended);
        out.writeBoolean(finished);
        out.writeInt(nextGroup);
        BatchImage.save(waiting, out);
        return pane.save(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        watermark = in.readLong();
        ended = in.readBoolean();
        finished = in.readBoolean();
        nextGroup = in.readInt();
        waiting = BatchImage.restore(in);
        pane.restorePortion(in);
    }

    @Override
    public void restored() {
        pane.restored();
    }

    @Override
    public void absorb(Operator before, StateMapping mapping, Share share) {
        AggregateOperator old = (AggregateOperator) before;
        grouping.absorb(pane, old.pane, (StateMapping.Groups) mapping, share, old.changes);
    }

    @Override
    public long stateBytes() {
        return pane.bytes() + grouping.bytes();
    }
}
