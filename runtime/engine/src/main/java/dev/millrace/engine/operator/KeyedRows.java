// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.StateTtl;
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
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.Arrays;
import java.util.List;

/** A row for each of some keys, its columns beside the key as bytes. */
final class KeyedRows implements GroupState, GroupAges.Owner {
    private static final int ROWS_MIN = 64;
    private static final int ABSENT = -1;

    /** What the object of a row takes beside its bytes. */
    private static final int ROW_OVERHEAD_BYTES = 24;

    private final GroupTable table;
    private final GroupPortions portions = new GroupPortions(this);

    /** By number of the key; null where there is no row. */
    private byte[][] rows = new byte[ROWS_MIN][];

    private long rowBytes;

    /** When rows came; null where they are kept. */
    private final GroupAges ages;

    private final Round round = new Round();

    /** @param ttl how long rows are kept, null for ever */
    KeyedRows(List<Storage> keys, StateTtl ttl, int groupsMax) {
        table = new GroupTable(keys, groupsMax);
        ages = GroupAges.of(ttl);
    }

    /** Gives the keys of rows numbers, see {@link GroupTable#lookup}; those without a row are to be forgotten. */
    void lookup(Vector[] keys, int[] selected, int count, long[] hashes, int[] numbers) {
        int sizeBefore = table.size();
        table.lookup(keys, selected, 0, count, hashes, numbers);
        for (int i = 0; i < table.reusedCount(); i++) {
            portions.touchKey(table.reused(i));
        }
        reserve(table.size());
        if (ages != null) {
            ages.use(table, sizeBefore, numbers, 0, count, this);
            portions.touch(numbers, 0, count);
        }
    }

    /** Tells the time; forgets some of the rows that have expired. */
    void clock(long millis) {
        if (ages != null) {
            ages.clock(millis);
            ages.sweep(round, table, ages.takeLooks(), this, portions);
        }
    }

    @Override
    public boolean isHeld(int number) {
        return false;
    }

    @Override
    public void forget(int number) {
        rowBytes -= bytes(rows[number]);
        rows[number] = null;
    }

    private void reserve(int groups) {
        if (rows.length < groups) {
            rows = Arrays.copyOf(rows, Math.max(groups, rows.length * 2));
        }
    }

    /** The row of a key; null if there is none. */
    byte[] get(int number) {
        return rows[number];
    }

    /** Puts the first row of a key. */
    void begin(int number, byte[] row) {
        if (ages != null) {
            ages.restart(number);
        }
        put(number, row);
    }

    /** Puts a row in the place of another; either may be null. */
    void put(int number, byte[] row) {
        rowBytes += bytes(row) - bytes(rows[number]);
        rows[number] = row;
        portions.touch(number);
    }

    private static long bytes(byte[] row) {
        return row == null ? 0 : row.length + ROW_OVERHEAD_BYTES;
    }

    /** Forgets those of some keys that have no row. */
    void forgetAbsent(int[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            int number = numbers[i];
            if (rows[number] == null && !table.isRemoved(number)) {
                table.remove(number);
                portions.touchKey(number);
            }
        }
    }

    void writeKeys(int column, int[] numbers, int[] at, int count, Vector into) {
        table.writeKeys(column, numbers, at, 0, count, into);
    }

    /** Takes over the keys of rows that have moved here; the rows follow. */
    MovedGroups absorb(
            KeyedRows before, List<Storage> storages, StateMapping.Rows mapping, List<Integer> hashedBy, Share share) {
        MovedGroups moved = MovedGroups.move(
                before.table, table, storages, mapping.keys(), mapping.routedBy(), hashedBy, share);
        reserve(table.size());
        if (ages != null) {
            ages.absorb(before.ages, moved);
        }
        return moved;
    }

    /** All numbers are below this. */
    @Override
    public int size() {
        return table.size();
    }

    @Override
    public void clear() {
        table.clear();
        Arrays.fill(rows, null);
        rowBytes = 0;
        portions.clear();
    }

    /** Writes a portion; gives whether the image is complete. */
    boolean save(StateWriter out, Portion portion) {
        out.writeBoolean(ages != null);
        if (ages != null) {
            ages.saveClock(out);
        }
        return portions.save(out, portion);
    }

    void restorePortion(StateReader in) {
        if (in.readBoolean()) {
            GroupAges.restoreClock(in, ages);
        }
        portions.restore(in);
    }

    /** The last portion was taken over. */
    void restored() {
        table.rebuild();
    }

    @Override
    public void save(StateWriter out, GroupSet keys, GroupSet values) {
        table.saveKeys(out, keys);
        for (int i = 0; i < values.count(); i++) {
            byte[] row = rows[values.id(i)];
            out.writeInt(row == null ? ABSENT : row.length);
            if (row != null) {
                out.writeBytes(row, 0, row.length);
            }
        }
        GroupAges.save(out, ages, values);
    }

    @Override
    public void restore(StateReader in, GroupSet keys, GroupSet values) {
        table.restoreKeys(in, keys);
        reserve(Math.max(table.size(), values.end()));
        for (int i = 0; i < values.count(); i++) {
            int length = in.readInt();
            byte[] row = length == ABSENT ? null : new byte[length];
            if (row != null) {
                in.readBytes(row, 0, length);
            }
            put(values.id(i), row);
        }
        GroupAges.restore(in, ages, values);
    }

    long bytes() {
        return table.bytes() + rows.length * 8L + rowBytes + portions.bytes()
                + (ages == null ? 0 : ages.bytes());
    }
}
