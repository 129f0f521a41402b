// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.Operator;
import dev.millrace.engine.operator.OperatorMetrics;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * OVER (PARTITION BY … ORDER BY time ROWS BETWEEN … PRECEDING AND CURRENT ROW): a row for every row.
 *
 * <p>Rows wait until the watermark has passed their time: then no row before them is still to come. They are taken in the
 * order of time, input and position, whatever the order in which inputs were read, so results do not depend on it. The
 * rows of one millisecond are released together.
 *
 * <p>A row is late if its time was at or below the watermark of its own split just before it. Late rows are counted and
 * left out. A result that is out of range leaves out its row, which counts in the frames of the rows behind it.
 */
public final class OverOperator implements Operator {
    private static final int STATE_VERSION = 1;

    /** Where the values of an input column are while the row waits: here, or else the number of a column of the store. */
    private static final int IN_TIMES = -1;

    /** Beyond this one plus the number of a key column: in the table of keys. */
    private static final int IN_KEYS = -2;

    private final int[] keys;
    private final int timeColumn;
    private final long unitsPerMilli;
    private final OverCall[] calls;
    private final Storage[] storages;
    private final int inputColumns;
    private final RowErrors errors;
    private final OperatorMetrics metrics;

    /** By input column where its values are while the row waits. */
    private final int[] places;

    /** The input columns in the store. */
    private final int[] stored;

    private final Storage[] storedStorages;
    private final boolean hashesFit;
    private final KeyHasher hasher;
    private final GroupTable table;

    /** By key column; null for columns that are no texts. */
    private final KeyTexts[] keyTexts;

    private final RowStore store;
    private final WaitingRows waiting = new WaitingRows();
    private final Frame[] frames;
    private final Frame[] frameOfCall;
    private final FrameFunction[] functions;
    private final BatchArena arena = new BatchArena();

    private WaitingRows.Input input;
    private String inputName = "";
    private long watermark = Long.MIN_VALUE;

    /** The watermark before the last one: no row up to it was still to be polled then. */
    private long passed = Long.MIN_VALUE;

    /** Rows up to this time were released, in units of the time column. */
    private long releasedTo = Long.MIN_VALUE;

    /** Groups that have had a row taken. */
    private int groupsTaken;

    // Scratch.
    private int[] identity = new int[0];
    private boolean[] failed = new boolean[0];

    /**
     * @param schema the columns of the batches
     * @param hashOrder the key columns in the order in which the batches' hashes were computed; empty if these hashes
     *     are of other columns or do not exist
     * @param groupsMax most keys; more fail the partition
     */
    public OverOperator(
            Schema schema, Step.Over step, List<Integer> hashOrder, int groupsMax, RowErrors errors,
            OperatorMetrics metrics) {
        keys = step.keys().stream().mapToInt(Integer::intValue).toArray();
        timeColumn = step.timeColumn();
        unitsPerMilli = schema.type(timeColumn).unitsPerSecond() / 1_000;
        calls = step.calls().toArray(OverCall[]::new);
        storages = step.output().columns().stream().map(Column::type).map(SqlType::storage).toArray(Storage[]::new);
        inputColumns = schema.size();
        this.errors = errors;
        this.metrics = metrics;
        if (storages.length != inputColumns + calls.length) {
            throw new IllegalArgumentException("OVER gives other columns than its plan says");
        }
        places = new int[inputColumns];
        int storedCount = 0;
        for (int column = 0; column < inputColumns; column++) {
            int key = step.keys().indexOf(column);
            if (column == timeColumn) {
                places[column] = IN_TIMES;
            } else if (key >= 0 && storages[column] != Storage.DOUBLE) {
                // The keys of doubles are normalised, so -0.0 would come out as 0.0.
                places[column] = IN_KEYS - key;
            } else {
                places[column] = storedCount++;
            }
        }
        stored = new int[storedCount];
        storedStorages = new Storage[storedCount];
        for (int column = 0; column < inputColumns; column++) {
            if (places[column] >= 0) {
                stored[places[column]] = column;
                storedStorages[places[column]] = storages[column];
            }
        }
        hashesFit = !hashOrder.isEmpty();
        // Hashes that are computed here must be the ones that come with other batches.
        hasher = new KeyHasher(hashesFit ? hashOrder : step.keys());
        table = new GroupTable(step.keys().stream().map(key -> schema.type(key).storage()).toList(), groupsMax);
        keyTexts = new KeyTexts[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keyTexts[i] = storages[keys[i]] == Storage.BYTES ? new KeyTexts(table, i) : null;
        }
        store = new RowStore(storedStorages);
        List<Frame> different = new ArrayList<>();
        frameOfCall = new Frame[calls.length];
        functions = new FrameFunction[calls.length];
        for (int i = 0; i < calls.length; i++) {
            int rows = calls[i].rows();
            frameOfCall[i] = different.stream()
                    .filter(frame -> rows == (frame.isUnbounded() ? OverCall.UNBOUNDED : frame.rows()))
                    .findFirst()
                    .orElse(null);
            if (frameOfCall[i] == null) {
                frameOfCall[i] = new Frame(rows);
                different.add(frameOfCall[i]);
            }
            functions[i] = FrameFunction.of(calls[i], frameOfCall[i]);
        }
        frames = different.toArray(Frame[]::new);
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
        arena.reset();
        from(inputName);
        int[] rows = batch.selection() == null ? identity(batch.size()) : batch.selection();
        int count = batch.size();
        Vector time = batch.column(timeColumn);
        if (time.nulls() != null || batch.before() != null) {
            int[] left = arena.ints(count);
            count = leaveOut(batch, rows, count, left);
            rows = left;
        }
        final long[] values = ((LongVector) time).values();
        final long[] times = arena.longs(count);
        boolean ordered = true;
        long least = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            long value = values[rows[i]];
            times[i] = value;
            ordered &= value >= last;
            least = Math.min(least, value);
            last = value;
        }
        if (least <= releasedTo && watermark != Long.MIN_VALUE) {
            int[] left = arena.ints(count);
            count = leaveOutPassed(rows, times, count, left);
            rows = left;
        }
        if (count == 0) {
            return;
        }
        int[] groups = arena.ints(count);
        findGroups(batch, rows, count, groups);
        int[] refs = arena.ints(count);
        store.append(batch, stored, rows, groups, count, refs);
        waiting.add(input, times, refs, count, ordered);
    }

    private static void requireInserts(Batch batch) {
        for (int i = 0; batch.kinds() != null && i < batch.size(); i++) {
            if (batch.kinds()[batch.row(i)] != RowKind.INSERT.code()) {
                throw new IllegalStateException("rows that change have no order for OVER");
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

    /** The rows that have a time and are not late; gives their number. */
    private int leaveOut(Batch batch, int[] rows, int count, int[] left) {
        LongVector time = (LongVector) batch.column(timeColumn);
        long[] before = batch.before();
        int number = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (time.isNull(row)) {
                long position = batch.positions() == null ? -1 : batch.positions()[row];
                errors.add(position, ErrorCode.EVENT_TIME_NULL, "the time of the row is NULL");
            } else if (before != null && before[row] != Long.MIN_VALUE
                    && Math.floorDiv(time.get(row), unitsPerMilli) <= before[row]) {
                metrics.addLateRows(1);
            } else {
                left[number++] = row;
            }
        }
        return number;
    }

    /** The rows behind those that were released: of inputs that joined late there may be others. */
    private int leaveOutPassed(int[] rows, long[] times, int count, int[] left) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            if (times[i] > releasedTo) {
                times[number] = times[i];
                left[number++] = rows[i];
            }
        }
        metrics.addRowsOfClosedWindows(count - number);
        return number;
    }

    private void findGroups(Batch batch, int[] rows, int count, int[] groups) {
        if (keys.length == 0) {
            Arrays.fill(groups, 0, count, 0);
            return;
        }
        Vector[] columns = new Vector[keys.length];
        for (int i = 0; i < keys.length; i++) {
            columns[i] = batch.column(keys[i]);
        }
        long[] hashes = hashesFit ? batch.hashes() : null;
        if (hashes == null) {
            hashes = arena.longs(batch.rowCount());
            hasher.hash(batch, hashes);
        }
        table.lookup(columns, rows, 0, count, hashes, groups);
    }

    @Override
    public void advanceTo(long risen) {
        if (risen > watermark) {
            passed = watermark;
            watermark = risen;
            releasedTo = lastTime(risen);
            waiting.release(releasedTo);
        }
    }

    /** The last time of a millisecond, in units of the time column. */
    private long lastTime(long millis) {
        if (millis > Long.MAX_VALUE / unitsPerMilli - 1) {
            return Long.MAX_VALUE;
        }
        return Math.max(millis, Long.MIN_VALUE / unitsPerMilli) * unitsPerMilli + unitsPerMilli - 1;
    }

    @Override
    public Batch poll() {
        while (waiting.left() > 0) {
            int count = Math.min(Batch.ROWS, waiting.left());
            Batch result = results(count);
            if (result.size() > 0) {
                return result;
            }
        }
        return null;
    }

    private Batch results(int count) {
        arena.reset();
        int[] refs = waiting.refs();
        int from = waiting.next();
        int[] groups = arena.ints(count);
        store.readGroups(refs, from, count, groups);
        Vector[] columns = readColumns(refs, from, count, groups);
        store.release(refs, from, count);
        waiting.take(count);
        int groupsNow = Math.max(1, table.size());
        for (int i = 0; i < calls.length; i++) {
            functions[i].prepare(argument(i, columns), groupsTaken);
            functions[i].reserve(groupsNow);
        }
        for (Frame frame : frames) {
            frame.reserve(groupsNow);
            frame.advance(groups, count);
        }
        groupsTaken = groupsNow;
        boolean anyFailed = false;
        for (int i = 0; i < calls.length; i++) {
            anyFailed |= compute(i, columns, groups, count);
        }
        Batch result = Batch.of(columns, count);
        return anyFailed ? leaveOutFailed(result) : result;
    }

    private Vector[] readColumns(int[] refs, int from, int count, int[] groups) {
        Vector[] columns = new Vector[storages.length];
        for (int column = 0; column < columns.length; column++) {
            Vector vector = arena.vector(storages[column], count);
            columns[column] = vector;
            if (column >= inputColumns) {
                continue;
            }
            int place = places[column];
            if (place >= 0) {
                store.read(place, refs, from, count, vector);
            } else if (place == IN_TIMES) {
                System.arraycopy(waiting.times(), from, ((LongVector) vector).values(), 0, count);
            } else if (keyTexts[IN_KEYS - place] != null) {
                keyTexts[IN_KEYS - place].read(groups, count, (BytesVector) vector);
            } else {
                table.writeKeys(IN_KEYS - place, groups, identity(count), 0, count, vector);
            }
        }
        return columns;
    }

    private Vector argument(int call, Vector[] columns) {
        return calls[call].argument() == OverCall.NO_ARGUMENT ? null : columns[calls[call].argument()];
    }

    private boolean compute(int call, Vector[] columns, int[] groups, int count) {
        if (failed.length < count) {
            failed = new boolean[count];
        }
        Vector result = columns[inputColumns + call];
        boolean fails = functions[call].update(argument(call, columns), groups, count, result, failed);
        int otherwise = calls[call].otherwise();
        if (calls[call].function() == OverFunction.LAG && otherwise != OverCall.NO_DEFAULT) {
            Frame frame = frameOfCall[call];
            for (int i = 0; i < count; i++) {
                if (frame.at()[i] < frame.rows()) {
                    result.clearNull(i);
                    result.copyFrom(i, columns[otherwise], i);
                }
            }
        }
        return fails;
    }

    private Batch leaveOutFailed(Batch result) {
        int[] left = arena.ints(result.size());
        int count = 0;
        for (int row = 0; row < result.size(); row++) {
            if (failed[row]) {
                failed[row] = false;
                errors.add(-1, ErrorCode.OVERFLOW, "the result of OVER leaves the range of its type");
            } else {
                left[count++] = row;
            }
        }
        return result.withSelection(left, count);
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
        out.writeString(inputName);
        int[] left = Arrays.copyOfRange(waiting.refs(), waiting.next(), waiting.next() + waiting.left());
        saveRows(Arrays.copyOfRange(waiting.times(), waiting.next(), waiting.next() + waiting.left()), left, out);
        out.writeInt(waiting.inputs().size());
        for (WaitingRows.Input each : waiting.inputs()) {
            out.writeString(each.name());
            out.writeInt(each.runs().size());
            for (SortedRun run : each.runs()) {
                saveRows(run.times(), run.refs(), out);
            }
        }
        table.save(out);
        out.writeInt(groupsTaken);
        for (Frame frame : frames) {
            frame.save(out, groupsTaken);
        }
        for (FrameFunction function : functions) {
            function.save(out, groupsTaken);
        }
        return true;
    }

    /** A piece of rows in order: times, groups, columns; in portions of a batch. */
    private void saveRows(long[] times, int[] refs, StateWriter out) {
        out.writeInt(refs.length);
        out.writeLongs(times, 0, times.length);
        int[] groups = new int[Math.min(refs.length, Batch.ROWS)];
        for (int done = 0; done < refs.length; done += groups.length) {
            int count = Math.min(groups.length, refs.length - done);
            store.readGroups(refs, done, count, groups);
            out.writeInts(groups, 0, count);
            Vector[] columns = new Vector[stored.length];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = Vector.create(storedStorages[i], count);
                store.read(i, refs, done, count, columns[i]);
            }
            BatchImage.save(Batch.of(columns, count), out);
        }
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("OVER", STATE_VERSION);
        watermark = in.readLong();
        passed = in.readLong();
        releasedTo = in.readLong();
        inputName = in.readString();
        long[] times = new long[in.readInt()];
        waiting.restoreReleased(times, restoreRows(times, in));
        int inputs = in.readInt();
        for (int i = 0; i < inputs; i++) {
            WaitingRows.Input each = waiting.input(in.readString());
            int runs = in.readInt();
            for (int run = 0; run < runs; run++) {
                long[] runTimes = new long[in.readInt()];
                int[] refs = restoreRows(runTimes, in);
                SortedRun restored = new SortedRun();
                restored.append(runTimes, refs, refs.length);
                each.runs().add(restored);
            }
        }
        table.restore(in);
        groupsTaken = in.readInt();
        for (Frame frame : frames) {
            frame.restore(in, groupsTaken);
        }
        for (FrameFunction function : functions) {
            function.restore(in, groupsTaken);
        }
    }

    /** Fills the times; gives the references of the rows. */
    private int[] restoreRows(long[] times, StateReader in) {
        in.readLongs(times, 0, times.length);
        int[] refs = new int[times.length];
        int[] groups = new int[Math.min(refs.length, Batch.ROWS)];
        int[] part = new int[groups.length];
        int[] storeColumns = Arrays.copyOf(identity(stored.length), stored.length);
        for (int done = 0; done < refs.length; done += groups.length) {
            int count = Math.min(groups.length, refs.length - done);
            in.readInts(groups, 0, count);
            Batch batch = BatchImage.restore(in);
            store.append(batch, storeColumns, identity(count), groups, count, part);
            System.arraycopy(part, 0, refs, done, count);
        }
        return refs;
    }

    @Override
    public long stateBytes() {
        long bytes = store.bytes() + waiting.bytes() + table.bytes() + arena.bytes();
        for (Frame frame : frames) {
            bytes += frame.bytes();
        }
        for (FrameFunction function : functions) {
            bytes += function.bytes();
        }
        for (KeyTexts texts : keyTexts) {
            bytes += texts == null ? 0 : texts.bytes();
        }
        return bytes;
    }
}
