// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.RowNumbers;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.MovedGroups;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.RowImage;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Makes changes of upserts; keeps the last row of every key. */
final class NormalizeOperator implements Operator {
    private static final int STATE_VERSION = 3;

    private final int[] keys;
    private final int[] others;
    private final Storage[] storages;
    private final boolean changes;
    private final boolean refreshes;
    private final boolean hashesFit;
    private final KeyHasher hasher;

    /** The keys in the order in which they are hashed. */
    private final List<Integer> hashedBy;
    private final BatchArena arena = new BatchArena();
    private final RowImage image = new RowImage();

    private final KeyedRows rows;

    private long watermark = Long.MIN_VALUE;
    private boolean ended;
    private boolean finished;

    /** Of FINAL after the end: the next row to give. */
    private int next;

    private Batch waiting;
    private final RowNumbers rowNumbers = new RowNumbers();

    /**
     * @param hashOrder the key columns in the order in which the batches' hashes were computed; empty if these hashes are
     *     of other columns or do not exist
     * @param refreshes whether a row that is no other than before is given too, as an update
     */
    NormalizeOperator(
            Schema input, Step.Normalize step, List<Integer> hashOrder, boolean refreshes, int groupsMax) {
        keys = step.keys().stream().mapToInt(Integer::intValue).toArray();
        others = IntStream.range(0, input.size()).filter(i -> !step.keys().contains(i)).toArray();
        storages = input.columns().stream().map(column -> column.type().storage()).toArray(Storage[]::new);
        changes = step.emit() == Emit.CHANGES;
        hashesFit = !hashOrder.isEmpty();
        hasher = new KeyHasher(hashesFit ? hashOrder : step.keys());
        hashedBy = (hashesFit ? hashOrder : step.keys()).stream().map(step.keys()::indexOf).toList();
        rows = new KeyedRows(Arrays.stream(keys).mapToObj(key -> storages[key]).toList(), step.ttl(), groupsMax);
        this.refreshes = refreshes;
    }

    @Override
    public void clock(long millis) {
        rows.clock(millis);
    }

    @Override
    public boolean needsInput() {
        return waiting == null && (changes || !ended || finished);
    }

    @Override
    public void add(Batch batch) {
        arena.reset();
        int size = batch.size();
        int[] selected = rowNumbers.of(batch);
        int[] numbers = arena.ints(size);
        Vector[] keyColumns = columns(batch.columns(), keys);
        rows.lookup(keyColumns, selected, size, hashes(batch), numbers);
        Changes out = changes ? new Changes(batch) : null;
        Vector[] otherColumns = columns(batch.columns(), others);
        for (int i = 0; i < size; i++) {
            int row = selected[i];
            int number = numbers[i];
            byte[] before = rows.get(number);
            if (batch.kind(row).takesBack()) {
                if (before != null) {
                    rows.put(number, null);
                    if (out != null) {
                        out.addStored(row, before, RowKind.DELETE);
                    }
                }
                continue;
            }
            image.encode(otherColumns, row);
            if (before == null) {
                rows.begin(number, image.toByteArray());
            } else if (!image.isSame(before)) {
                rows.put(number, image.toByteArray());
            } else if (!refreshes) {
                continue;
            }
            if (out == null) {
                continue;
            }
            if (before == null) {
                out.add(row, RowKind.INSERT);
            } else {
                out.addStored(row, before, RowKind.UPDATE_BEFORE);
                out.add(row, RowKind.UPDATE_AFTER);
            }
        }
        rows.forgetAbsent(numbers, size);
        waiting = out == null || out.count == 0 ? null : out.build();
    }

    private long[] hashes(Batch batch) {
        if (hashesFit && batch.hashes() != null) {
            return batch.hashes();
        }
        long[] hashes = arena.longs(batch.rowCount());
        hasher.hash(batch, hashes);
        return hashes;
    }

    private static Vector[] columns(Vector[] columns, int[] indexes) {
        Vector[] chosen = new Vector[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            chosen[i] = columns[indexes[i]];
        }
        return chosen;
    }

    /** The changes of one batch. */
    private final class Changes {
        private final Batch input;
        private final Vector[] columns = new Vector[storages.length];
        private final Vector[] otherColumns;
        private final long[] positions;
        private final byte[] kinds;
        private int count;

        Changes(Batch input) {
            this.input = input;
            // An update has two rows.
            int capacity = Math.max(1, input.size() * 2);
            for (int i = 0; i < columns.length; i++) {
                columns[i] = arena.vector(storages[i], capacity);
            }
            otherColumns = columns(columns, others);
            positions = arena.longs(capacity);
            kinds = new byte[capacity];
        }

        /** Adds a row of the input. */
        void add(int row, RowKind kind) {
            for (int i = 0; i < columns.length; i++) {
                columns[i].copyFrom(count, input.column(i), row);
            }
            end(row, kind);
        }

        /** Adds a row that was kept under the key of a row of the input. */
        void addStored(int row, byte[] stored, RowKind kind) {
            for (int key : keys) {
                columns[key].copyFrom(count, input.column(key), row);
            }
            RowImage.decode(stored, otherColumns, count);
            end(row, kind);
        }

        private void end(int row, RowKind kind) {
            positions[count] = input.positions()[row];
            kinds[count++] = kind.code();
        }

        Batch build() {
            return new Batch(columns, count, null, count, positions, kinds, null, null);
        }
    }

    @Override
    public void advanceTo(long risen) {
        watermark = Math.max(watermark, risen);
        ended |= watermark == Long.MAX_VALUE;
    }

    @Override
    public Batch poll() {
        if (waiting != null) {
            Batch result = waiting;
            waiting = null;
            return result;
        }
        if (changes || !ended || finished) {
            return null;
        }
        Batch result = rest();
        if (result == null) {
            finished = true;
            next = 0;
            rows.clear();
        }
        return result;
    }

    /** The next of the rows that are left at the end; null behind the last. */
    private Batch rest() {
        arena.reset();
        Vector[] columns = new Vector[storages.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = arena.vector(storages[i], Batch.ROWS);
        }
        Vector[] otherColumns = columns(columns, others);
        int[] numbers = arena.ints(Batch.ROWS);
        int count = 0;
        for (; next < rows.size() && count < Batch.ROWS; next++) {
            if (rows.get(next) != null) {
                RowImage.decode(rows.get(next), otherColumns, count);
                numbers[count++] = next;
            }
        }
        for (int i = 0; i < keys.length; i++) {
            rows.writeKeys(i, numbers, rowNumbers.upTo(count), count, columns[keys[i]]);
        }
        return count == 0 ? null : Batch.of(columns, count);
    }

    @Override
    public long outputWatermark() {
        return changes || finished ? watermark : Long.MIN_VALUE;
    }

    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeInt(STATE_VERSION);
        out.writeLong(watermark);
        out.writeBoolean(ended);
        out.writeBoolean(finished);
        out.writeInt(next);
        BatchImage.save(waiting, out);
        return rows.save(out, portion);
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("the rows of a table by key", STATE_VERSION);
        watermark = in.readLong();
        ended = in.readBoolean();
        finished = in.readBoolean();
        next = in.readInt();
        waiting = BatchImage.restore(in);
        rows.restorePortion(in);
    }

    @Override
    public void restored() {
        rows.restored();
    }

    @Override
    public void absorb(Operator before, StateMapping mapping, Share share) {
        NormalizeOperator old = (NormalizeOperator) before;
        StateMapping.Rows rowMapping = (StateMapping.Rows) mapping;
        List<Storage> keyStorages = Arrays.stream(keys).mapToObj(key -> storages[key]).toList();
        MovedGroups moved = rows.absorb(old.rows, keyStorages, rowMapping, hashedBy, share);
        for (int done = 0; done < moved.count(); done += Batch.ROWS) {
            int to = Math.min(moved.count(), done + Batch.ROWS);
            absorbRows(old, rowMapping.columns(), moved.from().part(done, to), moved.to().part(done, to));
        }
    }

    /** The columns beside the key may be fewer than before, and others in place and order. */
    private void absorbRows(NormalizeOperator old, List<Integer> columnsBefore, GroupSet from, GroupSet to) {
        arena.reset();
        Vector[] all = new Vector[old.storages.length];
        for (int column : old.others) {
            all[column] = arena.vector(old.storages[column], from.count());
        }
        Vector[] stored = columns(all, old.others);
        int[] wanted = Arrays.stream(others).map(columnsBefore::get).toArray();
        Vector[] columns = columns(all, wanted);
        for (int i = 0; i < from.count(); i++) {
            RowImage.decode(old.rows.get(from.id(i)), stored, i);
            image.encode(columns, i);
            rows.put(to.id(i), image.toByteArray());
        }
    }

    /** The next of all rows there are, from the first on; null behind the last, and then again from the first on. */
    Batch nextRows() {
        Batch result = rest();
        next = result == null ? 0 : next;
        return result;
    }

    /** Whether changes leave. */
    boolean givesChanges() {
        return changes;
    }

    @Override
    public long stateBytes() {
        return rows.bytes() + arena.bytes() + rowNumbers.bytes();
    }
}
