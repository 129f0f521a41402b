// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.type.Storage;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Leaves the dead groups of a table behind. A table gives numbers and never takes one back; where groups can end, it is
 * made anew when more than half of it is dead, which costs each group about as much as its coming did.
 */
final class LiveGroups {
    private static final int DEAD_MIN = 1024;

    private LiveGroups() {}

    /** Whether a table with so many groups alive should be made anew. */
    static boolean areFew(int live, GroupTable table) {
        int dead = table.size() - live;
        return dead > DEAD_MIN && dead > live;
    }

    /**
     * A table of the groups that live, in their order: the first of them is group 0.
     *
     * @param keys how the key columns are stored
     */
    static GroupTable compact(GroupTable table, List<Storage> keys, int groupsMax, IntPredicate lives) {
        GroupTable compact = new GroupTable(keys, groupsMax);
        int[] from = new int[Batch.ROWS];
        int[] rows = new int[Batch.ROWS];
        int[] to = new int[Batch.ROWS];
        long[] hashes = new long[Batch.ROWS];
        int count = 0;
        for (int group = 0; group < table.size(); group++) {
            if (lives.test(group)) {
                from[count] = group;
                rows[count] = count;
                hashes[count++] = table.hash(group);
            }
            if (count == Batch.ROWS || group == table.size() - 1) {
                Vector[] columns = new Vector[keys.size()];
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = Vector.create(keys.get(i), Math.max(1, count));
                    table.writeKeys(i, from, rows, 0, count, columns[i]);
                }
                compact.lookup(columns, rows, 0, count, hashes, to);
                count = 0;
            }
        }
        return compact;
    }
}
