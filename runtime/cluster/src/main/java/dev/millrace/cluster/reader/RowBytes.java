// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;

/**
 * About how many bytes the shares of a batch have, in memory or on their way. Short strings count by their average over the
 * batch, which one quick loop over it gives; long ones, of which few can make a share large, one by one.
 */
final class RowBytes {
    /** Position and hash. */
    private static final int FIXED_BYTES = 16;

    private static final int VALUE_BYTES = 8;
    private static final int LENGTH_BYTES = 4;

    /** From so many bytes of strings in a batch on each share is measured by itself. */
    private static final long STRING_BYTES_LARGE = 256 << 10;

    private long bytesPerRow;
    private long stringBytes;
    private int rows;

    /** Looks at the batch whose shares are asked for next. */
    void measure(Batch batch) {
        bytesPerRow = FIXED_BYTES;
        stringBytes = 0;
        rows = batch.size();
        for (Vector column : batch.columns()) {
            bytesPerRow += switch (column) {
                case LongVector _ -> VALUE_BYTES;
                case DoubleVector _ -> VALUE_BYTES;
                case DecimalVector _ -> 2 * VALUE_BYTES;
                case BooleanVector _ -> 1;
                case BytesVector v -> {
                    stringBytes += stringBytes(batch, v);
                    yield LENGTH_BYTES;
                }
            };
        }
    }

    private static long stringBytes(Batch batch, BytesVector vector) {
        int[] lengths = vector.lengths();
        long bytes = 0;
        if (vector.nulls() == null && batch.selection() == null) {
            for (int row = 0; row < batch.rowCount(); row++) {
                bytes += lengths[row];
            }
            return bytes;
        }
        // What stands at rows that are NULL or not selected may be anything.
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            bytes += vector.isNull(row) ? 0 : lengths[row];
        }
        return bytes;
    }

    /** Bytes of some rows of the batch that was measured. */
    long of(Batch share) {
        int count = share.size();
        long bytes = count * bytesPerRow;
        if (stringBytes < STRING_BYTES_LARGE) {
            return rows == 0 ? bytes : bytes + stringBytes * count / rows;
        }
        for (Vector column : share.columns()) {
            if (column instanceof BytesVector vector) {
                bytes += stringBytes(share, vector);
            }
        }
        return bytes;
    }
}
