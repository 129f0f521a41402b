// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;

/** Puts updates right of which one half was filtered out, and leaves out those that change nothing. */
final class UpdateMatcher {
    private final boolean keepsBefore;

    UpdateMatcher(boolean keepsBefore) {
        this.keepsBefore = keepsBefore;
    }

    /**
     * Whether the selected row with this index and the next one are the halves of one update. Those of different updates
     * never have the same position, so that it does not matter what was left out between them.
     */
    static boolean isUpdate(Batch batch, int index) {
        if (batch.kinds() == null || index + 1 >= batch.size()) {
            return false;
        }
        int row = batch.row(index);
        int next = batch.row(index + 1);
        return batch.kinds()[row] == RowKind.UPDATE_BEFORE.code() && batch.kinds()[next] == RowKind.UPDATE_AFTER.code()
                && batch.positions()[row] == batch.positions()[next];
    }

    /** What has changed may be left out by a projection. */
    private static boolean isSame(Batch batch, int row, int other) {
        for (Vector column : batch.columns()) {
            if (!column.isSame(row, other)) {
                return false;
            }
        }
        return true;
    }

    /** The batch with the kinds put right, without updates that change nothing. */
    Batch apply(Batch batch, BatchArena arena, RowErrors errors) {
        if (batch.kinds() == null) {
            return batch;
        }
        byte[] kinds = new byte[batch.rowCount()];
        int[] kept = arena.ints(batch.size());
        int count = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            if (isUpdate(batch, i)) {
                int after = batch.row(++i);
                if (isSame(batch, row, after)) {
                    continue;
                }
                if (keepsBefore) {
                    kinds[row] = RowKind.UPDATE_BEFORE.code();
                    kept[count++] = row;
                }
                kinds[after] = RowKind.UPDATE_AFTER.code();
                kept[count++] = after;
            } else {
                kinds[row] = (batch.kind(row).takesBack() ? RowKind.DELETE : RowKind.INSERT).code();
                kept[count++] = row;
            }
        }
        return batch.withKinds(kinds).withSelection(kept, count);
    }
}
