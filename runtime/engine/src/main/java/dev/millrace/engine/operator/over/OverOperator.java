// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.Operator;
import dev.millrace.engine.operator.OperatorMetrics;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.TimeColumn;
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
    private final OverCall[] calls;
    private final Storage[] storages;
    private final int inputColumns;
    private final RowErrors errors;

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

    private final TimedRows rows;
    private final Frame[] frames;
    private final Frame[] frameOfCall;
    private final FrameFunction[] functions;
    private final BatchArena arena = new BatchArena();

    /** Groups that there is room for in the frames and functions. */
    private int groupsReserved;

    // Scratch.
    private final RowNumbers rowNumbers = new RowNumbers();
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
        int timeColumn = step.timeColumn();
        calls = step.calls().toArray(OverCall[]::new);
        storages = step.output().columns().stream().map(Column::type).map(SqlType::storage).toArray(Storage[]::new);
        inputColumns = schema.size();
        this.errors = errors;
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
        rows = new TimedRows(
                schema, new TimeColumn(timeColumn, 0), storedStorages, storedCount, errors, metrics);
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
        return rows.waiting().left() == 0;
    }

    @Override
    public void from(String name) {
        rows.from(name);
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
        arena.reset();
        int count = rows.select(batch, arena);
        if (count > 0) {
            int[] groups = arena.ints(count);
            findGroups(batch, rows.selected(), count, groups);
            rows.append(batch, stored, groups, arena);
        }
    }

    private void findGroups(Batch batch, int[] selected, int count, int[] groups) {
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
        table.lookup(columns, selected, 0, count, hashes, groups);
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
        rows.advanceTo(risen);
    }

    @Override
    public Batch poll() {
        WaitingRows waiting = rows.waiting();
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
        int[] refs = rows.waiting().refs();
        int from = rows.waiting().next();
        int[] groups = arena.ints(count);
        rows.store().readGroups(refs, from, count, groups);
        Vector[] columns = readColumns(refs, from, count, groups);
        rows.leave(count);
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
                rows.store().read(place, refs, from, count, vector);
            } else if (place == IN_TIMES) {
                System.arraycopy(rows.waiting().times(), from, ((LongVector) vector).values(), 0, count);
            } else if (keyTexts[IN_KEYS - place] != null) {
                keyTexts[IN_KEYS - place].read(groups, count, (BytesVector) vector);
            } else {
                table.writeKeys(IN_KEYS - place, groups, rowNumbers.upTo(count), 0, count, vector);
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
        return rows.outputWatermark();
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeInt(STATE_VERSION);
        rows.saveProgress(out);
        out.writeBoolean(ages != null);
        if (ages != null) {
            ages.saveClock(out);
        }
        return groupState.save(out, portion) & rows.saveRows(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("OVER", STATE_VERSION);
        rows.restoreProgress(in);
        if (in.readBoolean()) {
            GroupAges.restoreClock(in, ages);
        }
        groupState.restorePortion(in);
        rows.restoreRows(in);
    }

    /** Takes away the rows that had left: they are the first of those that are released, as they were then. */
    @Override
    public void restored() {
        table.rebuild();
        rows.restored(refs -> countRestored(refs, 0, refs.length, 1));
        countRestored(rows.waiting().refs(), rows.waiting().next(), rows.gone(), -1);
        rows.leave(rows.gone());
    }

    private void countRestored(int[] refs, int from, int count, int more) {
        if (ages != null) {
            int[] groups = new int[count];
            rows.store().readGroups(refs, from, count, groups);
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
        old.rows.releaseAll();
        RowStore store = old.rows.store();
        WaitingRows waiting = old.rows.waiting();
        List<String> names = waiting.names().stream().map(share.inputNames()).toList();
        int end = waiting.next() + waiting.left();
        int[] allStored = IntStream.range(0, stored.length).toArray();
        for (int at = waiting.next(); at < end; at += Batch.ROWS) {
            int number = Math.min(Batch.ROWS, end - at);
            int[] groups = new int[number];
            store.readGroups(waiting.refs(), at, number, groups);
            int[] refs = new int[number];
            long[] times = new long[number];
            int[] groupsNow = new int[number];
            int count = 0;
            for (int i = 0; i < number; i++) {
                if (numbers[groups[i]] != StateMapping.NONE) {
                    refs[count] = waiting.refs()[at + i];
                    times[count] = waiting.times()[at + i];
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
            Batch batch = Batch.of(columns, count);
            for (int from = 0; from < count;) {
                int to = store.endOfInput(refs, from, count);
                rows.takeOver(
                        names.get(store.input(refs[from])), batch, allStored, IntStream.range(from, to).toArray(),
                        Arrays.copyOfRange(groupsNow, from, to), Arrays.copyOfRange(times, from, to));
                from = to;
            }
        }
    }

    /** An input column of some rows that wait. */
    private Vector readWaiting(int column, int[] refs, long[] times, int[] groups, int count) {
        Vector vector = Vector.create(storages[column], Math.max(1, count));
        if (places[column] >= 0) {
            rows.store().read(places[column], refs, 0, count, vector);
        } else if (places[column] == IN_TIMES) {
            System.arraycopy(times, 0, ((LongVector) vector).values(), 0, count);
        } else {
            table.writeKeys(IN_KEYS - places[column], groups, rowNumbers.upTo(count), 0, count, vector);
        }
        return vector;
    }

    @Override
    public long stateBytes() {
        long bytes = rows.bytes() + table.bytes() + groupState.portions.bytes() + arena.bytes();
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
