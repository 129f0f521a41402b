// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;

/**
 * One JSON object a row, its fields the columns in order. Numbers and truth values are bare, NULL is null, everything
 * else is a string, also doubles that are not finite. A row kind other than insert stands in a leading field
 * {@code "op"}.
 */
public final class JsonRowFormat implements RowFormat {
    private final SqlType[] types;
    private final byte[][] names;
    private final JsonStyle style;

    public JsonRowFormat(Schema schema) {
        this(schema, JsonStyle.USUAL);
    }

    public JsonRowFormat(Schema schema, JsonStyle style) {
        this.style = style;
        types = new SqlType[schema.size()];
        names = new byte[types.length][];
        TextBuffer text = new TextBuffer();
        for (int i = 0; i < types.length; i++) {
            types[i] = schema.type(i);
            text.clear();
            JsonText.appendString(schema.column(i).name(), text);
            text.append(':');
            names[i] = java.util.Arrays.copyOf(text.data(), text.size());
        }
    }

    @Override
    public void append(Batch batch, int row, TextBuffer out) {
        out.append('{');
        RowKind kind = batch.kind(row);
        boolean first = true;
        if (kind != RowKind.INSERT) {
            out.append("\"op\":\"" + kind.symbol() + '"');
            first = false;
        }
        for (int i = 0; i < types.length; i++) {
            if (style.leavesNullsOut() && batch.column(i).isNull(row)) {
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            out.append(names[i]);
            appendValue(types[i], batch.column(i), row, out);
        }
        out.append('}');
        out.append('\n');
    }

    private void appendValue(SqlType type, Vector column, int row, TextBuffer out) {
        if (column.isNull(row)) {
            out.append("null");
            return;
        }
        switch (type.kind()) {
            case CHAR, VARCHAR -> {
                BytesVector bytes = (BytesVector) column;
                JsonText.appendString(bytes.data(), bytes.starts()[row], bytes.lengths()[row], out);
            }
            case FLOAT, DOUBLE -> {
                boolean finite = Double.isFinite(((DoubleVector) column).get(row));
                appendQuoted(type, column, row, !finite, out);
            }
            case BOOLEAN, NULL, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL ->
                    appendQuoted(type, column, row, false, out);
            case TIMESTAMP, TIMESTAMP_LTZ -> {
                if (style.hasIsoTimestamps()) {
                    appendIsoTimestamp(type, ((LongVector) column).get(row), out);
                } else {
                    appendQuoted(type, column, row, true, out);
                }
            }
            case BINARY, VARBINARY, DATE, TIME, INTERVAL_MONTH, INTERVAL_MILLIS ->
                    appendQuoted(type, column, row, true, out);
        }
    }

    private static void appendIsoTimestamp(SqlType type, long value, TextBuffer out) {
        out.append('"');
        DateTimeText.appendTimestamp(value, type, 'T', out);
        if (type.kind() == TypeKind.TIMESTAMP_LTZ) {
            out.append('Z');
        }
        out.append('"');
    }

    private static void appendQuoted(SqlType type, Vector column, int row, boolean quoted, TextBuffer out) {
        if (quoted) {
            out.append('"');
        }
        ValueText.append(type, column, row, out);
        if (quoted) {
            out.append('"');
        }
    }
}
