// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.Arrays;

/**
 * Groups of a table that something is about: all from one number to another, or a list of numbers.
 *
 * <p>What arrays by group hold is written for a set, and read for a set with as many groups. These may have other numbers:
 * so groups move from one table into another, beside those that are there already.
 */
public final class GroupSet {
    /** Null for a range. */
    private final int[] ids;

    private final int from;
    private final int to;

    private GroupSet(int[] ids, int from, int to) {
        this.ids = ids;
        this.from = from;
        this.to = to;
    }

    /** The groups from one number to the one before another. */
    public static GroupSet range(int from, int to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no range of groups: " + from + " to " + to);
        }
        return new GroupSet(null, from, to);
    }

    /**
     * The groups of a list, in its order.
     *
     * @param ids no number twice; the array is not copied
     * @param count how many of them, from the first on
     */
    public static GroupSet of(int[] ids, int count) {
        if (count > ids.length) {
            throw new IllegalArgumentException(count + " groups of a list of " + ids.length);
        }
        return new GroupSet(ids, 0, count);
    }

    /** How many groups. */
    public int count() {
        return to - from;
    }

    /** The number of a group, by its index in the set. */
    public int id(int index) {
        return ids == null ? from + index : ids[from + index];
    }

    /** Whether these are all groups from the first to the last, so that arrays can be copied in bulk. */
    boolean isRange() {
        return ids == null;
    }

    /** One more than the greatest number; 0 without groups. */
    public int end() {
        if (ids == null) {
            return to == from ? 0 : to;
        }
        int end = 0;
        for (int i = from; i < to; i++) {
            end = Math.max(end, ids[i] + 1);
        }
        return end;
    }

    /** Some of the groups, by their indexes in the set. */
    public GroupSet part(int fromIndex, int toIndex) {
        return new GroupSet(ids, from + fromIndex, from + toIndex);
    }

    /** Puts one value where the groups are. */
    public void fill(long[] values, long value) {
        if (ids == null) {
            Arrays.fill(values, from, to, value);
            return;
        }
        for (int i = from; i < to; i++) {
            values[ids[i]] = value;
        }
    }

    /** Writes which groups these are. */
    void save(StateWriter out) {
        out.writeBoolean(ids == null);
        out.writeInt(count());
        if (ids == null) {
            out.writeInt(from);
        } else {
            out.writeInts(ids, from, count());
        }
    }

    /** Reads what {@link #save} wrote. */
    static GroupSet restore(StateReader in) {
        boolean isRange = in.readBoolean();
        int count = in.readInt();
        if (isRange) {
            int first = in.readInt();
            return range(first, first + count);
        }
        int[] ids = new int[count];
        in.readInts(ids, 0, count);
        return of(ids, count);
    }
}
