// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.deadletter;

import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.type.Schema;
import java.util.Arrays;

/** A row as JSON, for dead letters of rows whose record's bytes are gone. */
public final class RowText {
    private RowText() {}

    /**
     * The row of a batch at this position; no bytes if it, or the batch, isn't known.
     *
     * @param schema the batch's columns
     */
    public static byte[] of(Batch batch, long position, Schema schema) {
        if (batch == null || batch.positions() == null || position < 0) {
            return new byte[0];
        }
        int row = Arrays.binarySearch(batch.positions(), 0, batch.rowCount(), position);
        if (row < 0) {
            return new byte[0];
        }
        TextBuffer text = new TextBuffer();
        new JsonRowFormat(schema).append(batch, row, text);
        return Arrays.copyOf(text.data(), text.size());
    }
}
