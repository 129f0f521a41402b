// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.expression.function.RowFailure;
import java.util.Arrays;

/** The rows that failed in one run of a loop, in ascending order. */
public final class FailedRows {
    private final RowErrors errors;
    private final long[] positions;
    private final byte[] kinds;
    private int[] rows = new int[8];
    private int count;

    FailedRows(Batch batch, RowErrors errors) {
        this.errors = errors;
        positions = batch.positions();
        kinds = batch.kinds();
    }

    /** Called by generated code. */
    public void add(int row, RowFailure failure) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, count * 2);
        }
        rows[count++] = row;
        // A row that is taken back failed when it came as well: that was told then.
        if (kinds == null || !RowKind.of(kinds[row]).takesBack()) {
            errors.add(positions == null ? -1 : positions[row], failure.code(), failure.getMessage());
        }
    }

    /** Takes the failed rows out of a batch's selection, and forgets them. */
    Batch removeFrom(Batch batch, BatchArena arena) {
        if (count == 0) {
            return batch;
        }
        int[] kept = arena.ints(batch.size());
        int size = 0;
        int next = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            if (next < count && rows[next] == row) {
                next++;
            } else {
                kept[size++] = row;
            }
        }
        count = 0;
        return batch.withSelection(kept, size);
    }
}
