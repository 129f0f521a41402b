// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;

/** Generates the rows of one split: row numbers {@code split}, {@code split + splits}, {@code split + 2 * splits} … */
public final class NumberedReader implements SplitReader {
    private final NumberedRows rows;
    private final int rowsMax;
    private final int splits;
    private final long end;
    private final Pace pace;
    private long next;

    /**
     * @param rows the rows of all splits
     * @param split one of those that {@link NumberedSplits} made
     * @param position where to start
     * @param rowsMax rows of a batch, at most
     * @param pace null to generate as fast as possible
     */
    public NumberedReader(NumberedRows rows, Split split, long position, int rowsMax, Pace pace) {
        this.rows = rows;
        this.rowsMax = rowsMax;
        splits = NumberedSplits.count(split);
        end = split.end();
        this.pace = pace;
        // Positions between two rows of the split are those of rows of other splits.
        next = position + Math.floorMod(split.index() - position, (long) splits);
    }

    @Override
    public ReadStatus read(BatchBuilder into) {
        long left = next >= end ? 0 : (end - next - 1) / splits + 1;
        if (left == 0) {
            return ReadStatus.END;
        }
        int wanted = (int) Math.min(left, Math.min(into.remaining(), rowsMax));
        int count = pace == null ? wanted : pace.take(next, wanted, splits);
        int firstRow = into.rows();
        final long[] positions = into.positions();
        final int step = splits;
        long i = next;
        for (int r = firstRow; r < firstRow + count; r++) {
            positions[r] = i;
            i += step;
        }
        rows.fill(into, firstRow, count, next, splits);
        into.advance(count);
        next = i;
        if (count == left) {
            return ReadStatus.END;
        }
        return count < wanted ? ReadStatus.IDLE : ReadStatus.MORE;
    }

    @Override
    public long idleNanos() {
        return pace == null ? SplitReader.super.idleNanos() : pace.pauseNanos();
    }

    @Override
    public long position() {
        return next;
    }

    @Override
    public void close() {}
}
