// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.RowFilter;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Misfits;
import dev.millrace.engine.operator.aggregate.retract.HeldBytes;
import dev.millrace.engine.operator.aggregate.retract.Tally;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.GroupAges;
import dev.millrace.engine.state.GroupPortions;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.GroupState;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Round;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/**
 * GROUP BY over rows that can be taken back, to changes.
 *
 * <p>After every change of the input (an update, with both its halves, is one) the groups that it touched give their new
 * row if it is another one than before: +I for a group that was not seen, +U after it, and −D when its last row has gone
 * or it stops to pass HAVING. The global group stays once a row has come. As long as a result is out of
 * the range of its type the group is not seen, and every change of it is told of as an error.
 *
 * <p>A portion of state holds all of each group that has changed: with MIN, MAX or DISTINCT, all its operands.
 */
final class RetractingAggregateOperator implements Operator, GroupState, GroupAges.Owner {
    private static final int STATE_VERSION = 3;

    // What the objects of a group take, about.
    private static final int ARRAY_BYTES = 24;
    private static final int TALLY_BYTES = 80;

    private final int[] keys;
    private final List<Storage> keyStorages;
    private final List<AggregateCall> calls;
    private final Storage[] outputStorages;
    private final boolean coalesces;
    private final boolean givesEmptyResult;
    private final int groupsMax;
    private final KeyHasher hasher;
    private final RowFilter having;
    private final RowErrors errors;
    private final ResultErrors resultErrors;
    private final OperatorMetrics metrics;
    private final BatchArena arena = new BatchArena();
    private final HeldBytes held = new HeldBytes();

    private final GroupTable table;
    private final GroupPortions portions = new GroupPortions(this);

    /** When groups were refreshed; null where they are kept. */
    private final GroupAges ages;

    private final Round round = new Round();

    /** By group, its rows. */
    private long[] counts = new long[64];

    /** By group, whether the last row given of it stands; that row then is what its tallies give. */
    private boolean[] visible = new boolean[64];

    /** By group and aggregate; null for a group without rows that is not the global one. */
    private Tally[][] tallies = new Tally[64][];

    private long watermark = Long.MIN_VALUE;
    private boolean ended;
    private Batch waiting;

    // Scratch by group: the stamp of the batch and of the change that touched it last, where it stands among those that the
    // change touched, and the candidate that was given of it last.
    private long[] batchStamps = new long[0];
    private long[] changeStamps = new long[0];
    private int[] places = new int[0];
    private int[] given = new int[0];
    private long lastStamp;

    // The groups that the change has touched, with the position of the last row that did.
    private int[] touched = new int[0];
    private long[] touchedPositions = new long[0];
    private int touchedCount;

    // Candidates for the result: the rows of groups before the batch and after each change.
    private Vector[] columns;
    private long[] positions;
    private int[] groups;
    private boolean[] passes;
    private boolean[] isBefore;
    private final Misfits misfits = new Misfits();
    private int count;
    private final RowNumbers rowNumbers = new RowNumbers();

    /** @param having the condition of HAVING, or null */
    RetractingAggregateOperator(
            Schema input, Step.Aggregate step, PipelineOptions options, RowFilter having, RowErrors errors,
            OperatorMetrics metrics) {
        keys = step.keys().stream().mapToInt(Integer::intValue).toArray();
        keyStorages = step.keys().stream().map(key -> input.type(key).storage()).toList();
        calls = step.aggregates();
        outputStorages =
                step.output().columns().stream().map(column -> column.type().storage()).toArray(Storage[]::new);
        if (outputStorages.length != keys.length + calls.size()) {
            throw new IllegalArgumentException("an aggregation gives other columns than its plan says");
        }
        coalesces = options.coalesce() != Coalesce.NONE;
        givesEmptyResult = options.partition() == 0 && keys.length == 0;
        groupsMax = options.groupsMax();
        hasher = new KeyHasher(step.keys());
        this.having = having;
        this.errors = errors;
        resultErrors = new ResultErrors(step, errors);
        this.metrics = metrics;
        table = new GroupTable(keyStorages, groupsMax);
        ages = GroupAges.of(step.ttl());
    }

    /** The global group stays once a row has come; it begins anew with the next row if it has expired. */
    @Override
    public void clock(long millis) {
        if (ages == null) {
            return;
        }
        ages.clock(millis);
        if (!isGlobal()) {
            ages.sweep(round, table, ages.takeLooks(), this, portions);
        }
    }

    @Override
    public boolean isHeld(int group) {
        return false;
    }

    @Override
    public void forget(int group) {
        release(group);
        counts[group] = 0;
        visible[group] = false;
    }

    @Override
    public boolean needsInput() {
        return waiting == null;
    }

    @Override
    public void add(Batch batch) {
        arena.reset();
        int size = batch.size();
        int[] numbers = find(batch);
        startCandidates(size * 2);
        long batchStamp = ++lastStamp;
        long changeStamp = ++lastStamp;
        for (int i = 0; i < size; i++) {
            boolean isUpdate = UpdateMatcher.isUpdate(batch, i);
            take(batch, batch.row(i), numbers[i], batchStamp, changeStamp);
            if (isUpdate) {
                i++;
                take(batch, batch.row(i), numbers[i], batchStamp, changeStamp);
            }
            if (!coalesces || i == size - 1) {
                endChange();
                changeStamp = ++lastStamp;
            }
        }
        waiting = changes();
        forgetEmpty(numbers, size);
    }

    /** The groups of the selected rows. */
    private int[] find(Batch batch) {
        int size = batch.size();
        int[] numbers = arena.ints(size);
        long[] hashes = arena.longs(batch.rowCount());
        hasher.hash(batch, hashes);
        Vector[] keyColumns = new Vector[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keyColumns[i] = batch.column(keys[i]);
        }
        int[] selected = rowNumbers.of(batch);
        int sizeBefore = table.size();
        table.lookup(keyColumns, selected, 0, size, hashes, numbers);
        for (int i = 0; i < table.reusedCount(); i++) {
            portions.touchKey(table.reused(i));
        }
        portions.touch(numbers, 0, size);
        reserve(table.size());
        if (ages != null) {
            ages.use(table, sizeBefore, numbers, 0, size, this);
        }
        if (touched.length < size) {
            touched = new int[size];
            touchedPositions = new long[size];
        }
        return numbers;
    }

    private void startCandidates(int capacity) {
        columns = new Vector[outputStorages.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = arena.vector(outputStorages[i], Math.max(1, capacity));
        }
        positions = arena.longs(capacity);
        groups = arena.ints(capacity);
        passes = new boolean[capacity];
        isBefore = new boolean[capacity];
        misfits.clear();
        count = 0;
    }

    /** Takes a row into its group, or out of it. */
    private void take(Batch batch, int row, int group, long batchStamp, long changeStamp) {
        boolean takesBack = batch.kind(row).takesBack();
        boolean begins = ages != null && counts[group] == 0;
        if (begins && takesBack) {
            metrics.addForgottenRows(1);
            return;
        }
        long position = batch.positions() == null ? -1 : batch.positions()[row];
        if (batchStamps[group] != batchStamp) {
            batchStamps[group] = batchStamp;
            if (visible[group]) {
                isBefore[count] = true;
                addCandidate(group, position);
            }
        }
        if (changeStamps[group] != changeStamp) {
            changeStamps[group] = changeStamp;
            places[group] = touchedCount;
            touched[touchedCount++] = group;
        }
        touchedPositions[places[group]] = position;
        if (begins) {
            // Rows of an earlier group that were taken out of this one may have left something.
            release(group);
            ages.restart(group);
        }
        if (tallies[group] == null) {
            tallies[group] = newTallies();
        }
        counts[group] += takesBack ? -1 : 1;
        if (counts[group] < 0) {
            throw new IllegalStateException("a row is taken out that was never added");
        }
        for (int i = 0; i < calls.size(); i++) {
            AggregateCall call = calls.get(i);
            Vector argument = call.argument() == AggregateCall.NO_ARGUMENT ? null : batch.column(call.argument());
            if (argument != null && argument.isNull(row) || !passesFilter(call, batch, row)) {
                continue;
            }
            if (takesBack) {
                tallies[group][i].subtract(argument, row);
            } else {
                tallies[group][i].add(argument, row);
            }
        }
    }

    private static boolean passesFilter(AggregateCall call, Batch batch, int row) {
        if (call.filter() == AggregateCall.NO_FILTER) {
            return true;
        }
        BooleanVector filter = (BooleanVector) batch.column(call.filter());
        return !filter.isNull(row) && filter.get(row);
    }

    /** The groups touched so far are as the change leaves them. */
    private void endChange() {
        for (int i = 0; i < touchedCount; i++) {
            int group = touched[i];
            boolean exists = counts[group] > 0 || isGlobal();
            passes[count] = exists;
            addCandidate(group, touchedPositions[i]);
            if (!exists) {
                release(group);
            }
        }
        touchedCount = 0;
    }

    private void release(int group) {
        for (int i = 0; tallies[group] != null && i < calls.size(); i++) {
            tallies[group][i].release();
        }
        tallies[group] = null;
    }

    /** Forgets those of some groups that have no rows. */
    private void forgetEmpty(int[] numbers, int count) {
        for (int i = 0; i < count && !isGlobal(); i++) {
            int group = numbers[i];
            if (counts[group] == 0 && !table.isRemoved(group)) {
                table.remove(group);
                portions.touchKey(group);
            }
        }
    }

    /** Adds the row of a group as it is now. */
    private void addCandidate(int group, long position) {
        for (int i = 0; i < calls.size(); i++) {
            if (!tallies[group][i].write(columns[keys.length + i], count)) {
                passes[count] = false;
                columns[keys.length + i].setNull(count);
                misfits.of(i);
                misfits.add(count);
            }
        }
        positions[count] = position;
        groups[count++] = group;
    }

    /** The candidates that make a difference, with what they do; null if there are none. */
    private Batch changes() {
        for (int i = 0; i < keys.length; i++) {
            table.writeKeys(i, groups, rowNumbers.upTo(count), 0, count, columns[i]);
        }
        Batch candidates = new Batch(columns, count, null, count, positions, null, null, null);
        for (int row = 0; !misfits.isEmpty() && row < count; row++) {
            if (misfits.has(row)) {
                resultErrors.add(positions[row], misfits.aggregate(row), columns, row);
            }
        }
        applyHaving(candidates);
        byte[] kinds = new byte[count];
        int[] kept = arena.ints(count);
        int keptCount = 0;
        for (int row = 0; row < count; row++) {
            int group = groups[row];
            RowKind kind = isBefore[row] ? null : kind(row, group);
            if (isBefore[row] || kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER) {
                given[group] = row;
            }
            if (kind != null) {
                kinds[row] = kind.code();
                kept[keptCount++] = row;
            }
        }
        return keptCount == 0 ? null : candidates.withKinds(kinds).withSelection(kept, keptCount);
    }

    private void applyHaving(Batch candidates) {
        if (having == null) {
            return;
        }
        int[] asked = arena.ints(count);
        int askedCount = 0;
        for (int row = 0; row < count; row++) {
            if (passes[row]) {
                asked[askedCount++] = row;
                passes[row] = false;
            }
        }
        Batch passing = having.apply(candidates.withSelection(asked, askedCount), arena, errors);
        for (int i = 0; i < passing.size(); i++) {
            passes[passing.row(i)] = true;
        }
    }

    /** What a candidate does to the result; null if nothing. */
    private RowKind kind(int row, int group) {
        if (passes[row]) {
            boolean isNew = !visible[group];
            visible[group] = true;
            return isNew ? RowKind.INSERT : isSame(row, given[group]) ? null : RowKind.UPDATE_AFTER;
        }
        if (!visible[group]) {
            return null;
        }
        visible[group] = false;
        for (int i = keys.length; i < columns.length; i++) {
            columns[i].clearNull(row);
            columns[i].copyFrom(row, columns[i], given[group]);
        }
        return RowKind.DELETE;
    }

    private boolean isSame(int row, int other) {
        for (int i = keys.length; i < columns.length; i++) {
            if (!columns[i].isSame(row, other)) {
                return false;
            }
        }
        return true;
    }

    private boolean isGlobal() {
        return keys.length == 0;
    }

    private void reserve(int size) {
        if (counts.length < size) {
            int grown = Math.max(size, counts.length * 2);
            counts = Arrays.copyOf(counts, grown);
            visible = Arrays.copyOf(visible, grown);
            tallies = Arrays.copyOf(tallies, grown);
        }
        if (batchStamps.length < counts.length) {
            batchStamps = new long[counts.length];
            changeStamps = new long[counts.length];
            places = new int[counts.length];
            given = new int[counts.length];
        }
    }

    private Tally[] newTallies() {
        return calls.stream().map(call -> Tally.of(call, held, ages != null)).toArray(Tally[]::new);
    }

    @Override
    public void advanceTo(long risen) {
        watermark = Math.max(watermark, risen);
        if (watermark == Long.MAX_VALUE && !ended) {
            ended = true;
            if (givesEmptyResult && table.size() == 0) {
                arena.reset();
                reserve(1);
                startCandidates(1);
                passes[0] = true;
                tallies[0] = newTallies();
                addCandidate(0, -1);
                waiting = changes();
            }
        }
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
        out.writeInt(STATE_VERSION);
        out.writeLong(watermark);
        out.writeBoolean(ended);
        BatchImage.save(waiting, out);
        out.writeBoolean(ages != null);
        if (ages != null) {
            ages.saveClock(out);
        }
        return portions.save(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("groups of rows that change", STATE_VERSION);
        watermark = in.readLong();
        ended = in.readBoolean();
        waiting = BatchImage.restore(in);
        if (in.readBoolean()) {
            GroupAges.restoreClock(in, ages);
        }
        portions.restore(in);
    }

    @Override
    public void restored() {
        table.rebuild();
    }

    @Override
    public int size() {
        return table.size();
    }

    @Override
    public void clear() {
        table.clear();
        Arrays.fill(counts, 0);
        Arrays.fill(visible, false);
        for (int group = 0; group < tallies.length; group++) {
            release(group);
        }
        portions.clear();
    }

    @Override
    public void save(StateWriter out, GroupSet keys, GroupSet values) {
        table.saveKeys(out, keys);
        out.writeLongs(counts, values);
        out.writeBooleans(visible, values);
        for (int i = 0; i < values.count(); i++) {
            Tally[] ofGroup = tallies[values.id(i)];
            out.writeBoolean(ofGroup != null);
            for (int call = 0; ofGroup != null && call < ofGroup.length; call++) {
                ofGroup[call].save(out);
            }
        }
        GroupAges.save(out, ages, values);
    }

    @Override
    public void restore(StateReader in, GroupSet keys, GroupSet values) {
        table.restoreKeys(in, keys);
        reserve(Math.max(table.size(), values.end()));
        in.readLongs(counts, values);
        in.readBooleans(visible, values);
        for (int i = 0; i < values.count(); i++) {
            int group = values.id(i);
            release(group);
            if (in.readBoolean()) {
                tallies[group] = newTallies();
                for (Tally tally : tallies[group]) {
                    tally.restore(in);
                }
            }
        }
        GroupAges.restore(in, ages, values);
    }

    @Override
    public long stateBytes() {
        long byGroup = counts.length * (8L + 1 + 8) + batchStamps.length * (8L + 8 + 4 + 4);
        long tallyBytes = (long) table.count() * (ARRAY_BYTES + (long) calls.size() * TALLY_BYTES);
        return table.bytes() + byGroup + tallyBytes + held.bytes() + portions.bytes() + arena.bytes()
                + rowNumbers.bytes() + touched.length * 12L + misfits.bytes() + (ages == null ? 0 : ages.bytes());
    }
}
