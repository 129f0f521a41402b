// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;

/** Turns result rows into text. May hold rows back to lay them out. Used under one lock. */
public interface RowEncoder {
    /** Takes all selected rows. */
    void write(Batch batch, TextBuffer out);

    /** Appends what is held back: nothing has come for a while, or nothing will come any more. */
    void flush(TextBuffer out);

    /** Appends what belongs behind the last row, after {@link #flush}. */
    default void finish(TextBuffer out) {}
}
