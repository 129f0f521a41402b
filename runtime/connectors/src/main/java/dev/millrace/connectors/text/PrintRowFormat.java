// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;

/** The form of the print sink: the row kind and the values, such as {@code +I[AAPL, 103.5, null]}. */
public final class PrintRowFormat implements RowFormat {
    private final SqlType[] types;

    public PrintRowFormat(Schema schema) {
        types = schema.columns().stream().map(Column::type).toArray(SqlType[]::new);
    }

    @Override
    public void append(Batch batch, int row, TextBuffer out) {
        out.append(batch.kind(row).symbol());
        out.append('[');
        for (int i = 0; i < types.length; i++) {
            if (i > 0) {
                out.append(',');
                out.append(' ');
            }
            Vector column = batch.column(i);
            if (column.isNull(row)) {
                out.append("null");
            } else {
                ValueText.append(types[i], column, row, out);
            }
        }
        out.append(']');
        out.append('\n');
    }
}
