// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordErrors;
import dev.millrace.connectors.format.Words;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.Schema;

/** Decodes JSON lines. Blank lines mean nothing. */
final class JsonDecoder implements RecordDecoder {
    private final JsonScanner scanner;
    private final JsonFallback fallback;
    private final int recordBytesMax;

    JsonDecoder(Schema schema, JsonSettings settings, int recordBytesMax) {
        scanner = new JsonScanner(schema, settings);
        fallback = new JsonFallback(schema, settings);
        this.recordBytesMax = recordBytesMax;
    }

    @Override
    public int decode(
            byte[] data, int from, int to, boolean last, long position, BatchBuilder into, RecordErrors errors) {
        scanner.bind(into);
        fallback.bind(into);
        int at = from;
        while (!into.isFull() && into.badRecords().size() < RecordErrors.RECORDS_MAX) {
            while (at < to && isBlank(data[at])) {
                at++;
            }
            if (at >= to) {
                return at;
            }
            int end = data[at] == '{' ? scanner.scan(data, at, into.rows()) : -1;
            if (end >= 0) {
                end = JsonGrammar.skipBlanks(data, end);
            }
            if (end >= 0 && data[end] == '\n' && (end < to || last) && end - at <= recordBytesMax) {
                into.endRow(position + (at - from));
                at = Math.min(end + 1, to);
                continue;
            }
            clear(into);
            end = lineEnd(data, at, to, last);
            if ((end < 0 ? to : end) - at > recordBytesMax) {
                return -1 - at;
            }
            if (end < 0) {
                return at;
            }
            decodeSlowly(data, at, end, position + (at - from), into, errors);
            at = Math.min(end + 1, to);
        }
        return at;
    }

    private void decodeSlowly(byte[] data, int from, int to, long position, BatchBuilder into, RecordErrors errors) {
        String reason = fallback.decode(data, from, to, into.rows());
        if (reason == null) {
            into.endRow(position);
        } else {
            int end = to > from && data[to - 1] == '\r' ? to - 1 : to;
            errors.reject(data, from, end, ErrorCode.RECORD_MALFORMED, reason);
        }
    }

    /** The index of the line feed that ends the record, or of the end of the data; -1 if it is not there yet. */
    private static int lineEnd(byte[] data, int from, int to, boolean last) {
        int end = Words.indexOf(data, from, to, (byte) '\n');
        return end < 0 && last ? to : end;
    }

    private static void clear(BatchBuilder into) {
        for (int i = 0; i < into.columnCount(); i++) {
            into.column(i).clearNull(into.rows());
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
