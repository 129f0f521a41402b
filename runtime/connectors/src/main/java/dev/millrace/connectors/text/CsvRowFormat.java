// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.nio.charset.StandardCharsets;

/**
 * Comma-separated values after RFC 4180, but lines end with a line feed alone. NULL is an empty field and an empty
 * string is {@code ""}. Where the result can change, the first column is {@code op} and holds the row kind.
 */
public final class CsvRowFormat implements RowFormat {
    private final Schema schema;
    private final SqlType[] types;
    private final boolean withKind;

    /** Rows without their kind: for results that only grow. */
    public CsvRowFormat(Schema schema) {
        this(schema, false);
    }

    /** @param withKind whether a leading column {@code op} holds the kind of every row, "+I" included */
    public CsvRowFormat(Schema schema, boolean withKind) {
        this.schema = schema;
        this.withKind = withKind;
        types = schema.columns().stream().map(Column::type).toArray(SqlType[]::new);
    }

    /** Appends the names of the columns. */
    @Override
    public void appendHeader(TextBuffer out) {
        if (withKind) {
            out.append("op");
        }
        for (int i = 0; i < types.length; i++) {
            if (i > 0 || withKind) {
                out.append(',');
            }
            byte[] name = schema.column(i).name().getBytes(StandardCharsets.UTF_8);
            appendText(name, 0, name.length, out);
        }
        out.append('\n');
    }

    @Override
    public void append(Batch batch, int row, TextBuffer out) {
        if (withKind) {
            out.append(batch.kind(row).symbol());
        }
        for (int i = 0; i < types.length; i++) {
            if (i > 0 || withKind) {
                out.append(',');
            }
            Vector column = batch.column(i);
            if (column.isNull(row)) {
                continue;
            }
            if (types[i].kind().isCharacter()) {
                BytesVector bytes = (BytesVector) column;
                appendText(bytes.data(), bytes.starts()[row], bytes.lengths()[row], out);
            } else {
                ValueText.append(types[i], column, row, out);
            }
        }
        out.append('\n');
    }

    private static void appendText(byte[] utf8, int start, int length, TextBuffer out) {
        boolean quoted = length == 0;
        for (int i = start; i < start + length && !quoted; i++) {
            byte b = utf8[i];
            quoted = b == ',' || b == '"' || b == '\n' || b == '\r';
        }
        if (!quoted) {
            out.append(utf8, start, length);
            return;
        }
        out.append('"');
        for (int i = start; i < start + length; i++) {
            if (utf8[i] == '"') {
                out.append('"');
            }
            out.append(utf8[i]);
        }
        out.append('"');
    }
}
