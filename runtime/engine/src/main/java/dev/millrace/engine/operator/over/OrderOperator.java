// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.operator.Operator;
import dev.millrace.engine.operator.OperatorMetrics;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.TimeColumn;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ORDER BY and LIMIT of rows that only come: all of a result in one order.
 *
 * <p>If the order begins with the event time, rows wait until the watermark has passed theirs: then none before them is
 * still to come. Else they wait for the end of the input. Rows that are equal in all columns of the order come by input
 * and position.
 *
 * <p>A row is late if its time was at or below the watermark of its own split just before it; between stages none is.
 * Late rows are counted and left out.
 */
public final class OrderOperator implements Operator {
    private static final int STATE_VERSION = 1;

    private final Storage[] storages;
    private final int[] allColumns;
    private final long offset;
    private final long limit;
    private final TimedRows rows;

    /** Among rows of the same time. */
    private final RowSort sort;

    private final BatchArena arena = new BatchArena();

    /** Rows that have left, or were skipped. */
    private long passedRows;

    /** @param schema the columns of the batches */
    public OrderOperator(Schema schema, Step.Order step, RowErrors errors, OperatorMetrics metrics) {
        TimeColumn time = step.time();
        storages = schema.columns().stream().map(Column::type).map(SqlType::storage).toArray(Storage[]::new);
        allColumns = IntStream.range(0, storages.length).toArray();
        ResultOrder order = step.order();
        offset = order.offset();
        limit = order.limit();
        rows = new TimedRows(schema, time, storages, time == null ? 0 : time.column(), errors, metrics);
        if (time != null && !order.keys().getFirst().equals(new ResultOrder.Key(
                time.column(), false, order.keys().getFirst().nullsFirst()))) {
            throw new IllegalArgumentException("the order does not begin with the time: " + order);
        }
        sort = new RowSort(order.keys().subList(time == null ? 0 : 1, order.keys().size()), storages);
    }

    @Override
    public boolean needsInput() {
        return rows.waiting().left() == 0;
    }

    @Override
    public void from(String name) {
        rows.from(name);
    }

    @Override
    public void add(Batch batch) {
        if (isFull()) {
            return;
        }
        arena.reset();
        int count = rows.select(batch, arena);
        if (count > 0) {
            int[] groups = arena.ints(count);
            Arrays.fill(groups, 0, count, 0);
            rows.append(batch, allColumns, groups, arena);
        }
    }

    @Override
    public void advanceTo(long risen) {
        if (rows.advanceTo(risen)) {
            sortReleased();
        }
    }

    private void sortReleased() {
        if (sort.isNone()) {
            return;
        }
        WaitingRows waiting = rows.waiting();
        long[] times = waiting.times();
        int end = waiting.next() + waiting.left();
        for (int from = waiting.next(); from < end;) {
            int to = from + 1;
            while (to < end && times[to] == times[from]) {
                to++;
            }
            if (to - from > 1) {
                sort.sort(rows.store(), waiting.refs(), from, to - from);
            }
            from = to;
        }
    }

    /** Whether as many rows have left as are wanted. */
    private boolean isFull() {
        return limit != ResultOrder.NO_LIMIT && passedRows >= offset + limit;
    }

    @Override
    public Batch poll() {
        WaitingRows waiting = rows.waiting();
        while (waiting.left() > 0) {
            int count = Math.min(Batch.ROWS, waiting.left());
            int from = waiting.next();
            int skipped = (int) Math.min(count, Math.max(0, offset - passedRows));
            int wanted = limit == ResultOrder.NO_LIMIT ? count - skipped
                    : (int) Math.min(count - skipped, offset + limit - Math.max(passedRows, offset));
            Batch result = wanted > 0 ? read(from + skipped, wanted) : null;
            rows.leave(count);
            passedRows += skipped + Math.max(0, wanted);
            if (result != null) {
                return result;
            }
        }
        return null;
    }

    private Batch read(int from, int count) {
        arena.reset();
        Vector[] columns = new Vector[storages.length];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = arena.vector(storages[column], count);
            rows.store().read(column, rows.waiting().refs(), from, count, columns[column]);
        }
        return Batch.of(columns, count);
    }

    @Override
    public long outputWatermark() {
        return rows.outputWatermark();
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeInt(STATE_VERSION);
        rows.saveProgress(out);
        out.writeLong(passedRows);
        return rows.saveRows(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("ORDER BY", STATE_VERSION);
        rows.restoreProgress(in);
        passedRows = in.readLong();
        rows.restoreRows(in);
    }

    /** Takes away the rows that had left: they are the first of those that are released, as they were then. */
    @Override
    public void restored() {
        rows.restored(refs -> {});
        sortReleased();
        rows.leave(rows.gone());
    }

    /** The operator before serves for nothing else any more. All rows go to one partition. */
    @Override
    public void absorb(Operator before, StateMapping mapping, Share share) {
        if (share.partition() != 0) {
            return;
        }
        OrderOperator old = (OrderOperator) before;
        List<Integer> columnsBefore = ((StateMapping.Waiting) mapping).columns();
        passedRows += old.passedRows;
        old.rows.releaseAll();
        RowStore store = old.rows.store();
        WaitingRows waiting = old.rows.waiting();
        List<String> names = waiting.names().stream().map(share.inputNames()).toList();
        RowNumbers rowNumbers = new RowNumbers();
        int end = waiting.next() + waiting.left();
        for (int from = waiting.next(); from < end;) {
            int to = store.endOfInput(waiting.refs(), from, Math.min(end, from + Batch.ROWS));
            int count = to - from;
            Vector[] columns = new Vector[storages.length];
            for (int column = 0; column < columns.length; column++) {
                columns[column] = Vector.create(storages[column], count);
                store.read(columnsBefore.get(column), waiting.refs(), from, count, columns[column]);
            }
            rows.takeOver(
                    names.get(store.input(waiting.refs()[from])), Batch.of(columns, count), allColumns,
                    rowNumbers.upTo(count), new int[count], Arrays.copyOfRange(waiting.times(), from, to));
            from = to;
        }
    }

    @Override
    public long stateBytes() {
        return rows.bytes() + arena.bytes();
    }
}
