// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.expression.function.RowFailure;

/** Writes byte strings into a result. */
public final class ResultBytes {
    /** The most bytes of one column of a batch. */
    private static final int COLUMN_BYTES_MAX = 1 << 30;

    private ResultBytes() {}

    /** Called by generated code. */
    public static void append(byte[] data, int start, int length, BytesVector result, int row) {
        if (result.reserve(0) + (long) length > COLUMN_BYTES_MAX) {
            throw RowFailure
                    .function("the strings of a batch are longer than the limit of " + COLUMN_BYTES_MAX + " bytes");
        }
        result.append(row, data, start, length);
    }
}
