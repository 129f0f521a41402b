// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.Arrays;

/** Groups of a table that come in any order and more than once, and are wanted once each, by their numbers: a bit each. */
public final class GroupBits {
    private static final long[] NOTHING = {};

    private long[] words = NOTHING;

    private static int words(int groups) {
        return groups + 63 >>> 6;
    }

    /** Makes room for all groups below a number: others can't be added. */
    public void reserve(int groups) {
        if (words.length < words(groups)) {
            words = Arrays.copyOf(words, Math.max(words(groups), words.length * 2));
        }
    }

    /** Adds a group. */
    public void add(int group) {
        words[group >>> 6] |= 1L << group;
    }

    /** Adds the groups of rows. */
    public void addAll(int[] ofRows, int from, int to) {
        final long[] words = this.words;
        for (int i = from; i < to; i++) {
            int group = ofRows[i];
            words[group >>> 6] |= 1L << group;
        }
    }

    /** Adds those groups of rows that are below a number. */
    public void addBelow(int end, int[] ofRows, int from, int to) {
        final long[] words = this.words;
        for (int i = from; i < to; i++) {
            int group = ofRows[i];
            if (group < end) {
                words[group >>> 6] |= 1L << group;
            }
        }
    }

    public boolean has(int group) {
        return group >>> 6 < words.length && (words[group >>> 6] >>> group & 1) != 0;
    }

    /** How many groups. */
    public int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** The lowest group from a number on, or -1. */
    public int next(int from) {
        int word = from >>> 6;
        if (word >= words.length) {
            return -1;
        }
        long left = words[word] & -1L << from;
        while (left == 0 && ++word < words.length) {
            left = words[word];
        }
        return left == 0 ? -1 : word << 6 | Long.numberOfTrailingZeros(left);
    }

    /**
     * The groups from a number on, in ascending order.
     *
     * @param max most of them
     * @param into where they go
     * @return how many
     */
    public int list(int from, int max, int[] into) {
        final long[] words = this.words;
        int count = 0;
        long mask = -1L << from;
        for (int word = from >>> 6; word < words.length && count < max; word++) {
            for (long left = words[word] & mask; left != 0 && count < max; left &= left - 1) {
                into[count++] = word << 6 | Long.numberOfTrailingZeros(left);
            }
            mask = -1;
        }
        return count;
    }

    /** All groups, in ascending order. */
    public GroupSet groups() {
        int[] ids = new int[count()];
        return GroupSet.of(ids, list(0, ids.length, ids));
    }

    /** Takes all groups out; the memory stays. */
    public void clear() {
        Arrays.fill(words, 0);
    }

    /** Writes the groups, as their bits or one by one, whichever is shorter. */
    public void save(StateWriter out) {
        int end = words.length;
        while (end > 0 && words[end - 1] == 0) {
            end--;
        }
        int count = count();
        boolean bits = (long) end * Long.BYTES <= (long) count * Integer.BYTES;
        out.writeBoolean(bits);
        out.writeInt(bits ? end : count);
        if (bits) {
            out.writeLongs(words, 0, end);
            return;
        }
        for (int group = next(0); group >= 0; group = next(group + 1)) {
            out.writeInt(group);
        }
    }

    /** Takes over what {@link #save} wrote, in place of what is here. */
    public void restore(StateReader in) {
        clear();
        boolean bits = in.readBoolean();
        int count = in.readInt();
        if (bits) {
            words = words.length < count ? new long[count] : words;
            in.readLongs(words, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int group = in.readInt();
            reserve(group + 1);
            add(group);
        }
    }

    /** Bytes of memory held. */
    public long bytes() {
        return words.length * 8L;
    }
}
