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
import java.util.Arrays;

/**
 * Comma-separated values after RFC 4180, but lines end with a line feed alone. NULL is an empty field, or a literal, and
 * an empty string is {@code ""}. Where the result can change, the first column is {@code op} and holds the row kind.
 */
public final class CsvRowFormat implements RowFormat {
    /** What stands in the text of values other than strings, beside letters and digits. */
    private static final String VALUE_CHARACTERS = " +-./:=";

    /** The first byte of a byte order mark. */
    private static final byte MARK = (byte) 0xEF;

    private final Schema schema;
    private final SqlType[] types;
    private final boolean withKind;
    private final byte delimiter;
    private final byte quote;
    private final byte[] nullLiteral;
    private final boolean valuesMayNeedQuotes;

    /** Rows without their kind: for results that only grow. */
    public CsvRowFormat(Schema schema) {
        this(schema, false);
    }

    /** @param withKind whether a leading column {@code op} holds the kind of every row, "+I" included */
    public CsvRowFormat(Schema schema, boolean withKind) {
        this(schema, withKind, CsvStyle.USUAL);
    }

    public CsvRowFormat(Schema schema, boolean withKind, CsvStyle style) {
        this.schema = schema;
        this.withKind = withKind;
        delimiter = style.delimiter();
        quote = style.quote();
        nullLiteral = style.nullLiteral();
        types = schema.columns().stream().map(Column::type).toArray(SqlType[]::new);
        valuesMayNeedQuotes = nullLiteral != null || isInValues(delimiter) || isInValues(quote);
    }

    private static boolean isInValues(byte b) {
        return Character.isLetterOrDigit(b) || VALUE_CHARACTERS.indexOf(b) >= 0;
    }

    /** Appends the names of the columns. */
    @Override
    public void appendHeader(TextBuffer out) {
        if (withKind) {
            out.append("op");
        }
        for (int i = 0; i < types.length; i++) {
            if (i > 0 || withKind) {
                out.append(delimiter);
            }
            byte[] name = schema.column(i).name().getBytes(StandardCharsets.UTF_8);
            appendText(name, 0, name.length, out);
        }
        out.append('\n');
    }

    @Override
    public void append(Batch batch, int row, TextBuffer out) {
        int start = out.size();
        if (withKind) {
            out.append(batch.kind(row).symbol());
        }
        for (int i = 0; i < types.length; i++) {
            if (i > 0 || withKind) {
                out.append(delimiter);
            }
            Vector column = batch.column(i);
            if (column.isNull(row)) {
                if (nullLiteral != null) {
                    out.append(nullLiteral);
                }
            } else if (types[i].kind().isCharacter()) {
                BytesVector bytes = (BytesVector) column;
                appendText(bytes.data(), bytes.starts()[row], bytes.lengths()[row], out);
            } else {
                appendValue(types[i], column, row, out);
            }
        }
        if (out.size() == start) {
            // A line that is blank is no row to most readers.
            appendQuoted(new byte[0], 0, 0, out);
        }
        out.append('\n');
    }

    private void appendValue(SqlType type, Vector column, int row, TextBuffer out) {
        int start = out.size();
        ValueText.append(type, column, row, out);
        if (valuesMayNeedQuotes && needsQuotes(out.data(), start, out.size() - start)) {
            byte[] value = Arrays.copyOfRange(out.data(), start, out.size());
            out.truncate(start);
            appendQuoted(value, 0, value.length, out);
        }
    }

    private void appendText(byte[] utf8, int start, int length, TextBuffer out) {
        if (needsQuotes(utf8, start, length)) {
            appendQuoted(utf8, start, length, out);
        } else {
            out.append(utf8, start, length);
        }
    }

    /** Whether the field would not be read as it is. A comment or a byte order mark is one at the start of a line only. */
    private boolean needsQuotes(byte[] utf8, int start, int length) {
        if (length == 0 || utf8[start] == '#' || utf8[start] == MARK) {
            return true;
        }
        for (int i = start; i < start + length; i++) {
            byte b = utf8[i];
            if (b == delimiter || b == quote || b == '\n' || b == '\r') {
                return true;
            }
        }
        return nullLiteral != null && Arrays.equals(utf8, start, start + length, nullLiteral, 0, nullLiteral.length);
    }

    private void appendQuoted(byte[] utf8, int start, int length, TextBuffer out) {
        out.append(quote);
        for (int i = start; i < start + length; i++) {
            if (utf8[i] == quote) {
                out.append(quote);
            }
            out.append(utf8[i]);
        }
        out.append(quote);
    }
}
