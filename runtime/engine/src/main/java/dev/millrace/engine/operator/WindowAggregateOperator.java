// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * GROUP BY in windows of one size, side by side: one pane per window, so that closing a window drops its pane.
 *
 * <p>A window closes when the watermark has reached its last millisecond plus the grace. EMIT FINAL gives its groups
 * then; EMIT CHANGES gives the new row of its window and group for every row, and nothing at the close; with changes
 * gathered, the last of them when they are to be shown, and at the close.
 *
 * <p>A row is late if its window was closed by the watermark of the row's own split just before it. Late rows are
 * counted and left out.
 */
final class WindowAggregateOperator implements Operator {
    /** Panes of closed windows that are kept for the next windows. */
    private static final int POOLED_PANES_MAX = 4;

    private final Grouping grouping;
    private final OperatorMetrics metrics;
    private final RowErrors errors;
    private final boolean changes;
    private final int timeColumn;
    private final TumblingWindows windows;

    /** The open windows, by start. */
    private final List<Pane> panes = new ArrayList<>();

    private final ArrayDeque<Pane> pool = new ArrayDeque<>();
    private long watermark = Long.MIN_VALUE;
    private Batch waiting;

    /** The next group to give of the first window, if that is closed. */
    private int nextGroup;

    /** Whether the open windows are giving the changes that they have gathered. */
    private boolean showing;

    /** @param timeType type of the time column */
    WindowAggregateOperator(
            Grouping grouping,
            Window.Tumbling window,
            SqlType timeType,
            Emit emit,
            OperatorMetrics metrics,
            RowErrors errors) {
        this.grouping = grouping;
        this.metrics = metrics;
        this.errors = errors;
        changes = emit == Emit.CHANGES;
        timeColumn = window.timeColumn();
        windows = new TumblingWindows(window, timeType);
    }

    @Override
    public boolean needsInput() {
        return waiting == null && !showing
                && (panes.isEmpty() || !windows.isClosed(panes.getFirst().start(), watermark));
    }

    @Override
    public void add(Batch given) {
        Batch batch = grouping.begin(given);
        leaveOutNullTimes(batch);
        if (grouping.count() > 0 && !takeIntoOneWindow(batch)) {
            takeIntoWindows(batch);
        }
        Batch result = grouping.finish();
        waiting = result == null || result.size() == 0 ? null : result;
    }

    private void leaveOutNullTimes(Batch batch) {
        boolean[] nulls = batch.column(timeColumn).nulls();
        if (nulls == null) {
            return;
        }
        int[] rows = grouping.rows();
        int[] left = grouping.arena().ints(grouping.count());
        int count = 0;
        for (int i = 0; i < grouping.count(); i++) {
            if (nulls[rows[i]]) {
                long position = batch.positions() == null ? -1 : batch.positions()[rows[i]];
                errors.add(position, ErrorCode.EVENT_TIME_NULL, "the time of the row is NULL");
            } else {
                left[count++] = rows[i];
            }
        }
        grouping.setRows(left, count);
    }

    /** The usual case: all rows are in one window and none is late. Gives false if it is another case. */
    private boolean takeIntoOneWindow(Batch batch) {
        if (batch.before() != null) {
            return false;
        }
        final long[] times = ((LongVector) batch.column(timeColumn)).values();
        final int[] rows = grouping.rows();
        final int count = grouping.count();
        long startMillis = windows.start(times[rows[0]]);
        if (!windows.contains(startMillis, times, rows, count)) {
            return false;
        }
        Pane pane = pane(startMillis);
        if (pane == null) {
            metrics.addRowsOfClosedWindows(count);
        } else {
            grouping.take(pane, 0, count);
        }
        return true;
    }

    private void takeIntoWindows(Batch batch) {
        final long[] times = ((LongVector) batch.column(timeColumn)).values();
        final long[] before = batch.before();
        final int[] rows = grouping.rows();
        final int count = grouping.count();
        // By row: the ordinal of its pane among those of this batch, or -1 if the row is left out.
        int[] ordinals = grouping.arena().ints(count);
        int[] paneRows = new int[16];
        List<Pane> touched = new ArrayList<>();
        long startMillis = 0;
        int ordinal = -2;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            long time = times[row];
            if (ordinal == -2 || !windows.contains(startMillis, time)) {
                startMillis = windows.start(time);
                ordinal = -1;
            }
            if (before != null && windows.isClosed(startMillis, before[row])) {
                metrics.addLateRows(1);
                ordinals[i] = -1;
                continue;
            }
            if (ordinal == -1) {
                Pane pane = pane(startMillis);
                if (pane == null) {
                    metrics.addRowsOfClosedWindows(1);
                    ordinals[i] = -1;
                    continue;
                }
                ordinal = ordinal(pane, touched);
                if (ordinal == paneRows.length) {
                    paneRows = Arrays.copyOf(paneRows, ordinal * 2);
                }
            }
            ordinals[i] = ordinal;
            paneRows[ordinal]++;
        }
        takeRuns(rows, count, ordinals, touched, paneRows);
    }

    /** Combined rows are never late: those were judged before they could be combined. */
    @Override
    public void addCombined(Batch batch) {
        grouping.beginCombined(batch);
        final long[] starts = ((LongVector) batch.column(grouping.combinedRows().start())).values();
        final long[] standFor = ((LongVector) batch.column(grouping.combinedRows().rows())).values();
        final int[] rows = grouping.rows();
        final int count = grouping.count();
        int[] ordinals = grouping.arena().ints(count);
        int[] paneRows = new int[16];
        List<Pane> touched = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Pane pane = pane(starts[rows[i]]);
            if (pane == null) {
                metrics.addRowsOfClosedWindows(standFor[rows[i]]);
                ordinals[i] = -1;
                continue;
            }
            ordinals[i] = ordinal(pane, touched);
            if (ordinals[i] == paneRows.length) {
                paneRows = Arrays.copyOf(paneRows, ordinals[i] * 2);
            }
            paneRows[ordinals[i]]++;
        }
        takeRuns(rows, count, ordinals, touched, paneRows);
        Batch result = grouping.finish();
        waiting = result == null || result.size() == 0 ? null : result;
    }

    private static int ordinal(Pane pane, List<Pane> touched) {
        if (pane.batchOrdinal() < 0) {
            pane.setBatchOrdinal(touched.size());
            touched.add(pane);
        }
        return pane.batchOrdinal();
    }

    /** Sorts the rows by pane, keeping their order within a pane, and gives every pane its run. */
    private void takeRuns(int[] rows, int count, int[] ordinals, List<Pane> touched, int[] paneRows) {
        int[] next = new int[touched.size()];
        int total = 0;
        for (int p = 0; p < next.length; p++) {
            next[p] = total;
            total += paneRows[p];
        }
        int[] ordered = grouping.arena().ints(Math.max(total, 1));
        for (int i = 0; i < count; i++) {
            if (ordinals[i] >= 0) {
                ordered[next[ordinals[i]]++] = rows[i];
            }
        }
        grouping.setRows(ordered, total);
        for (int p = 0; p < next.length; p++) {
            touched.get(p).setBatchOrdinal(-1);
            grouping.take(touched.get(p), next[p] - paneRows[p], next[p]);
        }
    }

    /** The pane of an open window; null if the window is closed. */
    private Pane pane(long startMillis) {
        int low = 0;
        int high = panes.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long start = panes.get(middle).start();
            if (start == startMillis) {
                return panes.get(middle);
            }
            if (start < startMillis) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (windows.isClosed(startMillis, watermark)) {
            return null;
        }
        Pane pane = pool.isEmpty() ? grouping.newPane() : pool.pop();
        pane.setStart(startMillis);
        panes.add(low, pane);
        return pane;
    }

    @Override
    public void advanceTo(long risen) {
        watermark = Math.max(watermark, risen);
        while (changes && !grouping.gathers() && !panes.isEmpty()
                && windows.isClosed(panes.getFirst().start(), watermark)) {
            dropFirst();
        }
    }

    private void dropFirst() {
        Pane pane = panes.removeFirst();
        if (pool.size() < POOLED_PANES_MAX) {
            pane.clear();
            pool.push(pane);
        }
    }

    @Override
    public void showChanges() {
        for (Pane pane : panes) {
            if (grouping.gathers()) {
                pane.changed().show();
                showing |= pane.changed().isShowing();
            }
        }
    }

    @Override
    public Batch poll() {
        if (waiting != null) {
            Batch result = waiting;
            waiting = null;
            return result;
        }
        while (!panes.isEmpty() && windows.isClosed(panes.getFirst().start(), watermark)) {
            Pane pane = panes.getFirst();
            if (grouping.gathers()) {
                pane.changed().show();
                Batch changed = nextChanges(pane);
                if (changed != null) {
                    return changed;
                }
                dropFirst();
                continue;
            }
            if (nextGroup == pane.size()) {
                nextGroup = 0;
                dropFirst();
                continue;
            }
            int count = Math.min(Batch.ROWS, pane.size() - nextGroup);
            Batch result = grouping.results(pane, nextGroup, count);
            nextGroup += count;
            if (result.size() > 0) {
                return result;
            }
        }
        if (showing) {
            for (Pane pane : panes) {
                Batch changed = nextChanges(pane);
                if (changed != null) {
                    return changed;
                }
            }
            showing = false;
        }
        return null;
    }

    /** The next of the changes that a pane is showing; null if there are none. */
    private Batch nextChanges(Pane pane) {
        while (pane.changed().isShowing()) {
            Batch result = grouping.nextChanges(pane);
            if (result.size() > 0) {
                return result;
            }
        }
        return null;
    }

    /**
     * The time of a result is the last millisecond of its window, and open windows end after the watermark less the
     * grace.
     */
    @Override
    public long outputWatermark() {
        if (watermark == Long.MIN_VALUE) {
            return watermark;
        }
        long open = watermark;
        if (watermark != Long.MAX_VALUE) {
            long back = watermark - windows.lateness().allowedMillis();
            open = back > watermark ? Long.MIN_VALUE : back;
        }
        if (!panes.isEmpty() && windows.isClosed(panes.getFirst().start(), watermark)) {
            return Math.min(open, panes.getFirst().start() + windows.sizeMillis() - 2);
        }
        return open;
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeLong(watermark);
        out.writeInt(nextGroup);
        BatchImage.save(waiting, out);
        out.writeInt(panes.size());
        boolean complete = true;
        for (Pane pane : panes) {
            out.writeLong(pane.start());
            complete &= pane.save(out, portion);
        }
        return complete;
    }

    /** A window that was closed never opens again, so panes of one start are one. */
    @Override
    public void restorePortion(StateReader in) {
        watermark = in.readLong();
        nextGroup = in.readInt();
        waiting = BatchImage.restore(in);
        Map<Long, Pane> before = panes.stream().collect(Collectors.toMap(Pane::start, pane -> pane));
        panes.clear();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            long start = in.readLong();
            Pane pane = before.containsKey(start) ? before.get(start) : grouping.newPane();
            pane.setStart(start);
            pane.restorePortion(in);
            panes.add(pane);
        }
    }

    @Override
    public void restored() {
        for (Pane pane : panes) {
            pane.restored();
            showing |= grouping.gathers() && pane.changed().isShowing();
        }
    }

    @Override
    public void absorb(Operator before, StateMapping mapping, Share share) {
        WindowAggregateOperator old = (WindowAggregateOperator) before;
        for (Pane pane : old.panes) {
            grouping.absorb(pane(pane.start()), pane, (StateMapping.Groups) mapping, share, old.changes);
        }
    }

    @Override
    public long stateBytes() {
        long bytes = grouping.bytes();
        for (Pane pane : panes) {
            bytes += pane.bytes();
        }
        for (Pane pane : pool) {
            bytes += pane.bytes();
        }
        return bytes;
    }
}
