// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.RowFilter;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.operator.aggregate.Misfits;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.state.MovedGroups;
import dev.millrace.engine.state.NewGroups;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What aggregations with and without windows have in common: it takes the rows of a batch into panes and makes the
 * batches that leave. It keeps nothing from one batch to the next; the state is in the panes.
 *
 * <p>For each batch {@link #begin}, then {@link #take} once per pane, then {@link #finish}.
 *
 * <p>Every row counts, whatever the results are. The row of a group with a result out of the range of its type is not
 * given; it is told of instead, each time it would be given.
 */
final class Grouping {
    private static final byte INSERT = RowKind.INSERT.code();
    private static final byte UPDATE_AFTER = RowKind.UPDATE_AFTER.code();
    private static final byte DELETE = RowKind.DELETE.code();

    /** A batch is sparse if it has so many times more rows than are selected. */
    private static final int SPARSE_FACTOR = 2;

    /** The rows of one batch that went into one pane. */
    private record Touch(Pane pane, int from, int to, int groupsBefore) {}

    private final int[] keys;
    private final List<Storage> keyStorages;
    private final AggregateUpdate[] updates;
    private final Storage[] outputStorages;
    private final long windowMillis;
    private final int firstKey;
    private final int firstAggregate;
    private final boolean changes;
    private final boolean coalesces;
    private final boolean gathers;
    private final StateTtl ttl;
    private final int groupsMax;
    private final boolean[] columnsRead;
    private final boolean hashesFit;

    /** The keys in the order in which they are hashed. */
    private final List<Integer> hashedBy;
    private final KeyHasher hasher;

    /** The columns of combined rows; null if none can come. */
    private final CombinedRows combined;

    private final RowFilter having;
    private final RowErrors errors;
    private final ResultErrors resultErrors;
    private final BatchArena arena = new BatchArena();

    // The batch being processed.
    private Batch batch;
    private Vector[] keyVectors;

    /** By aggregate the partial results; null if the rows are no combined ones. */
    private Vector[][] partials;

    private long[] hashes;
    private int[] rows;
    private int count;
    private int[] groups;
    private Vector[] results;
    private Vector[] previous;
    private final List<Touch> touches = new ArrayList<>();

    /** Of the rows of results that are being made, those that can't be given. */
    private final Misfits misfits = new Misfits();

    // Scratch.
    private final RowNumbers rowNumbers = new RowNumbers();
    private byte[] kinds = new byte[0];
    private boolean[] kept = new boolean[0];
    private boolean[] passes = new boolean[0];

    /**
     * @param input the columns of the batches
     * @param hashOrder the key columns in the order in which the batches' hashes were computed; empty if these hashes
     *     are of other columns or do not exist
     * @param having the condition of HAVING, or null
     */
    Grouping(
            Schema input,
            Step.Aggregate step,
            PipelineOptions options,
            List<Integer> hashOrder,
            RowFilter having,
            RowErrors errors) {
        keys = step.keys().stream().mapToInt(Integer::intValue).toArray();
        keyStorages = step.keys().stream().map(key -> input.type(key).storage()).toList();
        updates = new AggregateUpdate[step.aggregates().size()];
        for (int i = 0; i < updates.length; i++) {
            updates[i] = new AggregateUpdate(step.aggregates().get(i), i);
        }
        outputStorages =
                step.output().columns().stream().map(Column::type).map(t -> t.storage()).toArray(Storage[]::new);
        windowMillis = step.window() instanceof Window.Tumbling tumbling ? tumbling.sizeMillis() : 0;
        firstKey = step.window() == null ? 0 : 2;
        firstAggregate = firstKey + keys.length;
        if (outputStorages.length != firstAggregate + updates.length) {
            throw new IllegalArgumentException("an aggregation gives other columns than its plan says");
        }
        // A group that stops to pass HAVING leaves with its last row, which is at hand within a batch only.
        gathers = step.emit() == Emit.CHANGES && options.coalesce() == Coalesce.INTERVAL && having == null;
        changes = step.emit() == Emit.CHANGES && !gathers;
        coalesces = options.coalesce() != Coalesce.NONE;
        ttl = step.ttl();
        groupsMax = options.groupsMax();
        columnsRead = columnsRead(input, step);
        hashesFit = !hashOrder.isEmpty();
        // Hashes that are computed here must be the ones that come with other batches.
        hasher = new KeyHasher(hashesFit ? hashOrder : step.keys());
        hashedBy = (hashesFit ? hashOrder : step.keys()).stream().map(step.keys()::indexOf).toList();
        boolean isMergeable = step.aggregates().stream().noneMatch(call -> Aggregator.of(call).partials().isEmpty());
        combined = isMergeable ? new CombinedRows(input, step) : null;
        this.having = having;
        this.errors = errors;
        resultErrors = new ResultErrors(step, errors);
    }

    Pane newPane() {
        return new Pane(keyStorages, List.of(updates), changes && having != null, gathers, ttl, groupsMax);
    }

    /** Whether changes are gathered in the panes until they are shown. */
    boolean gathers() {
        return gathers;
    }

    /** Whether there is one group only, whatever the rows. */
    boolean isGlobal() {
        return keys.length == 0;
    }

    private static boolean[] columnsRead(Schema input, Step.Aggregate step) {
        boolean[] read = new boolean[input.size()];
        step.keys().forEach(key -> read[key] = true);
        for (AggregateCall call : step.aggregates()) {
            if (call.argument() != AggregateCall.NO_ARGUMENT) {
                read[call.argument()] = true;
            }
            if (call.filter() != AggregateCall.NO_FILTER) {
                read[call.filter()] = true;
            }
        }
        if (step.window() != null) {
            read[step.window().timeColumn()] = true;
        }
        return read;
    }

    /**
     * Starts a batch.
     *
     * @return the batch as it is processed: with the same rows, maybe at other row numbers, and with all columns that
     *     the aggregation reads
     */
    Batch begin(Batch given) {
        requireInserts(given);
        arena.reset();
        touches.clear();
        misfits.clear();
        partials = null;
        // Only what is written by row number suffers from sparse rows.
        boolean dense = changes && given.size() * SPARSE_FACTOR <= given.rowCount();
        Batch input = dense ? DenseCopy.of(given, columnsRead, arena) : given;
        batch = input;
        count = input.size();
        rows = rowNumbers.of(input);
        groups = arena.ints(count);
        keyVectors = new Vector[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keyVectors[i] = input.column(keys[i]);
        }
        hashes = hashesFit ? input.hashes() : null;
        if (hashes == null) {
            hashes = arena.longs(input.rowCount());
            hasher.hash(input, hashes);
        }
        if (changes) {
            results = newResults();
            previous = having == null ? null : newResults();
        }
        return batch;
    }

    /** Starts a batch of combined rows, whose columns are those of {@link #combinedRows}. */
    void beginCombined(Batch given) {
        if (changes && !coalesces) {
            throw new IllegalStateException("every row gives a change, but combined rows came");
        }
        requireInserts(given);
        arena.reset();
        touches.clear();
        misfits.clear();
        batch = given;
        count = given.size();
        rows = rowNumbers.of(given);
        groups = arena.ints(count);
        keyVectors = Arrays.copyOf(given.columns(), keys.length);
        partials = new Vector[updates.length][];
        for (int i = 0; i < updates.length; i++) {
            partials[i] = combined.partials(given.columns(), i);
        }
        hashes = hashesFit ? given.hashes() : null;
        if (hashes == null) {
            hashes = arena.longs(given.rowCount());
            Vector[] hashed = hashedBy.stream().map(key -> keyVectors[key]).toArray(Vector[]::new);
            KeyHasher.hash(hashed, given.selection(), count, hashes);
        }
        if (changes) {
            results = newResults();
            previous = having == null ? null : newResults();
        }
    }

    /** The columns of combined rows. */
    CombinedRows combinedRows() {
        return combined;
    }

    private static void requireInserts(Batch batch) {
        for (int i = 0; batch.kinds() != null && i < batch.size(); i++) {
            if (batch.kinds()[batch.row(i)] != INSERT) {
                throw new IllegalStateException("rows that change can't be aggregated again");
            }
        }
    }

    private Vector[] newResults() {
        Vector[] vectors = new Vector[updates.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = arena.vector(outputStorages[firstAggregate + i], batch.rowCount());
        }
        return vectors;
    }

    /** The row numbers of the batch; {@link #count()} of them. */
    int[] rows() {
        return rows;
    }

    int count() {
        return count;
    }

    /** Puts the rows into another order, for panes that take runs of them, or leaves some out. */
    void setRows(int[] ordered, int number) {
        rows = ordered;
        count = number;
    }

    BatchArena arena() {
        return arena;
    }

    /** Takes the rows with these indexes into a pane; every pane at most once a batch, its rows in ascending order. */
    void take(Pane pane, int from, int to) {
        if (to == from) {
            return;
        }
        int groupsBefore = pane.size();
        pane.table().lookup(keyVectors, rows, from, to, hashes, groups);
        pane.use(groups, from, to, groupsBefore);
        if (previous != null) {
            notePrevious(pane, from, to, groupsBefore);
        }
        for (int i = 0; i < updates.length; i++) {
            if (partials != null) {
                updates[i].merge(pane, partials[i], rows, groups, from, to, groupsBefore);
            } else if (changes && !coalesces) {
                updates[i].updateRunning(
                        pane, batch, rows, groups, from, to, groupsBefore, results[i], misfits);
            } else {
                updates[i].update(pane, batch, rows, groups, from, to, groupsBefore);
            }
        }
        if (gathers) {
            pane.changed().add(groups, from, to, pane.size(), pane.made());
        }
        if (changes) {
            touches.add(new Touch(pane, from, to, groupsBefore));
        }
    }

    /**
     * Keeps what groups that are visible have shown last, which is what they hold before the batch, at the number of
     * their first row in the batch: a −D will need it.
     */
    private void notePrevious(Pane pane, int from, int to, int groupsBefore) {
        int[] marks = pane.marks();
        int mark = pane.mark();
        int[] sources = pane.sources();
        boolean[] visible = pane.visible();
        int[] firstRows = arena.ints(to - from);
        int[] firstGroups = arena.ints(to - from);
        int firsts = 0;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            if (group < groupsBefore && visible[group] && marks[group] != mark) {
                marks[group] = mark;
                sources[group] = ~rows[i];
                firstRows[firsts] = rows[i];
                firstGroups[firsts++] = group;
            }
        }
        for (int i = 0; i < updates.length; i++) {
            // What was shown was in range, so this adds no misfits.
            updates[i].write(pane, firstGroups, firstRows, 0, firsts, previous[i], misfits);
        }
    }

    /** Ends a batch; gives the changes, maybe none, or null if they aren't wanted. */
    Batch finish() {
        if (touches.isEmpty()) {
            return null;
        }
        growScratch(batch.rowCount());
        Vector[] columns = new Vector[outputStorages.length];
        writeWindows(columns);
        for (int i = 0; i < keys.length; i++) {
            columns[firstKey + i] = keyVectors[i] instanceof DoubleVector v ? normalised(v) : keyVectors[i];
        }
        System.arraycopy(results, 0, columns, firstAggregate, updates.length);
        Batch changed = new Batch(
                columns, batch.rowCount(), null, batch.rowCount(), batch.positions(), kinds, null, null);
        Touch first = touches.getFirst();
        boolean plain = having == null && misfits.isEmpty() && !first.pane().hasUnseen();
        if (plain && touches.size() == 1 && first.from() == 0 && !coalesces) {
            markKinds(first);
            boolean all = batch.selection() == null && first.to() == batch.rowCount();
            return changed.withSelection(all ? null : rows, first.to());
        }
        for (Touch touch : touches) {
            if (coalesces) {
                keepLast(touch);
            } else {
                keepAll(touch);
            }
        }
        for (Touch touch : touches) {
            if (having == null && (!misfits.isEmpty() || touch.pane().hasUnseen())) {
                leaveOutMisfits(touch, columns);
            }
        }
        Batch result = select(changed);
        return having == null ? result : applyHaving(result);
    }

    /** Tells of the rows that can't be given. The row of a group that was given before stays as it was. */
    private void leaveOutMisfits(Touch touch, Vector[] columns) {
        for (int i = touch.from(); i < touch.to(); i++) {
            int row = rows[i];
            if (kept[row]) {
                kept[row] = isGiven(touch.pane(), groups[i], row, position(row), columns);
            }
        }
    }

    /**
     * Whether the row of a group can be given; tells of it if not. The first one that is given is an insert.
     *
     * @param position position of the row of the input that led to it, or -1
     */
    private boolean isGiven(Pane pane, int group, int row, long position, Vector[] columns) {
        if (misfits.has(row)) {
            if (kinds[row] == INSERT) {
                pane.setUnseen(group, true);
            }
            resultErrors.add(position, misfits.aggregate(row), columns, row);
            return false;
        }
        if (pane.isUnseen(group)) {
            pane.setUnseen(group, false);
            kinds[row] = INSERT;
        }
        return true;
    }

    private long position(int row) {
        return batch.positions() == null ? -1 : batch.positions()[row];
    }

    private void growScratch(int rowCount) {
        if (kinds.length < rowCount) {
            kinds = new byte[rowCount];
            kept = new boolean[rowCount];
            passes = new boolean[rowCount];
        }
    }

    private void writeWindows(Vector[] columns) {
        if (firstKey == 0) {
            return;
        }
        LongVector starts = (LongVector) arena.vector(Storage.LONG, batch.rowCount());
        LongVector ends = (LongVector) arena.vector(Storage.LONG, batch.rowCount());
        columns[0] = starts;
        columns[1] = ends;
        for (Touch touch : touches) {
            long start = touch.pane().start();
            for (int i = touch.from(); i < touch.to(); i++) {
                starts.values()[rows[i]] = start;
                ends.values()[rows[i]] = start + windowMillis;
            }
        }
    }

    /** Keys as their group has them, so that 0.0 and -0.0 don't look like two groups. */
    private DoubleVector normalised(DoubleVector key) {
        DoubleVector copy = (DoubleVector) arena.vector(Storage.DOUBLE, batch.rowCount());
        for (Touch touch : touches) {
            for (int i = touch.from(); i < touch.to(); i++) {
                int row = rows[i];
                if (key.isNull(row)) {
                    copy.setNull(row);
                } else {
                    copy.values()[row] = Double.longBitsToDouble(KeyHasher.normalisedBits(key.values()[row]));
                }
            }
        }
        return copy;
    }

    private void keepAll(Touch touch) {
        markKinds(touch);
        for (int i = touch.from(); i < touch.to(); i++) {
            kept[rows[i]] = true;
        }
    }

    /** The first row of a group inserts, the others update. */
    private void markKinds(Touch touch) {
        final int[] rows = this.rows;
        final int[] groups = this.groups;
        final byte[] kinds = this.kinds;
        for (int i = touch.from(); i < touch.to(); i++) {
            kinds[rows[i]] = UPDATE_AFTER;
        }
        NewGroups made = touch.pane().made();
        if (made != null) {
            for (int i = touch.from(); made.count() > 0 && i < touch.to(); i++) {
                if (made.take(groups[i])) {
                    kinds[rows[i]] = INSERT;
                }
            }
            return;
        }
        int before = touch.groupsBefore();
        if (touch.pane().size() > before) {
            boolean[] met = new boolean[touch.pane().size() - before];
            for (int i = touch.from(); i < touch.to(); i++) {
                int added = groups[i] - before;
                if (added >= 0 && !met[added]) {
                    met[added] = true;
                    kinds[rows[i]] = INSERT;
                }
            }
        }
    }

    private void keepLast(Touch touch) {
        Pane pane = touch.pane();
        int[] lastRows = arena.ints(touch.to() - touch.from());
        int[] lastGroups = arena.ints(touch.to() - touch.from());
        int[] marks = pane.marks();
        int mark = pane.mark();
        NewGroups made = pane.made();
        int last = 0;
        for (int i = touch.to() - 1; i >= touch.from(); i--) {
            int group = groups[i];
            if (marks[group] != mark) {
                marks[group] = mark;
                int row = rows[i];
                lastRows[last] = row;
                lastGroups[last++] = group;
                kept[row] = true;
                boolean isNew = made == null ? group >= touch.groupsBefore() : made.take(group);
                kinds[row] = isNew ? INSERT : UPDATE_AFTER;
            }
        }
        for (int i = 0; i < updates.length; i++) {
            updates[i].write(pane, lastGroups, lastRows, 0, last, results[i], misfits);
        }
    }

    /** The rows that are kept, in the order of the input; forgets which these are. */
    private Batch select(Batch changed) {
        int[] selection = arena.ints(batch.size());
        int selected = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            if (kept[row]) {
                kept[row] = false;
                selection[selected++] = row;
            }
        }
        return changed.withSelection(selection, selected);
    }

    /**
     * Shows groups that pass, takes back groups that don't pass any more. A row whose condition fails with an error
     * doesn't pass, nor does one that can't be given.
     */
    private Batch applyHaving(Batch candidates) {
        Batch passing = having.apply(withoutMisfits(candidates), arena, errors);
        for (int i = 0; i < passing.size(); i++) {
            passes[passing.row(i)] = true;
        }
        for (int i = 0; i < candidates.size(); i++) {
            kept[candidates.row(i)] = true;
        }
        for (Touch touch : touches) {
            showOrTakeBack(touch);
        }
        Batch result = select(candidates);
        for (int i = 0; i < passing.size(); i++) {
            passes[passing.row(i)] = false;
        }
        return result;
    }

    /** Tells of the rows that can't be given; gives the others. */
    private Batch withoutMisfits(Batch all) {
        if (misfits.isEmpty()) {
            return all;
        }
        int[] left = arena.ints(all.size());
        int number = 0;
        for (int i = 0; i < all.size(); i++) {
            int row = all.row(i);
            if (misfits.has(row)) {
                long position = all.positions() == null ? -1 : all.positions()[row];
                resultErrors.add(position, misfits.aggregate(row), all.columns(), row);
            } else {
                left[number++] = row;
            }
        }
        return all.withSelection(left, number);
    }

    private void showOrTakeBack(Touch touch) {
        boolean[] visible = touch.pane().visible();
        int[] sources = touch.pane().sources();
        for (int i = touch.from(); i < touch.to(); i++) {
            int row = rows[i];
            int group = groups[i];
            if (!kept[row]) {
                continue;
            }
            if (passes[row]) {
                kinds[row] = visible[group] ? UPDATE_AFTER : INSERT;
                visible[group] = true;
                sources[group] = row;
            } else if (visible[group]) {
                kinds[row] = DELETE;
                visible[group] = false;
                takeBack(row, sources[group]);
            } else {
                kept[row] = false;
            }
        }
    }

    /** @param source the row that was shown last: its number in this batch, or the complement of one before it */
    private void takeBack(int row, int source) {
        for (int i = 0; i < updates.length; i++) {
            results[i].clearNull(row);
            if (source >= 0) {
                results[i].copyFrom(row, results[i], source);
            } else {
                results[i].copyFrom(row, previous[i], ~source);
            }
        }
    }

    /**
     * The result rows of some groups, as inserts.
     *
     * @param from the first group
     * @param number how many groups
     * @return the rows that pass, maybe none
     */
    Batch results(Pane pane, int from, int number) {
        arena.reset();
        int[] ids = arena.ints(number);
        for (int i = 0; i < number; i++) {
            ids[i] = from + i;
        }
        Batch result = withoutMisfits(rows(pane, ids, number));
        return having == null ? result : having.apply(result, arena, errors);
    }

    /** The next changes of a pane that is showing them, as inserts and updates; maybe none. */
    Batch nextChanges(Pane pane) {
        arena.reset();
        int[] ids = arena.ints(Batch.ROWS);
        ChangedGroups changed = pane.changed();
        int number = changed.take(Batch.ROWS, ids);
        growScratch(number);
        for (int i = 0; i < number; i++) {
            kinds[i] = changed.wasShown(ids[i]) ? UPDATE_AFTER : INSERT;
        }
        changed.taken(pane.size());
        Batch all = rows(pane, ids, number).withKinds(kinds);
        if (misfits.isEmpty() && !pane.hasUnseen()) {
            return all;
        }
        int[] given = arena.ints(number);
        int count = 0;
        for (int row = 0; row < number; row++) {
            if (isGiven(pane, ids[row], row, -1, all.columns())) {
                given[count++] = row;
            }
        }
        return all.withSelection(given, count);
    }

    /** The rows of some groups, before HAVING, with those that can't be given. */
    private Batch rows(Pane pane, int[] ids, int number) {
        misfits.clear();
        int[] at = rowNumbers.upTo(number);
        Vector[] columns = new Vector[outputStorages.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = arena.vector(outputStorages[i], number);
        }
        if (firstKey > 0) {
            Arrays.fill(((LongVector) columns[0]).values(), 0, number, pane.start());
            Arrays.fill(((LongVector) columns[1]).values(), 0, number, pane.start() + windowMillis);
        }
        for (int i = 0; i < keys.length; i++) {
            pane.table().writeKeys(i, ids, at, 0, number, columns[firstKey + i]);
        }
        for (int i = 0; i < updates.length; i++) {
            updates[i].write(pane, ids, at, 0, number, columns[firstAggregate + i], misfits);
        }
        return Batch.of(columns, number);
    }

    /** The result row of a global aggregation over no rows, if it passes. */
    Batch emptyResult() {
        arena.reset();
        Vector[] columns = new Vector[outputStorages.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = arena.vector(outputStorages[i], 1);
            if (updates[i].call().function() == AggregateFunction.COUNT) {
                ((LongVector) columns[i]).set(0, 0);
            } else {
                columns[i].setNull(0);
            }
        }
        Batch result = Batch.of(columns, 1);
        return having == null ? result : having.apply(result, arena, errors);
    }

    /**
     * Lets a pane take over a share of the groups of a pane before.
     *
     * @param given whether changes were given of these groups
     */
    void absorb(Pane pane, Pane before, StateMapping.Groups mapping, Share share, boolean given) {
        MovedGroups moved = MovedGroups.move(
                before.table(), pane.table(), keyStorages, mapping.keys(), mapping.routedBy(), hashedBy, share);
        pane.absorb(before, moved, mapping.aggregates(), given);
    }

    /** Bytes of scratch memory held. */
    long bytes() {
        return arena.bytes() + rowNumbers.bytes() + kinds.length * 3L + misfits.bytes();
    }
}
