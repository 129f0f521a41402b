// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.connectors.text.RowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;

/** Rows of a format that needs no layout: JSON and CSV. */
final class PlainRows implements RowEncoder {
    private final RowFormat format;
    private boolean headerWritten;

    PlainRows(RowFormat format) {
        this.format = format;
    }

    @Override
    public void write(Batch batch, TextBuffer out) {
        header(out);
        format.appendAll(batch, out);
    }

    @Override
    public void flush(TextBuffer out) {}

    @Override
    public void finish(TextBuffer out) {
        header(out);
    }

    private void header(TextBuffer out) {
        if (!headerWritten) {
            format.appendHeader(out);
            headerWritten = true;
        }
    }
}
