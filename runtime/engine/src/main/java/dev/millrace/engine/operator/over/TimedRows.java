// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.OperatorMetrics;
import dev.millrace.engine.plan.TimeColumn;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rows that wait until the watermark has passed their time: then no row before them is still to come. They leave in the
 * order of time, input and position, whatever the order in which inputs were read. Rows without a time wait for the end of
 * the input.
 *
 * <p>A batch is taken in two steps: {@link #select} chooses its rows that wait, {@link #append} keeps them.
 */
final class TimedRows {
    /** Null if all rows wait for the end. */
    private final TimeColumn time;

    private final long unitsPerMilli;

    /** Which column of the store is the time; it is read from there after a restore only. */
    private final int storedTime;

    private final RowErrors errors;
    private final OperatorMetrics metrics;
    private final RowStore store;
    private final WaitingRows waiting = new WaitingRows();
    private final RowNumbers rowNumbers = new RowNumbers();

    private WaitingRows.Input input;
    private String inputName = "";
    private long watermark = Long.MIN_VALUE;

    /** The watermark before the last one: no row up to it was still to be polled then. */
    private long passed = Long.MIN_VALUE;

    /** Rows up to this time were released, in units of the time column. */
    private long releasedTo = Long.MIN_VALUE;

    /** The same before the watermark rose last: all rows up to it have left. */
    private long leftTo = Long.MIN_VALUE;

    /** While portions are restored: of the rows that were released, how many had not left. */
    private int left;

    /** Whether all rows were released, for others to take them over. */
    private boolean emptied;

    // The batch that is taken: its rows that wait.
    private int[] rows;
    private long[] times;
    private int count;
    private boolean ordered;

    /**
     * @param schema the columns of the batches
     * @param time which of them is the time; null if all rows wait for the end
     * @param storages the columns that are kept
     * @param storedTime which of these is the time, if there is one
     */
    TimedRows(
            Schema schema, TimeColumn time, Storage[] storages, int storedTime, RowErrors errors,
            OperatorMetrics metrics) {
        this.time = time;
        unitsPerMilli = time == null ? 1 : schema.type(time.column()).unitsPerSecond() / 1_000;
        this.storedTime = storedTime;
        this.errors = errors;
        this.metrics = metrics;
        store = new RowStore(storages);
    }

    RowStore store() {
        return store;
    }

    /** The references of the rows, and which of them were released. */
    WaitingRows waiting() {
        return waiting;
    }

    /** The rows of the batches from now on are of this input. */
    void from(String name) {
        if (input == null || !inputName.equals(name)) {
            inputName = name;
            input = waiting.input(name);
        }
    }

    /** Chooses the rows of a batch that have a time, are not late, and behind those released; gives their number. */
    int select(Batch batch, BatchArena arena) {
        requireInserts(batch);
        rows = rowNumbers.of(batch);
        count = batch.size();
        times = arena.longs(count);
        ordered = true;
        if (time == null) {
            Arrays.fill(times, 0, count, 0);
            return count;
        }
        if (batch.column(time.column()).nulls() != null || batch.before() != null) {
            leaveOutLate(batch, arena.ints(count));
        }
        if (readTimes((LongVector) batch.column(time.column())) <= releasedTo && releasedTo != Long.MIN_VALUE) {
            leaveOutPassed(arena.ints(count));
        }
        return count;
    }

    private static void requireInserts(Batch batch) {
        for (int i = 0; batch.kinds() != null && i < batch.size(); i++) {
            if (batch.kinds()[batch.row(i)] != RowKind.INSERT.code()) {
                throw new IllegalStateException("rows that change have no order");
            }
        }
    }

    private void leaveOutLate(Batch batch, int[] kept) {
        LongVector values = (LongVector) batch.column(time.column());
        final long[] before = batch.before();
        final int[] rows = this.rows;
        final int count = this.count;
        int number = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (values.isNull(row)) {
                long position = batch.positions() == null ? -1 : batch.positions()[row];
                errors.add(position, ErrorCode.EVENT_TIME_NULL, "the time of the row is NULL");
            } else if (before != null && before[row] != Long.MIN_VALUE
                    && Math.floorDiv(values.get(row), unitsPerMilli) <= before[row]) {
                metrics.addLateRows(1);
            } else {
                kept[number++] = row;
            }
        }
        this.rows = kept;
        this.count = number;
    }

    /** Gives the least of the times. */
    private long readTimes(LongVector vector) {
        final long[] values = vector.values();
        final int[] rows = this.rows;
        final long[] times = this.times;
        final int count = this.count;
        boolean inOrder = true;
        long least = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            long value = values[rows[i]];
            times[i] = value;
            inOrder &= value >= last;
            least = Math.min(least, value);
            last = value;
        }
        ordered = inOrder;
        return least;
    }

    /** Leaves out rows up to those that were released: inputs that joined late may have some. */
    private void leaveOutPassed(int[] kept) {
        final int[] rows = this.rows;
        final long[] times = this.times;
        final long releasedTo = this.releasedTo;
        final int count = this.count;
        int number = 0;
        for (int i = 0; i < count; i++) {
            if (times[i] > releasedTo) {
                times[number] = times[i];
                kept[number++] = rows[i];
            }
        }
        metrics.addRowsOfClosedWindows(count - number);
        this.rows = kept;
        this.count = number;
    }

    /** The rows that were selected, by their numbers in the batch. */
    int[] selected() {
        return rows;
    }

    /**
     * Keeps the rows that were selected.
     *
     * @param columns which columns of the batch are kept
     * @param groups the group of each row
     */
    void append(Batch batch, int[] columns, int[] groups, BatchArena arena) {
        from(inputName);
        int[] refs = arena.ints(count);
        store.append(batch, columns, rows, groups, input.number(), count, refs);
        waiting.add(input, times, refs, count, ordered);
    }

    /**
     * Takes over rows that waited elsewhere, of one input and in its order.
     *
     * @param columns which columns of the batch are kept
     * @param chosen the rows of the batch
     * @param groups the group of each of them
     * @param orderedTimes the time of each of them
     */
    void takeOver(String from, Batch batch, int[] columns, int[] chosen, int[] groups, long[] orderedTimes) {
        WaitingRows.Input now = waiting.input(from);
        int number = orderedTimes.length;
        int[] refs = new int[number];
        store.append(batch, columns, chosen, groups, now.number(), number, refs);
        waiting.add(now, orderedTimes, refs, number, true);
    }

    /** Releases the rows that a watermark has passed, if it is higher than the one before; gives whether it is. */
    boolean advanceTo(long risen) {
        if (risen <= watermark) {
            return false;
        }
        passed = watermark;
        watermark = risen;
        leftTo = releasedTo;
        releasedTo = lastTime(risen);
        waiting.release(releasedTo);
        return true;
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

    /** Releases all rows, for others to take them over. */
    void releaseAll() {
        if (!emptied) {
            emptied = true;
            waiting.release(Long.MAX_VALUE);
        }
    }

    /** The next so many released rows leave. */
    void leave(int number) {
        store.release(waiting.refs(), waiting.next(), number);
        waiting.take(number);
    }

    /** See {@link dev.millrace.engine.operator.Operator#outputWatermark}. */
    long outputWatermark() {
        return waiting.left() == 0 ? watermark : passed;
    }

    /** Writes how far the rows have come; with each portion. */
    void saveProgress(StateWriter out) {
        out.writeLong(watermark);
        out.writeLong(passed);
        out.writeLong(releasedTo);
        out.writeLong(leftTo);
        out.writeInt(waiting.left());
        out.writeString(inputName);
        List<String> names = waiting.names();
        out.writeInt(names.size());
        names.forEach(out::writeString);
    }

    /** Writes the rows of a portion; gives whether the image is complete. */
    boolean saveRows(StateWriter out, Portion portion) {
        return store.save(out, portion);
    }

    void restoreProgress(StateReader in) {
        watermark = in.readLong();
        passed = in.readLong();
        releasedTo = in.readLong();
        leftTo = in.readLong();
        left = in.readInt();
        inputName = in.readString();
        for (int inputs = in.readInt(); inputs > 0; inputs--) {
            waiting.input(in.readString());
        }
    }

    /** Takes over the rows of a portion, behind its progress. */
    void restoreRows(StateReader in) {
        store.restore(in);
        if (time != null && releasedTo != Long.MIN_VALUE) {
            store.forgetUpTo(storedTime, left == 0 ? releasedTo : leftTo);
        }
    }

    /**
     * Puts the rows of all portions in order again, and releases those that were. The first {@link #gone} of them had left.
     *
     * @param eachPage takes references to rows, page by page
     */
    void restored(Consumer<int[]> eachPage) {
        for (int page : store.takeRestored()) {
            int[] refs = new int[store.rowsOf(page)];
            Arrays.setAll(refs, row -> RowStore.ref(page, row));
            eachPage.accept(refs);
            for (int from = 0; from < refs.length;) {
                int to = store.endOfInput(refs, from, refs.length);
                LongVector restoredTimes = new LongVector(to - from);
                if (time != null) {
                    store.read(storedTime, refs, from, to - from, restoredTimes);
                }
                waiting.add(
                        waiting.input(store.input(refs[from])), restoredTimes.values(),
                        Arrays.copyOfRange(refs, from, to), to - from, false);
                from = to;
            }
        }
        if (releasedTo != Long.MIN_VALUE) {
            waiting.release(releasedTo);
        }
    }

    /** After a restore, how many of the rows that are released again had left. */
    int gone() {
        return waiting.left() - left;
    }

    long bytes() {
        return store.bytes() + waiting.bytes() + rowNumbers.bytes();
    }
}
