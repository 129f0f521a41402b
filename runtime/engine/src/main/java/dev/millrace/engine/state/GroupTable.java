// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.hash.ByteWords;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gives every key a dense number, its group: 0, 1, 2 … in the order in which the keys came. The number of a group that
 * was removed goes to one of the next new keys.
 *
 * <p>Open addressing with linear probing. A slot holds the upper half of the hash beside the group, so that probing
 * touches nothing else. The key of a group is a row of 64-bit words:
 *
 * <pre>
 *   slots  [ upper 32 bits of the hash | group + 1 ]           0: empty; found by the lower bits of the hash
 *   words  group * width + offset of the column:
 *            long, boolean, double (normalised)   1 word
 *            decimal                              2 words      high, low
 *            bytes, up to 15                      2 words      the first 8, and length &lt;&lt; 56 | the other 7
 *            bytes, more                          2 words      the first 8, and 1 &lt;&lt; 63 | length &lt;&lt; 31 | the
 *                                                              place in texts where all of them stand
 *   nullBits  one bit per column; the words of a NULL are 0
 * </pre>
 *
 * <p>A lookup has two steps over all its rows: find the first slot with an equal half of the hash, then compare keys
 * column by column. Rows whose key differs after all (about one pair of groups in four billion) are looked up once more
 * the slow way.
 */
public final class GroupTable {
    /** Most key columns. */
    public static final int COLUMNS_MAX = 64;

    private static final int STATE_VERSION = 3;

    /** Groups that are written together: what a group has in several arrays then is not far apart. */
    private static final int BLOCK_GROUPS = 1024;

    private static final int SLOTS_MIN = 64;
    private static final int SLOTS_MAX = 1 << 30;
    private static final int INLINE_BYTES = 15;

    /** With fewer words than this, 1 MiB, keys lie in the second level of cache anyway. */
    private static final int TOUCHED_WORDS_MIN = 1 << 17;
    private static final int ARRAY_MAX = Integer.MAX_VALUE - 16;
    private static final long UPPER = 0xFFFF_FFFF_0000_0000L;

    private final Storage[] storages;
    private final int[] offsets;

    /** The columns with bytes. */
    private final int[] textColumns;

    private final int width;
    private final int groupsMax;

    private long[] slots = new long[SLOTS_MIN];
    private int mask = SLOTS_MIN - 1;
    private int size;
    private long[] hashes = new long[SLOTS_MIN / 2];
    private long[] words;
    private final OwnedBytes texts = new OwnedBytes("the keys of one table");

    /** The groups that were removed, a bit each; null as long as none was. The lowest goes to the next new key. */
    private long[] removed;

    private int removedCount;

    /** All words of {@link #removed} before this one are 0. */
    private int removedFrom;

    /** The groups of the last lookup that came to new keys with the number of one that was removed. */
    private int[] reused = new int[0];

    private int reusedCount;

    /** By column, whether any group's key is NULL there. */
    private long nullColumns;

    /** By group, which columns are NULL; null as long as no key has a NULL. */
    private long[] nullBits;

    /** By index of a row in the lookup, whether its key differs from that of the group found; false between lookups. */
    private boolean[] differs = new boolean[0];

    private boolean anyDiffers;

    /** What was read only to have it in a cache; kept so that the compiler can't leave the reading out. */
    private long touched;

    /** Scratch: indexes of rows in the lookup. */
    private int[] misses = new int[0];

    /**
     * @param columns how the key columns are stored, in order
     * @param groupsMax most groups; never more than 2^29
     */
    public GroupTable(List<Storage> columns, int groupsMax) {
        if (columns.size() > COLUMNS_MAX) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "grouping by " + columns.size() + " columns",
                    "group by at most " + COLUMNS_MAX + " columns");
        }
        this.storages = columns.toArray(Storage[]::new);
        this.groupsMax = Math.min(groupsMax, SLOTS_MAX / 2);
        offsets = new int[storages.length];
        int offset = 0;
        for (int i = 0; i < storages.length; i++) {
            offsets[i] = offset;
            offset += storages[i] == Storage.BYTES || storages[i] == Storage.DECIMAL128 ? 2 : 1;
        }
        width = offset;
        textColumns = IntStream.range(0, storages.length)
                .filter(column -> storages[column] == Storage.BYTES)
                .toArray();
        words = new long[hashes.length * width];
    }

    /** All groups are below this. Without removals it is their number. */
    public int size() {
        return size;
    }

    /** Number of groups that were not removed. */
    public int count() {
        return size - removedCount;
    }

    public boolean isRemoved(int group) {
        return removed != null && (removed[group >>> 6] >>> group & 1) != 0;
    }

    /**
     * How many groups of the last lookup came to new keys with a number below the size before it. With those from that
     * size on these are all that are new.
     */
    public int reusedCount() {
        return reusedCount;
    }

    /** A group of the last lookup that is new and has a number that was another's; from 0 on. */
    public int reused(int index) {
        return reused[index];
    }

    /** The hash of a group's key, as it was given. */
    public long hash(int group) {
        return hashes[group];
    }

    /**
     * Finds the groups of rows; makes new ones for new keys.
     *
     * @param keys the key columns, in order
     * @param rows row numbers
     * @param from index in {@code rows} of the first row
     * @param to index behind the last row
     * @param rowHashes hashes of the keys, by row number
     * @param groups where the groups go, at the index of the row in {@code rows}
     * @throws MillraceException if there would be too many groups
     */
    public void lookup(Vector[] keys, int[] rows, int from, int to, long[] rowHashes, int[] groups) {
        reusedCount = 0;
        int missed = lookAtFirstSlots(rows, from, to, rowHashes, groups);
        for (int m = 0; m < missed; m++) {
            int i = misses[m];
            groups[i] = probe(keys, rows[i], rowHashes[rows[i]]);
        }
        compare(keys, rows, from, to, groups);
        if (anyDiffers) {
            anyDiffers = false;
            for (int i = from; i < to; i++) {
                if (i < differs.length && differs[i]) {
                    differs[i] = false;
                    groups[i] = find(keys, rows[i], rowHashes[rows[i]]);
                }
            }
        }
    }

    /**
     * Takes the group of each row's first slot, and notes in {@link #misses} the rows for which that is another's. Most
     * rows are found there, but which is not to be foreseen: so the loop has no branch.
     *
     * @return the number of misses
     */
    private int lookAtFirstSlots(int[] rows, int from, int to, long[] rowHashes, int[] groups) {
        if (misses.length < to - from) {
            misses = new int[to - from];
        }
        final int[] misses = this.misses;
        final long[] slots = this.slots;
        final int mask = slots.length - 1;
        int missed = 0;
        for (int i = from; i < to; i++) {
            long hash = rowHashes[rows[i]];
            long slot = slots[(int) hash & mask];
            groups[i] = (int) slot - 1;
            misses[missed] = i;
            // Not zero if the halves of the hashes differ, or the slot is empty.
            long other = (slot ^ hash) & UPPER | (slot & ~UPPER) - 1 & Long.MIN_VALUE;
            missed += (int) ((other | -other) >>> 63);
        }
        return missed;
    }

    /** The first group with an equal half of the hash; a new one if there is none. */
    private int probe(Vector[] keys, int row, long hash) {
        int at = (int) hash & mask;
        long slot = slots[at];
        while (slot != 0 && ((slot ^ hash) & UPPER) != 0) {
            at = (at + 1) & mask;
            slot = slots[at];
        }
        return slot != 0 ? (int) slot - 1 : insert(keys, row, hash);
    }

    private void compare(Vector[] keys, int[] rows, int from, int to, int[] groups) {
        if (textColumns.length > 0 && words.length >= TOUCHED_WORDS_MIN) {
            touch(from, to, groups);
        }
        for (int column = 0; column < keys.length; column++) {
            Vector key = keys[column];
            if (key.nulls() != null || (nullColumns >>> column & 1) != 0) {
                compareWithNulls(column, key, rows, from, to, groups);
                continue;
            }
            switch (key) {
                case LongVector v -> compareLongs(offsets[column], v.values(), rows, from, to, groups);
                case BytesVector v -> compareBytes(offsets[column], v, rows, from, to, groups);
                case DoubleVector v -> compareDoubles(offsets[column], v.values(), rows, from, to, groups);
                case DecimalVector v -> compareWithNulls(column, v, rows, from, to, groups);
                case BooleanVector v -> compareWithNulls(column, v, rows, from, to, groups);
            }
        }
    }

    /**
     * Reads the first and the last word of each group. To compare bytes takes so many instructions that the processor looks
     * only a few rows ahead; here it waits for many of them at the same time.
     */
    private void touch(int from, int to, int[] groups) {
        final long[] words = this.words;
        final int width = this.width;
        long any = 0;
        for (int i = from; i < to; i++) {
            int at = groups[i] * width;
            any |= words[at] | words[at + width - 1];
        }
        touched = any;
    }

    private void compareLongs(int offset, long[] values, int[] rows, int from, int to, int[] groups) {
        final long[] words = this.words;
        final int width = this.width;
        for (int i = from; i < to; i++) {
            if (words[groups[i] * width + offset] != values[rows[i]]) {
                differs(i);
            }
        }
    }

    private void compareDoubles(int offset, double[] values, int[] rows, int from, int to, int[] groups) {
        final long[] words = this.words;
        final int width = this.width;
        for (int i = from; i < to; i++) {
            if (words[groups[i] * width + offset] != KeyHasher.normalisedBits(values[rows[i]])) {
                differs(i);
            }
        }
    }

    private void compareBytes(int offset, BytesVector values, int[] rows, int from, int to, int[] groups) {
        final long[] words = this.words;
        final int width = this.width;
        final byte[] data = values.data();
        final int[] starts = values.starts();
        final int[] lengths = values.lengths();
        for (int i = from; i < to; i++) {
            int row = rows[i];
            int at = groups[i] * width + offset;
            int start = starts[row];
            int length = lengths[row];
            if (length <= INLINE_BYTES) {
                int first = Math.min(length, Long.BYTES);
                long head = ByteWords.load(data, start, first);
                long tail = ByteWords.load(data, start + Long.BYTES, length - first) | (long) length << 56;
                if (((words[at] ^ head) | (words[at + 1] ^ tail)) != 0) {
                    differs(i);
                }
            } else if (words[at] != ByteWords.load(data, start) || !matchesTail(data, start, length, words[at + 1])) {
                differs(i);
            }
        }
    }

    private boolean matchesTail(byte[] data, int start, int length, long word) {
        return length <= INLINE_BYTES
                ? word == tail(data, start, length)
                : word >>> 31 == longLength(length) && ByteWords.equal(data, start, texts.data(), textAt(word), length);
    }

    private void compareWithNulls(int column, Vector key, int[] rows, int from, int to, int[] groups) {
        for (int i = from; i < to; i++) {
            if (!matches(column, key, rows[i], groups[i])) {
                differs(i);
            }
        }
    }

    private void differs(int index) {
        if (index >= differs.length) {
            differs = Arrays.copyOf(differs, Math.max(index + 1, differs.length * 2));
        }
        differs[index] = true;
        anyDiffers = true;
    }

    private boolean matches(int column, Vector key, int row, int group) {
        boolean isNull = key.isNull(row);
        if (isNull != isNull(column, group)) {
            return false;
        }
        if (isNull) {
            return true;
        }
        int at = group * width + offsets[column];
        return switch (key) {
            case LongVector v -> words[at] == v.values()[row];
            case DoubleVector v -> words[at] == KeyHasher.normalisedBits(v.values()[row]);
            case BooleanVector v -> words[at] == (v.values()[row] ? 1 : 0);
            case DecimalVector v -> words[at] == v.high()[row] && words[at + 1] == v.low()[row];
            case BytesVector v -> {
                int start = v.starts()[row];
                int length = v.lengths()[row];
                yield words[at] == head(v.data(), start, length)
                        && matchesTail(v.data(), start, length, words[at + 1]);
            }
        };
    }

    private boolean isNull(int column, int group) {
        return nullBits != null && (nullBits[group] >>> column & 1) != 0;
    }

    private static long head(byte[] data, int start, int length) {
        return ByteWords.load(data, start, Math.min(length, Long.BYTES));
    }

    /** The second word of at most 15 bytes. */
    private static long tail(byte[] data, int start, int length) {
        long behind = length > Long.BYTES ? ByteWords.load(data, start + Long.BYTES, length - Long.BYTES) : 0;
        return (long) length << 56 | behind;
    }

    /** The upper bits of the second word of more than 15 bytes. */
    private static long longLength(int length) {
        return 1L << 32 | length;
    }

    private static boolean isLong(long word) {
        return word < 0;
    }

    private static int textAt(long word) {
        return (int) word & Integer.MAX_VALUE;
    }

    /** The lookup that compares whole keys at every slot. */
    private int find(Vector[] keys, int row, long hash) {
        int at = (int) hash & mask;
        for (; slots[at] != 0; at = (at + 1) & mask) {
            int group = (int) slots[at] - 1;
            boolean equal = ((slots[at] ^ hash) & UPPER) == 0;
            for (int column = 0; equal && column < keys.length; column++) {
                equal = matches(column, keys[column], row, group);
            }
            if (equal) {
                return group;
            }
        }
        return insert(keys, row, hash);
    }

    private int insert(Vector[] keys, int row, long hash) {
        int group = removedCount == 0 ? size : lowestRemoved();
        reserve(group + 1);
        long nulls = 0;
        for (int column = 0; column < keys.length; column++) {
            Vector key = keys[column];
            int at = group * width + offsets[column];
            if (key.isNull(row)) {
                nulls |= 1L << column;
                words[at] = 0;
                if (storages[column] == Storage.BYTES || storages[column] == Storage.DECIMAL128) {
                    words[at + 1] = 0;
                }
                continue;
            }
            switch (key) {
                case LongVector v -> words[at] = v.values()[row];
                case DoubleVector v -> words[at] = KeyHasher.normalisedBits(v.values()[row]);
                case BooleanVector v -> words[at] = v.values()[row] ? 1 : 0;
                case DecimalVector v -> {
                    words[at] = v.high()[row];
                    words[at + 1] = v.low()[row];
                }
                case BytesVector v -> {
                    int start = v.starts()[row];
                    int length = v.lengths()[row];
                    words[at] = head(v.data(), start, length);
                    words[at + 1] = length <= INLINE_BYTES
                            ? tail(v.data(), start, length)
                            : longLength(length) << 31 | texts.add(group, v.data(), start, length);
                }
            }
        }
        if (nulls != 0 && nullBits == null) {
            nullBits = new long[hashes.length];
        }
        if (nullBits != null) {
            nullBits[group] = nulls;
            nullColumns |= nulls;
        }
        hashes[group] = hash;
        place(group, hash);
        if (group == size) {
            size++;
        } else {
            reuse(group);
        }
        return group;
    }

    private int lowestRemoved() {
        while (removed[removedFrom] == 0) {
            removedFrom++;
        }
        return removedFrom << 6 | Long.numberOfTrailingZeros(removed[removedFrom]);
    }

    private void reuse(int group) {
        unmarkRemoved(group);
        if (reused.length == reusedCount) {
            reused = Arrays.copyOf(reused, Math.max(64, reusedCount * 2));
        }
        reused[reusedCount++] = group;
    }

    /** The key of a group in a column of 64-bit integers. */
    public long longKey(int column, int group) {
        return words[group * width + offsets[column]];
    }

    /** Removes a group: its key is as if it had never come. */
    public void remove(int group) {
        if (group >= size || isRemoved(group)) {
            throw new IllegalArgumentException("group " + group + " does not exist");
        }
        vacate(slotOf(group));
        forgetKey(group);
        markRemoved(group);
        texts.tidy(this::textMoved);
    }

    private void forgetKey(int group) {
        for (int column : textColumns) {
            long word = words[group * width + offsets[column] + 1];
            if (isLong(word)) {
                texts.giveUp(textAt(word));
            }
        }
        Arrays.fill(words, group * width, (group + 1) * width, 0);
    }

    private void markRemoved(int group) {
        if (removed == null) {
            removed = new long[removedWords()];
        }
        removed[group >>> 6] |= 1L << group;
        removedCount++;
        removedFrom = Math.min(removedFrom, group >>> 6);
    }

    private void unmarkRemoved(int group) {
        removed[group >>> 6] &= ~(1L << group);
        removedCount--;
    }

    private int removedWords() {
        return (hashes.length + 63) >>> 6;
    }

    private int slotOf(int group) {
        int at = (int) hashes[group] & mask;
        while ((int) slots[at] != group + 1) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** Empties a slot; those behind it that were put there because their own were taken move up. */
    private void vacate(int slot) {
        int hole = slot;
        for (int at = (slot + 1) & mask; slots[at] != 0; at = (at + 1) & mask) {
            int home = (int) hashes[(int) slots[at] - 1] & mask;
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                slots[hole] = slots[at];
                hole = at;
            }
        }
        slots[hole] = 0;
    }

    private void textMoved(int group, int fromPlace, int toPlace) {
        for (int column : textColumns) {
            int at = group * width + offsets[column] + 1;
            if (isLong(words[at]) && textAt(words[at]) == fromPlace) {
                words[at] += toPlace - fromPlace;
                return;
            }
        }
        throw new IllegalStateException("a text of group " + group + " that it does not have");
    }

    private void place(int group, long hash) {
        int at = (int) hash & mask;
        while (slots[at] != 0) {
            at = (at + 1) & mask;
        }
        slots[at] = (hash & UPPER) | (group + 1);
    }

    /** Makes room for so many groups. */
    private void reserve(int groups) {
        reserveKeys(groups);
        if (groups > slots.length / 2) {
            rebuildSlots(groups);
        }
    }

    private void reserveKeys(int groups) {
        if (groups > groupsMax) {
            throw limit("a partition has more than " + groupsMax + " groups");
        }
        if (groups > hashes.length) {
            long grown = Math.min(Math.max(groups, hashes.length * 2L), groupsMax);
            if (grown * width > ARRAY_MAX) {
                throw limit("a partition has more than " + hashes.length + " groups of keys of this size");
            }
            hashes = Arrays.copyOf(hashes, (int) grown);
            words = Arrays.copyOf(words, (int) grown * width);
            if (nullBits != null) {
                nullBits = Arrays.copyOf(nullBits, (int) grown);
            }
            if (removed != null) {
                removed = Arrays.copyOf(removed, removedWords());
            }
        }
    }

    private static MillraceException limit(String message) {
        return new MillraceException(
                ErrorCode.STATE_LIMIT, message, "use more partitions, a window, or a key with fewer values");
    }

    /** Places all groups again, in order, in a table with room for so many. */
    private void rebuildSlots(int groups) {
        int length = Math.max(SLOTS_MIN, Integer.highestOneBit(Math.max(1, groups * 2 - 1)) * 2);
        slots = new long[length];
        mask = length - 1;
        for (int group = 0; group < size; group++) {
            if (!isRemoved(group)) {
                place(group, hashes[group]);
            }
        }
    }

    /** Forgets all groups; the memory stays for the next ones. */
    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
        texts.clear();
        removed = null;
        removedCount = 0;
        removedFrom = 0;
        nullColumns = 0;
        nullBits = null;
    }

    /**
     * Writes one column of keys into a vector.
     *
     * @param column index of the key column
     * @param groups the groups
     * @param rows where each group's key goes in the vector
     * @param from index of the first group in {@code groups}
     * @param to index behind the last group
     */
    public void writeKeys(int column, int[] groups, int[] rows, int from, int to, Vector into) {
        boolean nullable = (nullColumns >>> column & 1) != 0;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int row = rows[i];
            if (nullable && isNull(column, group)) {
                into.setNull(row);
                continue;
            }
            int at = group * width + offsets[column];
            switch (into) {
                case LongVector v -> v.set(row, words[at]);
                case DoubleVector v -> v.set(row, Double.longBitsToDouble(words[at]));
                case BooleanVector v -> v.set(row, words[at] != 0);
                case DecimalVector v -> v.set(row, words[at], words[at + 1]);
                case BytesVector v -> writeBytes(v, row, words[at], words[at + 1]);
            }
        }
    }

    private void writeBytes(BytesVector into, int row, long head, long tail) {
        if (isLong(tail)) {
            into.append(row, texts.data(), textAt(tail), (int) (tail >>> 31));
            return;
        }
        int length = (int) (tail >>> 56);
        int at = into.reserve(length);
        byte[] data = into.data();
        // Whole words: what is written too much lies in the padding and is overwritten by the next value.
        ByteWords.store(data, at, head);
        if (length > Long.BYTES) {
            ByteWords.store(data, at + Long.BYTES, tail);
        }
        into.point(row, at, length);
    }

    /** Bytes of memory held. */
    public long bytes() {
        long longs = (long) slots.length + hashes.length + words.length + (nullBits == null ? 0 : nullBits.length)
                + (removed == null ? 0 : removed.length);
        return longs * Long.BYTES + texts.bytes() + differs.length + (misses.length + reused.length) * 4L;
    }

    /** Writes all groups. */
    public void save(StateWriter out) {
        out.writeInt(size);
        saveKeys(out, GroupSet.range(0, size));
    }

    /** Takes over what {@link #save} wrote, in place of what the table holds. */
    public void restore(StateReader in) {
        clear();
        restoreKeys(in, GroupSet.range(0, in.readInt()));
        rebuild();
    }

    /** Writes the keys of some groups, and their hashes; of those that were removed, that they are. */
    public void saveKeys(StateWriter out, GroupSet groups) {
        out.writeInt(STATE_VERSION);
        out.writeLong(nullColumns);
        out.writeBoolean(removedCount > 0);
        for (int done = 0; done < groups.count(); done += BLOCK_GROUPS) {
            GroupSet block = groups.part(done, Math.min(done + BLOCK_GROUPS, groups.count()));
            out.writeLongs(hashes, block);
            out.writeLongs(words, width, block);
            if (nullColumns != 0) {
                out.writeLongs(nullBits, block);
            }
            for (int i = 0; removedCount > 0 && i < block.count(); i++) {
                out.writeBoolean(isRemoved(block.id(i)));
            }
            for (int i = 0; i < block.count(); i++) {
                saveText(out, block.id(i));
            }
        }
    }

    private void saveText(StateWriter out, int group) {
        for (int column : textColumns) {
            long word = words[group * width + offsets[column] + 1];
            if (isLong(word)) {
                out.writeBytes(texts.data(), textAt(word), (int) (word >>> 31));
            }
        }
    }

    /**
     * Reads what {@link #saveKeys} wrote of as many groups, in the same order, in place of the keys that these have. Groups
     * that the table does not have come into being, and all below them must. The table can't be looked up in before
     * {@link #rebuild}.
     */
    public void restoreKeys(StateReader in, GroupSet groups) {
        in.readVersion("a group table", STATE_VERSION);
        int end = Math.max(size, groups.end());
        reserveKeys(end);
        long nulls = in.readLong();
        if (nulls != 0 && nullBits == null) {
            nullBits = new long[hashes.length];
        }
        nullColumns |= nulls;
        boolean anyRemoved = in.readBoolean();
        long[] read = new long[Math.min(groups.count(), BLOCK_GROUPS) * width];
        for (int done = 0; done < groups.count(); done += BLOCK_GROUPS) {
            GroupSet block = groups.part(done, Math.min(done + BLOCK_GROUPS, groups.count()));
            in.readLongs(hashes, block);
            in.readLongs(read, 0, block.count() * width);
            if (nulls != 0) {
                in.readLongs(nullBits, block);
            } else if (nullBits != null) {
                block.fill(nullBits, 0);
            }
            for (int i = 0; i < block.count(); i++) {
                restoreRemoved(block.id(i), anyRemoved && in.readBoolean());
            }
            for (int i = 0; i < block.count(); i++) {
                int group = block.id(i);
                restoreText(in, group, read, i * width);
                System.arraycopy(read, i * width, words, group * width, width);
            }
        }
        size = end;
        texts.tidy(this::textMoved);
    }

    private void restoreRemoved(int group, boolean value) {
        boolean before = isRemoved(group);
        if (value && !before) {
            markRemoved(group);
        } else if (before && !value) {
            unmarkRemoved(group);
        }
    }

    /** Reads the long texts of a key into this table, and puts into its words where they stand. */
    private void restoreText(StateReader in, int group, long[] read, int at) {
        for (int column : textColumns) {
            long word = read[at + offsets[column] + 1];
            long before = group < size ? words[group * width + offsets[column] + 1] : 0;
            // Of the same key, mostly: portions tell of a group more than once.
            boolean fits = isLong(word) && isLong(before) && word >>> 31 == before >>> 31;
            if (isLong(before) && !fits) {
                texts.giveUp(textAt(before));
            }
            if (isLong(word)) {
                int length = (int) (word >>> 31);
                int place = fits ? textAt(before) : texts.reserve(group, length);
                in.readBytes(texts.data(), place, length);
                read[at + offsets[column] + 1] = longLength(length) << 31 | place;
            }
        }
    }

    /** Makes the table ready for lookups, after the last {@link #restoreKeys}. */
    public void rebuild() {
        rebuildSlots(size);
    }
}
