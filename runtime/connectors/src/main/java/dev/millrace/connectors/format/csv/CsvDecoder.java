// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.csv;

import dev.millrace.connectors.format.BadValue;
import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordErrors;
import dev.millrace.connectors.format.Utf8;
import dev.millrace.connectors.format.Words;
import dev.millrace.connectors.format.value.TimestampForm;
import dev.millrace.connectors.format.value.ValueParser;
import dev.millrace.connectors.format.value.ValueParsers;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Decodes CSV. A record is read field by field; what is wrong with it is known at its end. */
final class CsvDecoder implements RecordDecoder {
    private static final int INCOMPLETE = -1;

    private final Schema schema;
    private final CsvSettings settings;
    private final int recordBytesMax;
    private final CsvField field;

    /** By field: the number of the decoded column, or -1. */
    private final int[] targets;

    /** By decoded column. */
    private final ValueParser[] parsers;

    private byte[] unquoted = new byte[256];

    /** What is wrong with the record being read, or null. */
    private String reason;

    CsvDecoder(Schema schema, List<Integer> columns, CsvSettings settings, int recordBytesMax) {
        this.schema = schema;
        this.settings = settings;
        this.recordBytesMax = recordBytesMax;
        field = new CsvField(settings.delimiter(), settings.quote());
        targets = new int[schema.size()];
        parsers = new ValueParser[columns.size()];
        Arrays.fill(targets, -1);
        for (int i = 0; i < parsers.length; i++) {
            targets[columns.get(i)] = i;
            parsers[i] = ValueParsers.of(schema.type(columns.get(i)), TimestampForm.ANY);
        }
    }

    @Override
    public int decode(
            byte[] data, int from, int to, boolean last, long position, BatchBuilder into, RecordErrors errors) {
        int at = from;
        while (!into.isFull() && into.badRecords().size() < RecordErrors.RECORDS_MAX) {
            at = skipBlankLines(data, at, to, last);
            if (at >= to) {
                return at;
            }
            // Blank lines are behind us, so a comment here is one whose end is not there yet.
            int end = isComment(data[at]) ? INCOMPLETE : readRecord(data, at, to, last, into);
            if ((end == INCOMPLETE ? to : end) - at > recordBytesMax) {
                clear(into);
                return -1 - at;
            }
            if (end == INCOMPLETE) {
                clear(into);
                return at;
            }
            if (reason == null) {
                into.endRow(position + (at - from));
            } else {
                clear(into);
                errors.reject(data, at, contentEnd(data, at, end), ErrorCode.RECORD_MALFORMED, reason);
            }
            at = end;
        }
        return at;
    }

    @Override
    public int skipHeader(byte[] data, int from, int to, boolean last) {
        if (settings.header() == CsvSettings.Header.NEVER) {
            return from;
        }
        boolean names = true;
        int count = 0;
        int at = from;
        CsvField.End end;
        do {
            end = field.read(data, at, to);
            if (end == CsvField.End.DATA && !last) {
                return INCOMPLETE;
            }
            if (end == CsvField.End.TRASH) {
                return from;
            }
            names &= count < schema.size() && isName(data, schema.column(count));
            count++;
            at = field.next();
        } while (end == CsvField.End.DELIMITER);
        names &= count == schema.size();
        return names || settings.header() == CsvSettings.Header.ALWAYS ? at : from;
    }

    private boolean isName(byte[] data, Column column) {
        return isName(new String(data, field.from(), field.length(), StandardCharsets.UTF_8), column);
    }

    /** Whether a field is taken for the name of a column. */
    static boolean isName(String text, Column column) {
        return text.strip().equalsIgnoreCase(column.name());
    }

    /** Reads a record into the row being filled. Returns the index behind it, or INCOMPLETE; sets the reason. */
    private int readRecord(byte[] data, int start, int to, boolean last, BatchBuilder into) {
        reason = null;
        int count = 0;
        int at = start;
        CsvField.End end;
        do {
            end = field.read(data, at, to);
            if (end == CsvField.End.DATA) {
                if (!last) {
                    return INCOMPLETE;
                }
                if (field.isQuoted() && field.to() == to) {
                    reason = "a quote is opened and never closed";
                }
            }
            if (end == CsvField.End.TRASH) {
                reason = "something stands behind the closing quote of field " + (count + 1);
                int lineEnd = lineEnd(data, at, to);
                return lineEnd >= 0 ? lineEnd + 1 : last ? to : INCOMPLETE;
            }
            if (reason == null && count < targets.length && targets[count] >= 0) {
                decodeField(data, count, into);
            }
            count++;
            at = field.next();
        } while (end == CsvField.End.DELIMITER);
        if (reason == null && count != targets.length) {
            reason = "it has " + count + (count == 1 ? " field" : " fields") + ", but the table has "
                    + targets.length + (targets.length == 1 ? " column" : " columns");
        }
        int invalid = firstInvalid(data, start, at);
        if (invalid >= 0) {
            reason = "it is not valid UTF-8 at its byte " + (invalid - start);
        }
        return at;
    }

    private void decodeField(byte[] data, int index, BatchBuilder into) {
        Column column = schema.column(index);
        Vector vector = into.column(targets[index]);
        if (isNull(data, column)) {
            if (column.type().nullable()) {
                vector.setNull(into.rows());
            } else {
                reason = BadValue.isNull(column);
            }
            return;
        }
        byte[] source = data;
        int from = field.from();
        int to = field.to();
        if (field.hasQuotes()) {
            to = unquote(data);
            source = unquoted;
            from = 0;
        }
        if (!parsers[targets[index]].parse(source, from, to, vector, into.rows())) {
            if (settings.nullOnFieldError() && column.type().nullable()) {
                vector.setNull(into.rows());
            } else {
                reason = BadValue.noValue(column, new String(source, from, to - from, StandardCharsets.UTF_8));
            }
        }
    }

    private boolean isNull(byte[] data, Column column) {
        byte[] literal = settings.nullLiteral();
        boolean isLiteral = literal != null
                && !field.isQuoted()
                && Arrays.equals(data, field.from(), field.to(), literal, 0, literal.length);
        return isLiteral || field.length() == 0 && !column.type().kind().isCharacter();
    }

    /** Copies the field with its double quotes made single. Returns the length. */
    private int unquote(byte[] data) {
        if (unquoted.length < field.length() + PADDING) {
            unquoted = new byte[2 * field.length() + PADDING];
        }
        int length = 0;
        for (int i = field.from(); i < field.to(); i++) {
            unquoted[length++] = data[i];
            if (data[i] == settings.quote()) {
                i++;
            }
        }
        return length;
    }

    /** The start of the next line that holds something, as far as the data goes. */
    private int skipBlankLines(byte[] data, int from, int to, boolean last) {
        int at = from;
        while (at < to) {
            if (data[at] == '\n') {
                at++;
            } else if (data[at] == '\r' && at + 1 < to && data[at + 1] == '\n') {
                at += 2;
            } else if (data[at] == '\r' && at + 1 == to) {
                return last ? to : at;
            } else if (isComment(data[at])) {
                int end = lineEnd(data, at, to);
                if (end < 0) {
                    return last ? to : at;
                }
                at = end + 1;
            } else {
                return at;
            }
        }
        return at;
    }

    private boolean isComment(byte first) {
        return first == '#' && settings.allowsComments();
    }

    private static int lineEnd(byte[] data, int from, int to) {
        return Words.indexOf(data, from, to, (byte) '\n');
    }

    private static int firstInvalid(byte[] data, int from, int to) {
        long notAscii = 0;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            notAscii |= Words.notAscii(Words.get(data, i));
        }
        notAscii |= Words.before(Words.notAscii(Words.get(data, i)), to - i);
        return notAscii == 0 ? -1 : Utf8.firstInvalid(data, from, to);
    }

    /** The end of the record without its line end. */
    private static int contentEnd(byte[] data, int from, int to) {
        int end = to > from && data[to - 1] == '\n' ? to - 1 : to;
        return end > from && data[end - 1] == '\r' ? end - 1 : end;
    }

    private static void clear(BatchBuilder into) {
        for (int i = 0; i < into.columnCount(); i++) {
            into.column(i).clearNull(into.rows());
        }
    }
}
