// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Misfits;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes one combined row of all rows of a read that belong to one group, and one window. An aggregation that takes
 * combined rows ends up in the state in which it would be had it taken the rows.
 *
 * <p>For each read {@link #begin}; then, for every partition that is to get combined rows, {@link #setApart} and
 * {@link #combine}. Partitions share the columns: each combined row stands where the first of its rows does, with its
 * keys, hash and position, and is found by the selection.
 *
 * <p>Used by one thread at a time. Nothing is kept from one read to the next.
 */
public final class Combiner {
    /** Rows that are looked up before it is asked again whether there are too many groups. */
    private static final int LOOK_ROWS = 1024;

    private static final long WINDOW_FACTOR = 0x9E3779B97F4A7C15L;

    private final CombinedRows layout;
    private final Storage[] storages;
    private final int[] keys;
    private final KeyHasher hasher;
    private final AggregateUpdate[] updates;

    /** The groups of one partition's rows; with windows, their start is one more key. */
    private final Pane pane;

    private final int timeColumn;

    /** Null without windows. */
    private final TumblingWindows windows;

    private final Misfits misfits = new Misfits();
    private final RowNumbers rowNumbers = new RowNumbers();

    // The read.
    private Batch batch;
    private BatchArena arena;
    private Vector[] columns;
    private long[] hashes;

    /**
     * @param input the columns of the rows
     * @param step the aggregation that takes the combined rows
     * @throws IllegalArgumentException if one of its aggregates can't be put together from parts
     */
    public Combiner(Schema input, Step.Aggregate step) {
        layout = new CombinedRows(input, step);
        storages = layout.schema().columns().stream().map(Column::type).map(SqlType::storage).toArray(Storage[]::new);
        keys = step.keys().stream().mapToInt(Integer::intValue).toArray();
        hasher = new KeyHasher(step.keys());
        updates = IntStream.range(0, step.aggregates().size())
                .mapToObj(i -> new AggregateUpdate(step.aggregates().get(i), i))
                .toArray(AggregateUpdate[]::new);
        List<Storage> tableKeys = new ArrayList<>(Arrays.asList(storages).subList(0, layout.rows()));
        pane = new Pane(tableKeys, List.of(updates), false, false, null, Integer.MAX_VALUE);
        timeColumn = step.window() == null ? -1 : step.window().timeColumn();
        windows = switch (step.window()) {
            case null -> null;
            case Window.Tumbling tumbling -> new TumblingWindows(tumbling, input.type(timeColumn));
        };
    }

    /** The columns of the combined rows. */
    public CombinedRows layout() {
        return layout;
    }

    /**
     * Starts a read.
     *
     * @param rows its rows, with the hashes of their keys if they have such
     * @param memory where what is made comes from: it is valid as long as that and the rows are
     */
    public void begin(Batch rows, BatchArena memory) {
        batch = rows;
        arena = memory;
        columns = new Vector[storages.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i < keys.length ? batch.column(keys[i]) : arena.vector(storages[i], batch.rowCount());
        }
        hashes = batch.hashes();
        if (hashes == null) {
            hashes = arena.longs(batch.rowCount());
            hasher.hash(batch, hashes);
        }
    }

    /**
     * Takes those of some rows away that have to be judged one by one: that are late for their window, or have no time.
     *
     * @param rows row numbers, ascending; those that are left move to its beginning
     * @param count how many
     * @param apart takes the others
     * @return how many others
     */
    public int setApart(int[] rows, int count, int[] apart) {
        boolean[] nulls = windows == null ? null : batch.column(timeColumn).nulls();
        long[] before = windows == null ? null : batch.before();
        if (nulls == null && before == null) {
            return 0;
        }
        long[] times = ((LongVector) batch.column(timeColumn)).values();
        int taken = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            boolean isNull = nulls != null && nulls[row];
            if (isNull || before != null && windows.isClosed(windows.start(times[row]), before[row])) {
                apart[taken++] = row;
            } else {
                rows[left++] = row;
            }
        }
        return taken;
    }

    /**
     * Combines rows of which none has to be set apart.
     *
     * @param rows row numbers, ascending
     * @param count how many, at least 1
     * @param groupsMax most combined rows that are of use
     * @return the combined rows; null if there would be more, or if a partial result is out of range: then the rows have
     *     to travel as they are
     */
    public Batch combine(int[] rows, int count, int groupsMax) {
        int[] groups = arena.ints(count);
        if (!lookUp(rows, count, groups, groupsMax)) {
            pane.clear();
            return null;
        }
        pane.use(groups, 0, count, 0);
        for (AggregateUpdate update : updates) {
            update.update(pane, batch, rows, groups, 0, count, 0);
        }
        int size = pane.size();
        int[] places = places(rows, count, groups, size);
        int[] ids = rowNumbers.upTo(size);
        for (int i = 0; i < updates.length; i++) {
            updates[i].writePartials(pane, ids, places, size, layout.partials(columns, i), misfits);
        }
        pane.clear();
        if (!misfits.isEmpty()) {
            misfits.clear();
            return null;
        }
        return new Batch(
                columns, batch.rowCount(), ascending(places, size), size, batch.positions(), batch.kinds(),
                batch.hashes(), null);
    }

    /** Finds the groups of rows; false as soon as there are too many. */
    private boolean lookUp(int[] rows, int count, int[] groups, int groupsMax) {
        boolean oneWindow = windows == null || writeStart(rows, count);
        long[] tableHashes = oneWindow ? hashes : writeStarts(rows, count);
        Vector[] tableKeys = Arrays.copyOf(columns, layout.rows());
        if (oneWindow && keys.length == 0) {
            pane.table().lookup(tableKeys, rows, 0, 1, tableHashes, groups);
            Arrays.fill(groups, 0, count, groups[0]);
            return groupsMax > 0;
        }
        int from = 0;
        while (from < count && pane.size() <= groupsMax) {
            int to = Math.min(count, from + LOOK_ROWS);
            pane.table().lookup(tableKeys, rows, from, to, tableHashes, groups);
            from = to;
        }
        return pane.size() <= groupsMax;
    }

    /** The usual case: all rows are in one window. False if they are not. */
    private boolean writeStart(int[] rows, int count) {
        long[] times = ((LongVector) batch.column(timeColumn)).values();
        long start = windows.start(times[rows[0]]);
        if (!windows.contains(start, times, rows, count)) {
            return false;
        }
        long[] starts = ((LongVector) columns[layout.start()]).values();
        for (int i = 0; i < count; i++) {
            starts[rows[i]] = start;
        }
        return true;
    }

    /** Hashes of key and window. */
    private long[] writeStarts(int[] rows, int count) {
        long[] times = ((LongVector) batch.column(timeColumn)).values();
        long[] starts = ((LongVector) columns[layout.start()]).values();
        long[] both = arena.longs(batch.rowCount());
        long start = windows.start(times[rows[0]]);
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (!windows.contains(start, times[row])) {
                start = windows.start(times[row]);
            }
            starts[row] = start;
            long mixed = (hashes[row] ^ start) * WINDOW_FACTOR;
            both[row] = mixed ^ mixed >>> 32;
        }
        return both;
    }

    /** The first row of each group, by group; counts its rows there. */
    private int[] places(int[] rows, int count, int[] groups, int size) {
        int[] places = arena.ints(size);
        Arrays.fill(places, 0, size, -1);
        long[] counts = ((LongVector) columns[layout.rows()]).values();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            int place = places[group];
            if (place < 0) {
                places[group] = rows[i];
                counts[rows[i]] = 1;
            } else {
                counts[place]++;
            }
        }
        return places;
    }

    /** Groups are numbered as they come, but for those with a hash that looks like another one's. */
    private int[] ascending(int[] places, int size) {
        for (int i = 1; i < size; i++) {
            if (places[i] < places[i - 1]) {
                int[] sorted = Arrays.copyOf(places, size);
                Arrays.sort(sorted);
                return sorted;
            }
        }
        return places;
    }
}
