// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.SplitReader;

/** Generates the rows of one split: row numbers {@code split}, {@code split + splits}, {@code split + 2 * splits} … */
final class WorkloadReader implements SplitReader {
    private final RowFiller filler;
    private final int splits;
    private final long end;
    private final Throttle throttle;
    private long next;

    /**
     * @param end row number behind the last
     * @param throttle null to generate as fast as possible
     */
    WorkloadReader(RowFiller filler, int split, int splits, long position, long end, Throttle throttle) {
        this.filler = filler;
        this.splits = splits;
        this.end = end;
        this.throttle = throttle;
        // Positions between two rows of the split are those of rows of other splits.
        next = position + Math.floorMod(split - position, (long) splits);
    }

    @Override
    public ReadStatus read(BatchBuilder into) {
        long left = next >= end ? 0 : (end - next - 1) / splits + 1;
        if (left == 0) {
            return ReadStatus.END;
        }
        int rows = (int) Math.min(left, into.remaining());
        if (throttle != null) {
            rows = throttle.take(rows);
            if (rows == 0) {
                return ReadStatus.IDLE;
            }
        }
        int firstRow = into.rows();
        final long[] positions = into.positions();
        final int step = splits;
        long i = next;
        for (int r = firstRow; r < firstRow + rows; r++) {
            positions[r] = i;
            i += step;
        }
        filler.fill(into, firstRow, rows, next, splits);
        into.advance(rows);
        next = i;
        return rows == left ? ReadStatus.END : ReadStatus.MORE;
    }

    @Override
    public long position() {
        return next;
    }

    @Override
    public void close() {}
}
