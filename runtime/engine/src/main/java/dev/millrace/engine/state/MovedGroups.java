// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The groups that a partition takes over from the table of another one: those whose keys are routed to it. Their keys are
 * in its table then; what is kept of them follows by the two sets of numbers, which run side by side.
 */
public final class MovedGroups {
    private final GroupTable before;
    private int[] from = new int[Batch.ROWS];
    private int[] to = new int[Batch.ROWS];
    private int count;

    // Scratch.
    private final int[] rows = IntStream.range(0, Batch.ROWS).toArray();
    private final int[] found = new int[Batch.ROWS];
    private final long[] hashes = new long[Batch.ROWS];

    private MovedGroups(GroupTable before) {
        this.before = before;
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
        int[] partitions = share.routes().of(
                before, routedBy.stream().map(storages::get).toList(), routedBy.stream().map(keys::get).toList());
        MovedGroups moved = new MovedGroups(before);
        int[] ids = new int[Batch.ROWS];
        int number = 0;
        for (int group = 0; group < partitions.length; group++) {
            if (partitions[group] == share.partition()) {
                ids[number++] = group;
            }
            if (number == Batch.ROWS || number > 0 && group == partitions.length - 1) {
                moved.take(ids, number, now, moved.keys(ids, number, storages, keys), hashedBy);
                number = 0;
            }
        }
        return moved;
    }

    private Vector[] keys(int[] ids, int number, List<Storage> storages, List<Integer> keys) {
        Vector[] columns = new Vector[keys.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Vector.create(storages.get(i), number);
            before.writeKeys(keys.get(i), ids, rows, 0, number, columns[i]);
        }
        return columns;
    }

    private void take(int[] ids, int number, GroupTable now, Vector[] keys, List<Integer> hashedBy) {
        Vector[] hashed = hashedBy.stream().map(index -> keys[index]).toArray(Vector[]::new);
        KeyHasher.hash(hashed, null, number, hashes);
        int groupsBefore = now.count();
        now.lookup(keys, rows, 0, number, hashes, found);
        if (now.count() != groupsBefore + number) {
            throw new IllegalStateException("a group stood in two partitions");
        }
        if (from.length < count + number) {
            from = Arrays.copyOf(from, from.length * 2);
            to = Arrays.copyOf(to, to.length * 2);
        }
        System.arraycopy(ids, 0, from, count, number);
        System.arraycopy(found, 0, to, count, number);
        count += number;
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
