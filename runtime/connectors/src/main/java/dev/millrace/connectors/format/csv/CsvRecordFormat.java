// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.csv;

import dev.millrace.connectors.text.CsvRowFormat;
import dev.millrace.connectors.text.RowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.type.Schema;

/** Writes what {@link CsvDecoder} reads. */
final class CsvRecordFormat implements RowFormat {
    private final Schema schema;
    private final CsvSettings.Header header;
    private final boolean canReadLikeHeader;
    private final CsvRowFormat rows;

    CsvRecordFormat(Schema schema, CsvSettings settings) {
        this.schema = schema;
        header = settings.header();
        canReadLikeHeader = schema.columns().stream().allMatch(c -> c.type().kind().isCharacter());
        rows = new CsvRowFormat(schema, false, settings.style());
    }

    @Override
    public void append(Batch batch, int row, TextBuffer out) {
        rows.append(batch, row, out);
    }

    @Override
    public void appendHeader(TextBuffer out) {
        rows.appendHeader(out);
    }

    @Override
    public boolean needsHeader(Batch batch, int row) {
        return switch (header) {
            case ALWAYS -> true;
            case NEVER -> false;
            // A first row that holds the names of the columns is lost unless the names stand before it.
            case IF_IT_NAMES_THE_COLUMNS -> canReadLikeHeader && readsLikeHeader(batch, row);
        };
    }

    private boolean readsLikeHeader(Batch batch, int row) {
        for (int i = 0; i < schema.size(); i++) {
            BytesVector column = (BytesVector) batch.column(i);
            if (column.isNull(row) || !CsvDecoder.isName(column.getString(row), schema.column(i))) {
                return false;
            }
        }
        return true;
    }
}
