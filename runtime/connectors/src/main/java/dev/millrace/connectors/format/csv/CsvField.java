// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.csv;

import dev.millrace.connectors.format.Words;

/** Cuts fields out of lines, one after the other. Used again for every field. */
final class CsvField {
    /** What ended a field. */
    enum End {
        DELIMITER,
        /** The end of the record. */
        LINE,
        /** The data ended before the field did, or just behind it. */
        DATA,
        /** Something else than an end stands behind a closing quote. */
        TRASH
    }

    private static final long LINE_FEEDS = Words.repeat('\n');

    private final byte delimiter;
    private final byte quote;
    private final long delimiters;
    private final long quotes;
    private boolean isQuoted;
    private boolean hasQuotes;
    private int from;
    private int to;
    private int next;

    CsvField(byte delimiter, byte quote) {
        this.delimiter = delimiter;
        this.quote = quote;
        delimiters = Words.repeat(delimiter);
        quotes = Words.repeat(quote);
    }

    boolean isQuoted() {
        return isQuoted;
    }

    /** Whether quotes within the field are written twice. */
    boolean hasQuotes() {
        return hasQuotes;
    }

    /** Where the content starts, behind an opening quote. */
    int from() {
        return from;
    }

    /** Where the content ends, before a closing quote. */
    int to() {
        return to;
    }

    int length() {
        return to - from;
    }

    /** Behind the delimiter or line feed that ended the field. */
    int next() {
        return next;
    }

    /**
     * Reads the field that starts there.
     *
     * @param end behind the last byte; a line feed stands there
     */
    End read(byte[] data, int at, int end) {
        isQuoted = data[at] == quote && at < end;
        hasQuotes = false;
        return isQuoted ? readQuoted(data, at + 1, end) : readPlain(data, at, end);
    }

    private End readPlain(byte[] data, int at, int end) {
        from = at;
        int i = at;
        long stop;
        while (true) {
            long word = Words.get(data, i);
            stop = Words.equal(word, delimiters) | Words.equal(word, LINE_FEEDS);
            if (stop != 0) {
                break;
            }
            i += Long.BYTES;
        }
        i += Words.first(stop);
        to = i;
        if (i >= end) {
            to = end > at && data[end - 1] == '\r' ? end - 1 : end;
            next = end;
            return End.DATA;
        }
        next = i + 1;
        if (data[i] == delimiter) {
            return End.DELIMITER;
        }
        if (i > at && data[i - 1] == '\r') {
            to = i - 1;
        }
        return End.LINE;
    }

    private End readQuoted(byte[] data, int at, int end) {
        from = at;
        int i = at;
        while (true) {
            i = nextQuote(data, i, end);
            if (i < 0) {
                to = end;
                next = end;
                return End.DATA;
            }
            if (i + 1 < end && data[i + 1] == quote) {
                hasQuotes = true;
                i += 2;
                continue;
            }
            to = i;
            return readEnd(data, i + 1, end);
        }
    }

    private int nextQuote(byte[] data, int at, int end) {
        for (int i = at; i < end; i += Long.BYTES) {
            long found = Words.equal(Words.get(data, i), quotes);
            if (found != 0) {
                int index = i + Words.first(found);
                return index < end ? index : -1;
            }
        }
        return -1;
    }

    /** Reads what stands behind a closing quote. */
    private End readEnd(byte[] data, int at, int end) {
        int i = at < end && data[at] == '\r' ? at + 1 : at;
        next = i + 1;
        if (i >= end) {
            next = end;
            return End.DATA;
        }
        if (data[i] == '\n') {
            return End.LINE;
        }
        next = at + 1;
        return data[at] == delimiter ? End.DELIMITER : End.TRASH;
    }
}
