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
import dev.millrace.engine.state.GroupAges;
import dev.millrace.engine.state.GroupPortions;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.GroupState;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.MovedGroups;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Round;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
    private static final int STATE_VERSION = 3;

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

    /** The input columns in the store; the last of them is the time, which is read from there after a restore only. */
    private final int[] stored;

    private final Storage[] storedStorages;
    private final boolean hashesFit;
    private final KeyHasher hasher;

    /** The keys in the order in which they are hashed. */
    private final List<Integer> hashedBy;
    private final GroupTable table;
    private final FrameGroups groupState;

    /** When keys last came; null where they are kept. */
    private final GroupAges ages;

    private final Round round = new Round();

    /** By group, how many of its rows wait; only where keys are forgotten. */
    private int[] waitingRows = new int[0];

    /** By key column; null for columns that are no texts, and where keys are forgotten. */
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

    /** The same before the watermark rose last: all rows up to it have left. */
    private long leftTo = Long.MIN_VALUE;

    /** While portions are restored: of the rows that were released, how many had not left. */
    private int left;

    /** Groups that there is room for in the frames and functions. */
    private int groupsReserved;

    /** Whether all rows were released, for others to take them over. */
    private boolean emptied;

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
        stored = new int[storedCount + 1];
        storedStorages = new Storage[storedCount + 1];
        stored[storedCount] = timeColumn;
        storedStorages[storedCount] = Storage.LONG;
        for (int column = 0; column < inputColumns; column++) {
            if (places[column] >= 0) {
                stored[places[column]] = column;
                storedStorages[places[column]] = storages[column];
            }
        }
        hashesFit = !hashOrder.isEmpty();
        // Hashes that are computed here must be the ones that come with other batches.
        hasher = new KeyHasher(hashesFit ? hashOrder : step.keys());
        hashedBy = (hashesFit ? hashOrder : step.keys()).stream().map(step.keys()::indexOf).toList();
        table = new GroupTable(step.keys().stream().map(key -> schema.type(key).storage()).toList(), groupsMax);
        keyTexts = new KeyTexts[keys.length];
        for (int i = 0; i < keys.length; i++) {
            // Texts that are written out once would stay when their keys are forgotten.
            boolean stays = step.ttl() == null && storages[keys[i]] == Storage.BYTES;
            keyTexts[i] = stays ? new KeyTexts(table, i) : null;
        }
        ages = GroupAges.of(step.ttl());
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
        groupState = new FrameGroups();
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
    public void clock(long millis) {
        if (ages != null) {
            ages.clock(millis);
            ages.sweep(round, table, ages.takeLooks(), groupState, groupState.portions);
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
        store.append(batch, stored, rows, groups, input.number(), count, refs);
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
        int sizeBefore = table.size();
        table.lookup(columns, rows, 0, count, hashes, groups);
        if (ages != null) {
            groupState.use(sizeBefore, groups, count);
            countWaiting(groups, count, 1);
        }
    }

    private void countWaiting(int[] groups, int count, int more) {
        if (waitingRows.length < table.size()) {
            waitingRows = Arrays.copyOf(waitingRows, Math.max(table.size(), waitingRows.length * 2));
        }
        for (int i = 0; i < count; i++) {
            waitingRows[groups[i]] += more;
        }
    }

    @Override
    public void advanceTo(long risen) {
        if (risen > watermark) {
            passed = watermark;
            watermark = risen;
            leftTo = releasedTo;
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
        groupState.touch(groups, count);
        if (ages != null) {
            countWaiting(groups, count, -1);
        }
        for (int i = 0; i < calls.length; i++) {
            functions[i].prepare(argument(i, columns), groupsReserved);
        }
        groupState.reserve(groupState.size());
        for (Frame frame : frames) {
            frame.advance(groups, count);
        }
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
        out.writeLong(leftTo);
        out.writeInt(waiting.left());
        out.writeString(inputName);
        List<String> names = waiting.names();
        out.writeInt(names.size());
        names.forEach(out::writeString);
        out.writeBoolean(ages != null);
        if (ages != null) {
            ages.saveClock(out);
        }
        return groupState.save(out, portion) & store.save(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("OVER", STATE_VERSION);
        watermark = in.readLong();
        passed = in.readLong();
        releasedTo = in.readLong();
        leftTo = in.readLong();
        left = in.readInt();
        inputName = in.readString();
        for (int inputs = in.readInt(); inputs > 0; inputs--) {
            waiting.input(in.readString());
        }
        if (in.readBoolean()) {
            GroupAges.restoreClock(in, ages);
        }
        groupState.restorePortion(in);
        store.restore(in);
        if (watermark != Long.MIN_VALUE) {
            store.forgetUpTo(stored.length - 1, left == 0 ? releasedTo : leftTo);
        }
    }

    /**
     * Puts the rows in order again, and takes away those that had left: they are the first of those that are released, as
     * they were then.
     */
    @Override
    public void restored() {
        table.rebuild();
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
                store.read(stored.length - 1, refs, from, to - from, times);
                countRestored(refs, from, to - from, 1);
                waiting.add(
                        waiting.input(number), times.values(), Arrays.copyOfRange(refs, from, to), to - from, false);
                from = to;
            }
        }
        if (watermark != Long.MIN_VALUE) {
            waiting.release(releasedTo);
            int gone = waiting.left() - left;
            countRestored(waiting.refs(), waiting.next(), gone, -1);
            store.release(waiting.refs(), waiting.next(), gone);
            waiting.take(gone);
        }
    }

    private void countRestored(int[] refs, int from, int count, int more) {
        if (ages != null) {
            int[] groups = new int[count];
            store.readGroups(refs, from, count, groups);
            for (int group : groups) {
                // Rows that had left may be of a key that was forgotten, and its number beyond those of the table.
                waitingRows = group < waitingRows.length ? waitingRows : Arrays.copyOf(waitingRows, group + 1);
            }
            countWaiting(groups, count, more);
        }
    }

    /** What the frames and functions keep, by group. Groups go where keys are forgotten. */
    private final class FrameGroups implements GroupState, GroupAges.Owner {
        private final GroupPortions portions = new GroupPortions(this);

        /** Notes that rows of these groups leave. */
        void touch(int[] groups, int count) {
            portions.touch(groups, 0, count);
        }

        /** Takes over the groups of rows that come; forgets those that have expired. */
        void use(int sizeBefore, int[] groups, int count) {
            for (int i = 0; i < table.reusedCount(); i++) {
                portions.touchKey(table.reused(i));
            }
            portions.touch(groups, 0, count);
            ages.use(table, sizeBefore, groups, 0, count, this);
        }

        @Override
        public boolean isHeld(int group) {
            return group < waitingRows.length && waitingRows[group] > 0;
        }

        @Override
        public void forget(int group) {
            for (int i = 0; group < groupsReserved && i < frames.length; i++) {
                frames[i].forget(group);
            }
            for (int i = 0; group < groupsReserved && i < functions.length; i++) {
                functions[i].forget(group);
            }
        }

        /** Makes room for so many groups. */
        void reserve(int groups) {
            for (FrameFunction function : functions) {
                function.reserve(groups);
            }
            for (Frame frame : frames) {
                frame.reserve(groups);
            }
            groupsReserved = Math.max(groupsReserved, groups);
        }

        @Override
        public int size() {
            // Without keys all rows are of one group, and the table has none.
            return keys.length == 0 ? 1 : table.size();
        }

        /** There was nothing before what is restored. */
        @Override
        public void clear() {}

        boolean save(StateWriter out, Portion portion) {
            reserve(size());
            return portions.save(out, portion);
        }

        void restorePortion(StateReader in) {
            portions.restore(in);
        }

        @Override
        public void save(StateWriter out, GroupSet keys, GroupSet values) {
            table.saveKeys(out, keys);
            for (Frame frame : frames) {
                frame.save(out, values);
            }
            for (FrameFunction function : functions) {
                function.save(out, values);
            }
            GroupAges.save(out, ages, values);
        }

        @Override
        public void restore(StateReader in, GroupSet keys, GroupSet values) {
            table.restoreKeys(in, keys);
            reserve(Math.max(size(), values.end()));
            for (Frame frame : frames) {
                frame.restore(in, values);
            }
            for (FrameFunction function : functions) {
                function.restore(in, values);
            }
            GroupAges.restore(in, ages, values);
        }
    }

    /** The operator before serves for nothing else any more. */
    @Override
    public void absorb(Operator before, StateMapping mapping, Share share) {
        OverOperator old = (OverOperator) before;
        StateMapping.Frames parts = (StateMapping.Frames) mapping;
        old.groupState.reserve(old.groupState.size());
        GroupSet from = GroupSet.range(0, 1);
        GroupSet to = from;
        if (keys.length > 0) {
            List<Storage> keyStorages = Arrays.stream(keys).mapToObj(key -> storages[key]).toList();
            MovedGroups moved = MovedGroups.move(
                    old.table, table, keyStorages, parts.keys(), parts.routedBy(), hashedBy, share);
            from = moved.from();
            to = moved.to();
            if (ages != null) {
                ages.absorb(old.ages, moved);
            }
        }
        groupState.reserve(groupState.size());
        for (Frame frame : frames) {
            for (Frame same : old.frames) {
                if (same.hasLengthOf(frame)) {
                    absorbFrame(frame, same, parts.calls(), from, to);
                }
            }
        }
        for (int call = 0; call < calls.length; call++) {
            int same = parts.calls().get(call);
            if (same != StateMapping.NONE) {
                StateWriter out = new StateWriter();
                old.functions[same].save(out, from);
                functions[call].restore(new StateReader(out.finish()), to);
            }
        }
        if (!parts.columns().isEmpty()) {
            absorbRows(old, parts.columns(), numbers(old.groupState.size(), from, to), share);
        }
    }

    /** By group before, its number now, or none. */
    private static int[] numbers(int groupsBefore, GroupSet from, GroupSet to) {
        int[] numbers = new int[groupsBefore];
        Arrays.fill(numbers, StateMapping.NONE);
        for (int i = 0; i < from.count(); i++) {
            numbers[from.id(i)] = to.id(i);
        }
        return numbers;
    }

    /** A frame that has rows already; functions that are new have seen NULL in all of them. */
    private void absorbFrame(Frame frame, Frame same, List<Integer> callsBefore, GroupSet from, GroupSet to) {
        int[] added = IntStream.range(0, calls.length)
                .filter(call -> frameOfCall[call] == frame && callsBefore.get(call) == StateMapping.NONE
                        && calls[call].argument() != OverCall.NO_ARGUMENT)
                .toArray();
        int[] groups = new int[Math.min(to.count(), Batch.ROWS)];
        for (int done = 0; done < to.count() && added.length > 0; done += groups.length) {
            int count = groups.length;
            for (int row = 0; count > 0; row++) {
                count = 0;
                for (int i = done; i < Math.min(to.count(), done + groups.length); i++) {
                    if (same.rowsToPosition(from.id(i)) > row) {
                        groups[count++] = to.id(i);
                    }
                }
                if (count > 0) {
                    takeNulls(frame, added, groups, count);
                }
            }
        }
        StateWriter out = new StateWriter();
        same.save(out, from);
        frame.restore(new StateReader(out.finish()), to);
    }

    private void takeNulls(Frame frame, int[] added, int[] groups, int count) {
        arena.reset();
        Vector[] nulls = new Vector[added.length];
        for (int i = 0; i < added.length; i++) {
            nulls[i] = arena.vector(storages[calls[added[i]].argument()], count);
            for (int row = 0; row < count; row++) {
                nulls[i].setNull(row);
            }
            functions[added[i]].prepare(nulls[i], groupsReserved);
            functions[added[i]].reserve(groupsReserved);
        }
        frame.advance(groups, count);
        boolean[] none = new boolean[count];
        for (int i = 0; i < added.length; i++) {
            Vector ignored = arena.vector(storages[inputColumns + added[i]], count);
            functions[added[i]].update(nulls[i], groups, count, ignored, none);
        }
    }

    /** Rows that wait, with their groups; those of one input stay in their order. */
    private void absorbRows(OverOperator old, List<Integer> columnsBefore, int[] numbers, Share share) {
        if (!old.emptied) {
            old.emptied = true;
            old.waiting.release(Long.MAX_VALUE);
        }
        List<String> names = old.waiting.names().stream().map(share.inputNames()).toList();
        int end = old.waiting.next() + old.waiting.left();
        int[] allStored = Arrays.copyOf(identity(stored.length), stored.length);
        for (int at = old.waiting.next(); at < end; at += Batch.ROWS) {
            int number = Math.min(Batch.ROWS, end - at);
            int[] groups = new int[number];
            old.store.readGroups(old.waiting.refs(), at, number, groups);
            int[] refs = new int[number];
            long[] times = new long[number];
            int[] groupsNow = new int[number];
            int count = 0;
            for (int i = 0; i < number; i++) {
                if (numbers[groups[i]] != StateMapping.NONE) {
                    refs[count] = old.waiting.refs()[at + i];
                    times[count] = old.waiting.times()[at + i];
                    groupsNow[count] = numbers[groups[i]];
                    groups[count++] = groups[i];
                }
            }
            if (ages != null) {
                countWaiting(groupsNow, count, 1);
            }
            Vector[] columns = new Vector[stored.length];
            for (int i = 0; i < stored.length; i++) {
                columns[i] = old.readWaiting(columnsBefore.get(stored[i]), refs, times, groups, count);
            }
            Batch rows = Batch.of(columns, count);
            for (int from = 0; from < count;) {
                int inputBefore = old.store.input(refs[from]);
                int to = from + 1;
                while (to < count && old.store.input(refs[to]) == inputBefore) {
                    to++;
                }
                WaitingRows.Input now = waiting.input(names.get(inputBefore));
                int[] refsNow = new int[to - from];
                store.append(
                        rows, allStored, IntStream.range(from, to).toArray(), Arrays.copyOfRange(groupsNow, from, to),
                        now.number(), to - from, refsNow);
                waiting.add(now, Arrays.copyOfRange(times, from, to), refsNow, to - from, true);
                from = to;
            }
        }
    }

    /** An input column of some rows that wait. */
    private Vector readWaiting(int column, int[] refs, long[] times, int[] groups, int count) {
        Vector vector = Vector.create(storages[column], Math.max(1, count));
        if (places[column] >= 0) {
            store.read(places[column], refs, 0, count, vector);
        } else if (places[column] == IN_TIMES) {
            System.arraycopy(times, 0, ((LongVector) vector).values(), 0, count);
        } else {
            table.writeKeys(IN_KEYS - places[column], groups, identity(count), 0, count, vector);
        }
        return vector;
    }

    @Override
    public long stateBytes() {
        long bytes = store.bytes() + waiting.bytes() + table.bytes() + groupState.portions.bytes() + arena.bytes();
        bytes += waitingRows.length * 4L + (ages == null ? 0 : ages.bytes());
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
