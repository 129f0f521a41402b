// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.HashRanges;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The groups that a partition takes over from the table of another one: those whose keys are routed to it. Their keys are in
 * its table then; what is kept of them follows by the two sets of numbers, which run side by side.
 */
public final class MovedGroups {
    private final Share share;
    private final GroupTable before;
    private int[] from = new int[Batch.ROWS];
    private int[] to = new int[Batch.ROWS];
    private int count;

    // Scratch.
    private final int[] ids = new int[Batch.ROWS];
    private final int[] rows = IntStream.range(0, Batch.ROWS).toArray();
    private final int[] kept = new int[Batch.ROWS];
    private final int[] found = new int[Batch.ROWS];
    private final long[] hashes = new long[Batch.ROWS];

    private MovedGroups(GroupTable before, Share share) {
        this.before = before;
        this.share = share;
    }

    /**
     * Takes the keys over.
     *
     * @param before the table of a partition before
     * @param now the table that takes them
     * @param storages how the key columns are stored
     * @param keys by key column, the same one of the table before
     * @param routedBy the key columns that choose the partition, in the order in which they are hashed
     * @param hashedBy the key columns in the order in which the table's hashes are computed
     */
    public static MovedGroups move(
            GroupTable before, GroupTable now, List<Storage> storages, List<Integer> keys, List<Integer> routedBy,
            List<Integer> hashedBy, Share share) {
        MovedGroups moved = new MovedGroups(before, share);
        int number = 0;
        for (int group = 0; group < before.size(); group++) {
            if (!before.isRemoved(group)) {
                moved.ids[number++] = group;
            }
            if (number == Batch.ROWS || group == before.size() - 1) {
                moved.take(number, now, moved.keys(number, storages, keys), routedBy, hashedBy);
                number = 0;
            }
        }
        return moved;
    }

    private Vector[] keys(int number, List<Storage> storages, List<Integer> keys) {
        Vector[] columns = new Vector[keys.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Vector.create(storages.get(i), Math.max(1, number));
            before.writeKeys(keys.get(i), ids, rows, 0, number, columns[i]);
        }
        return columns;
    }

    private void take(int number, GroupTable now, Vector[] keys, List<Integer> routedBy, List<Integer> hashedBy) {
        KeyHasher.hash(select(keys, routedBy), null, number, hashes);
        int keptCount = 0;
        for (int i = 0; i < number; i++) {
            if (HashRanges.partition(hashes[i], share.partitions()) == share.partition()) {
                kept[keptCount++] = i;
            }
        }
        KeyHasher.hash(select(keys, hashedBy), null, number, hashes);
        int groupsBefore = now.count();
        now.lookup(keys, kept, 0, keptCount, hashes, found);
        if (now.count() != groupsBefore + keptCount) {
            throw new IllegalStateException("a group stood in two partitions");
        }
        if (from.length < count + keptCount) {
            from = Arrays.copyOf(from, from.length * 2);
            to = Arrays.copyOf(to, to.length * 2);
        }
        for (int i = 0; i < keptCount; i++) {
            from[count] = ids[kept[i]];
            to[count++] = found[i];
        }
    }

    private static Vector[] select(Vector[] keys, List<Integer> indexes) {
        return indexes.stream().map(index -> keys[index]).toArray(Vector[]::new);
    }

    /** How many groups. */
    public int count() {
        return count;
    }

    /** Their numbers in the table before. */
    public GroupSet from() {
        return GroupSet.of(from, count);
    }

    /** Their numbers in the table that has taken them. */
    public GroupSet to() {
        return GroupSet.of(to, count);
    }
}
