// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import java.util.Arrays;

/** The numbers 0, 1, 2, … in an array that grows with the batches: the rows of one of which all are selected. */
public final class RowNumbers {
    private int[] ascending = new int[0];

    /** The selected rows of a batch, in the first {@link Batch#size} places; never to be written to. */
    public int[] of(Batch batch) {
        return batch.selection() == null ? upTo(batch.size()) : batch.selection();
    }

    /** The first so many numbers, and maybe more; never to be written to. */
    public int[] upTo(int count) {
        if (ascending.length < count) {
            ascending = new int[Math.max(count, ascending.length * 2)];
            Arrays.setAll(ascending, number -> number);
        }
        return ascending;
    }

    /** Bytes of memory held. */
    public long bytes() {
        return ascending.length * 4L;
    }
}
