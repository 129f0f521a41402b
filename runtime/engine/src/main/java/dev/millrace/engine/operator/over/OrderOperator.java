// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
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

    /** Null if all rows wait for the end. */
    private final TimeColumn time;

    private final long unitsPerMilli;
    private final Storage[] storages;
    private final int[] allColumns;
    private final long offset;
    private final long limit;
    private final RowErrors errors;
    private final OperatorMetrics metrics;
    private final RowStore store;
    private final WaitingRows waiting = new WaitingRows();

    /** Among rows of the same time. */
    private final RowSort sort;

    private final BatchArena arena = new BatchArena();

    private WaitingRows.Input input;
    private String inputName = "";
    private long watermark = Long.MIN_VALUE;

    /** The watermark before the last one: no row up to it was still to be polled then. */
    private long passed = Long.MIN_VALUE;

    /** Rows up to this time were released, in units of the time column. */
    private long releasedTo = Long.MIN_VALUE;

    /** The same before the watermark rose last: all rows up to it have left. */
    private long leftTo = Long.MIN_VALUE;

    /** Rows that have left, or were skipped. */
    private long passedRows;

    /** While portions are restored: of the rows that were released, how many had not left. */
    private int left;

    /** Whether all rows were released, for another one to take them over. */
    private boolean emptied;

    private int[] identity = new int[0];

    /** @param schema the columns of the batches */
    public OrderOperator(Schema schema, Step.Order step, RowErrors errors, OperatorMetrics metrics) {
        time = step.time();
        unitsPerMilli = time == null ? 1 : schema.type(time.column()).unitsPerSecond() / 1_000;
        storages = schema.columns().stream().map(Column::type).map(SqlType::storage).toArray(Storage[]::new);
        allColumns = IntStream.range(0, storages.length).toArray();
        ResultOrder order = step.order();
        offset = order.offset();
        limit = order.limit();
        this.errors = errors;
        this.metrics = metrics;
        store = new RowStore(storages);
        if (time != null && !order.keys().getFirst().equals(new ResultOrder.Key(
                time.column(), false, order.keys().getFirst().nullsFirst()))) {
            throw new IllegalArgumentException("the order does not begin with the time: " + order);
        }
        sort = new RowSort(order.keys().subList(time == null ? 0 : 1, order.keys().size()), storages);
    }

    @Override
    public boolean needsInput() {
        return waiting.left() == 0;
    }

    @Override
    public void from(String name) {
        if (input == null || !inputName.equals(name)) {
            inputName = name;
            input = waiting.input(name);
        }
    }

    @Override
    public void add(Batch batch) {
        requireInserts(batch);
        if (isFull()) {
            return;
        }
        arena.reset();
        from(inputName);
        int[] rows = batch.selection() == null ? identity(batch.size()) : batch.selection();
        int count = batch.size();
        long[] times = arena.longs(count);
        boolean ordered = true;
        if (time == null) {
            Arrays.fill(times, 0, count, 0);
        } else {
            int[] kept = arena.ints(count);
            count = keep(batch, rows, count, kept);
            rows = kept;
            final long[] values = ((LongVector) batch.column(time.column())).values();
            for (int i = 0; i < count; i++) {
                times[i] = values[rows[i]];
                ordered &= i == 0 || times[i] >= times[i - 1];
            }
        }
        if (count == 0) {
            return;
        }
        int[] groups = arena.ints(count);
        Arrays.fill(groups, 0, count, 0);
        int[] refs = arena.ints(count);
        store.append(batch, allColumns, rows, groups, input.number(), count, refs);
        waiting.add(input, times, refs, count, ordered);
    }

    private static void requireInserts(Batch batch) {
        for (int i = 0; batch.kinds() != null && i < batch.size(); i++) {
            if (batch.kinds()[batch.row(i)] != RowKind.INSERT.code()) {
                throw new IllegalStateException("rows that change have no order");
            }
        }
    }

    private int[] identity(int length) {
        if (identity.length < length) {
            identity = new int[Math.max(length, identity.length * 2)];
            Arrays.setAll(identity, i -> i);
        }
        return identity;
    }

    /** The rows that have a time, are not late, and are behind those that were released; gives their number. */
    private int keep(Batch batch, int[] rows, int count, int[] kept) {
        LongVector times = (LongVector) batch.column(time.column());
        long[] before = batch.before();
        int number = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (times.isNull(row)) {
                long position = batch.positions() == null ? -1 : batch.positions()[row];
                errors.add(position, ErrorCode.EVENT_TIME_NULL, "the time of the row is NULL");
            } else if (before != null && before[row] != Long.MIN_VALUE
                    && Math.floorDiv(times.get(row), unitsPerMilli) <= before[row]) {
                metrics.addLateRows(1);
            } else if (times.get(row) <= releasedTo && watermark != Long.MIN_VALUE) {
                // Of inputs that joined late.
                metrics.addRowsOfClosedWindows(1);
            } else {
                kept[number++] = row;
            }
        }
        return number;
    }

    @Override
    public void advanceTo(long risen) {
        if (risen <= watermark) {
            return;
        }
        passed = watermark;
        watermark = risen;
        leftTo = releasedTo;
        releasedTo = Math.max(releasedTo, lastTime(risen));
        release();
    }

    /** The last time that no row to come can have, in units of the time column. */
    private long lastTime(long millis) {
        if (millis == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        } else if (time == null) {
            return Long.MIN_VALUE;
        }
        long last = millis - time.behindMillis();
        boolean isOver = time.behindMillis() < 0 && last < millis;
        if (isOver || last > Long.MAX_VALUE / unitsPerMilli - 1) {
            return Long.MAX_VALUE;
        }
        boolean isUnder = time.behindMillis() > 0 && last > millis;
        return (isUnder ? Long.MIN_VALUE / unitsPerMilli : Math.max(last, Long.MIN_VALUE / unitsPerMilli))
                * unitsPerMilli + unitsPerMilli - 1;
    }

    private void release() {
        waiting.release(releasedTo);
        if (sort.isNone()) {
            return;
        }
        long[] times = waiting.times();
        int end = waiting.next() + waiting.left();
        for (int from = waiting.next(); from < end;) {
            int to = from + 1;
            while (to < end && times[to] == times[from]) {
                to++;
            }
            if (to - from > 1) {
                sort.sort(store, waiting.refs(), from, to - from);
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
        while (waiting.left() > 0) {
            int count = Math.min(Batch.ROWS, waiting.left());
            int from = waiting.next();
            int skipped = (int) Math.min(count, Math.max(0, offset - passedRows));
            int wanted = limit == ResultOrder.NO_LIMIT ? count - skipped
                    : (int) Math.min(count - skipped, offset + limit - Math.max(passedRows, offset));
            Batch result = wanted > 0 ? read(from + skipped, wanted) : null;
            store.release(waiting.refs(), from, count);
            waiting.take(count);
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
            store.read(column, waiting.refs(), from, count, columns[column]);
        }
        return Batch.of(columns, count);
    }

    @Override
    public long outputWatermark() {
        return waiting.left() == 0 ? watermark : passed;
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeInt(STATE_VERSION);
        out.writeLong(watermark);
        out.writeLong(passed);
        out.writeLong(releasedTo);
        out.writeLong(leftTo);
        out.writeLong(passedRows);
        out.writeInt(waiting.left());
        out.writeString(inputName);
        List<String> names = waiting.names();
        out.writeInt(names.size());
        names.forEach(out::writeString);
        return store.save(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("ORDER BY", STATE_VERSION);
        watermark = in.readLong();
        passed = in.readLong();
        releasedTo = in.readLong();
        leftTo = in.readLong();
        passedRows = in.readLong();
        left = in.readInt();
        inputName = in.readString();
        for (int inputs = in.readInt(); inputs > 0; inputs--) {
            waiting.input(in.readString());
        }
        store.restore(in);
        if (time != null && watermark != Long.MIN_VALUE) {
            store.forgetUpTo(time.column(), left == 0 ? releasedTo : leftTo);
        }
    }

    /**
     * Puts the rows in order again, and takes away those that had left: they are the first of those that are released, as
     * they were then.
     */
    @Override
    public void restored() {
        for (int page : store.takeRestored()) {
            int count = store.rowsOf(page);
            int[] refs = new int[count];
            Arrays.setAll(refs, row -> RowStore.ref(page, row));
            for (int from = 0; from < count;) {
                int number = store.input(refs[from]);
                int to = from + 1;
                while (to < count && store.input(refs[to]) == number) {
                    to++;
                }
                LongVector times = new LongVector(to - from);
                if (time != null) {
                    store.read(time.column(), refs, from, to - from, times);
                }
                waiting.add(
                        waiting.input(number), times.values(), Arrays.copyOfRange(refs, from, to), to - from, false);
                from = to;
            }
        }
        if (releasedTo != Long.MIN_VALUE) {
            release();
            int gone = waiting.left() - left;
            store.release(waiting.refs(), waiting.next(), gone);
            waiting.take(gone);
        }
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
        if (!old.emptied) {
            old.emptied = true;
            old.waiting.release(Long.MAX_VALUE);
        }
        List<String> names = old.waiting.names().stream().map(share.inputNames()).toList();
        int end = old.waiting.next() + old.waiting.left();
        for (int from = old.waiting.next(); from < end;) {
            int inputBefore = old.store.input(old.waiting.refs()[from]);
            int to = from + 1;
            while (to < end && to - from < Batch.ROWS && old.store.input(old.waiting.refs()[to]) == inputBefore) {
                to++;
            }
            int count = to - from;
            Vector[] columns = new Vector[storages.length];
            for (int column = 0; column < columns.length; column++) {
                columns[column] = Vector.create(storages[column], count);
                old.store.read(columnsBefore.get(column), old.waiting.refs(), from, count, columns[column]);
            }
            int[] refs = new int[count];
            WaitingRows.Input now = waiting.input(names.get(inputBefore));
            store.append(
                    Batch.of(columns, count), allColumns, identity(count), new int[count], now.number(), count, refs);
            waiting.add(now, Arrays.copyOfRange(old.waiting.times(), from, to), refs, count, true);
            from = to;
        }
    }

    @Override
    public long stateBytes() {
        return store.bytes() + waiting.bytes() + arena.bytes();
    }
}
