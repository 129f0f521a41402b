// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.HashRanges;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which partition each group of some tables goes to; found out once a table, whoever takes its groups. */
public final class Routes {
    private static final int NONE = -1;

    private final int partitions;
    private final Map<GroupTable, int[]> known = new IdentityHashMap<>();

    /** @param partitions how many there are now */
    public Routes(int partitions) {
        this.partitions = partitions;
    }

    /** How many partitions there are now. */
    public int partitions() {
        return partitions;
    }

    /**
     * The partition of each group, or a number that is none's for groups that were removed.
     *
     * @param storages how the key columns that choose the partition are stored, in the order in which they are hashed
     * @param columns these columns of the table
     */
    int[] of(GroupTable table, List<Storage> storages, List<Integer> columns) {
        return known.computeIfAbsent(table, _ -> find(table, storages, columns));
    }

    private int[] find(GroupTable table, List<Storage> storages, List<Integer> columns) {
        int[] found = new int[table.size()];
        int[] ids = new int[Batch.ROWS];
        int[] rows = IntStream.range(0, Batch.ROWS).toArray();
        long[] hashes = new long[Batch.ROWS];
        for (int from = 0; from < found.length; from += Batch.ROWS) {
            int count = 0;
            for (int group = from; group < Math.min(found.length, from + Batch.ROWS); group++) {
                found[group] = NONE;
                ids[count] = group;
                count += table.isRemoved(group) ? 0 : 1;
            }
            Vector[] keys = new Vector[columns.size()];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = Vector.create(storages.get(i), Math.max(1, count));
                table.writeKeys(columns.get(i), ids, rows, 0, count, keys[i]);
            }
            KeyHasher.hash(keys, null, count, hashes);
            for (int i = 0; i < count; i++) {
                found[ids[i]] = HashRanges.partition(hashes[i], partitions);
            }
        }
        return found;
    }
}
