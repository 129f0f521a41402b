// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.Utf8;
import dev.millrace.connectors.format.Words;
import dev.millrace.connectors.format.value.PowersOfTen;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.type.Schema;
import java.nio.charset.StandardCharsets;

/**
 * Scans flat JSON objects straight into vectors. It expects that keys come in the order in which they came before, and
 * compares each as one or two words; where the order changes, it looks the key up and learns.
 *
 * <p>It gives up on everything unusual (escapes in keys, keys that come twice, values that don't fit), and never judges a
 * record: what it gives up on is read again by {@link JsonFallback}, which must agree with it on all the rest.
 */
final class JsonScanner {
    private static final int GIVEN_UP = -1;
    private static final int DIGITS_MAX = 18;
    private static final long DOUBLE_EXACT_MAX = 1L << 53;

    private final JsonColumn[] columns;
    private final boolean failsOnMissing;
    private final JsonKeys keys = new JsonKeys();
    private final JsonKey start = new JsonKey(new byte[0], null);
    private long record;
    private int found;

    /** Where the value of the key looked up last starts. */
    private int valueAt;

    JsonScanner(Schema schema, JsonSettings settings) {
        failsOnMissing = settings.failOnMissingField();
        columns = new JsonColumn[schema.size()];
        JsonKey before = start;
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new JsonColumn(schema.column(i), settings);
            byte[] name = schema.column(i).name().getBytes(StandardCharsets.UTF_8);
            if (isPlain(name)) {
                JsonKey key = new JsonKey(name, columns[i]);
                keys.add(key);
                before.next = key;
                before = key;
            }
        }
    }

    /** Whether the name stands in records as it is. Keys that need escapes are left to the fallback. */
    private static boolean isPlain(byte[] name) {
        for (byte b : name) {
            if (b >= 0 && b < ' ' || b == '"' || b == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Takes the vectors of the next batch. */
    void bind(BatchBuilder into) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].bind(into.column(i));
        }
    }

    /**
     * Scans an object.
     *
     * @param at index of the opening brace
     * @return the index behind the closing brace, or -1 if it gave up: the columns of the row are then in any state
     */
    int scan(byte[] data, int at, int row) {
        record++;
        found = 0;
        int i = skipBlanks(data, at + 1);
        if (data[i] == '}') {
            return fillMissing(row) ? i + 1 : GIVEN_UP;
        }
        JsonKey before = start;
        while (true) {
            JsonKey key = before.next;
            if (key != null && key.isAt(data, i)) {
                i = skipBlanks(data, i + key.length);
            } else {
                key = learn(before, data, i);
                if (key == null) {
                    return GIVEN_UP;
                }
                i = valueAt;
            }
            i = key.column == null ? JsonGrammar.skipValue(data, i) : value(key.column, data, i, row);
            if (i < 0) {
                return GIVEN_UP;
            }
            i = skipBlanks(data, i);
            if (data[i] == ',') {
                i = skipBlanks(data, i + 1);
                before = key;
            } else if (data[i] == '}') {
                return found == columns.length || fillMissing(row) ? i + 1 : GIVEN_UP;
            } else {
                return GIVEN_UP;
            }
        }
    }

    private static int skipBlanks(byte[] data, int at) {
        return data[at] > ' ' ? at : JsonGrammar.skipBlanks(data, at);
    }

    /** Reads a key that was not expected there, up to its value. Returns null to give up. */
    private JsonKey learn(JsonKey before, byte[] data, int at) {
        if (data[at] != '"') {
            return null;
        }
        int end = JsonGrammar.skipString(data, at);
        if (end < 0 || hasEscape(data, at, end)) {
            return null;
        }
        int colon = JsonGrammar.skipBlanks(data, end);
        if (data[colon] != ':') {
            return null;
        }
        valueAt = JsonGrammar.skipBlanks(data, colon + 1);
        JsonKey key = keys.find(data, at + 1, end - 1);
        if (key == null) {
            return start;
        }
        before.next = key;
        return key;
    }

    private static boolean hasEscape(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private boolean fillMissing(int row) {
        for (JsonColumn column : columns) {
            if (column.record != record) {
                if (failsOnMissing || !column.isNullable) {
                    return false;
                }
                column.vector.setNull(row);
            }
        }
        return true;
    }

    /** Reads the value of a column. Returns the index behind it. */
    private int value(JsonColumn column, byte[] data, int at, int row) {
        if (column.record == record) {
            return GIVEN_UP;
        }
        column.record = record;
        found++;
        if (data[at] == 'n') {
            if (!column.isNullable) {
                return GIVEN_UP;
            }
            column.vector.setNull(row);
            return JsonGrammar.skipWord(data, at, "null");
        }
        return switch (column.reading) {
            case TEXT -> text(column, data, at, row);
            case INTEGER -> integer(column, data, at, row);
            case DECIMAL -> decimal(column, data, at, row);
            case DOUBLE -> floating(column, data, at, row);
            case BOOLEAN -> bool(column, data, at, row);
            case TIMESTAMP -> timestamp(column, data, at, row);
            case PARSED -> parsed(column, data, at, row);
            case BINARY -> data[at] == '"' ? parsed(column, data, at, row) : GIVEN_UP;
        };
    }

    private static int text(JsonColumn column, byte[] data, int at, int row) {
        if (data[at] != '"') {
            int end = JsonGrammar.skipValue(data, at);
            if (end >= 0) {
                append(column.bytes, row, data, at, end - at);
            }
            return end;
        }
        long notAscii = 0;
        int from = at + 1;
        int i = from;
        while (true) {
            long word = Words.get(data, i);
            long stop = JsonGrammar.stops(word);
            if (stop != 0) {
                int index = Words.first(stop);
                notAscii |= Words.before(Words.notAscii(word), index);
                i += index;
                break;
            }
            notAscii |= Words.notAscii(word);
            i += Long.BYTES;
        }
        if (data[i] != '"') {
            return data[i] == '\\' ? escapedText(column.bytes, data, at, row) : GIVEN_UP;
        }
        if (notAscii != 0 && !Utf8.isValid(data, from, i)) {
            return GIVEN_UP;
        }
        append(column.bytes, row, data, from, i - from);
        return i + 1;
    }

    private static void append(BytesVector into, int row, byte[] data, int from, int length) {
        int at = into.reserve(length);
        Words.copy(data, from, into.data(), at, length);
        into.point(row, at, length);
    }

    private static int escapedText(BytesVector into, byte[] data, int at, int row) {
        int end = JsonGrammar.skipString(data, at);
        if (end < 0) {
            return GIVEN_UP;
        }
        // Every escape is longer than what it stands for.
        int target = into.reserve(end - at - 2);
        int length = JsonEscapes.decode(data, at + 1, end - 1, into.data(), target);
        into.point(row, target, length);
        return length < 0 ? GIVEN_UP : end;
    }

    private static int integer(JsonColumn column, byte[] data, int at, int row) {
        boolean isNegative = data[at] == '-';
        int first = isNegative ? at + 1 : at;
        int i = first;
        long value = 0;
        long word = Words.get(data, i);
        while (Words.isDigits(word)) {
            value = value * 100_000_000 + Words.eightDigits(word);
            i += Long.BYTES;
            word = Words.get(data, i);
        }
        int digit = data[i] - '0';
        while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = data[++i] - '0';
        }
        int digits = i - first;
        boolean isPlain = digits > 0
                && digits <= DIGITS_MAX
                && (digits == 1 || data[first] != '0')
                && data[i] != '.'
                && (data[i] | 0x20) != 'e';
        if (!isPlain) {
            return parsed(column, data, at, row);
        }
        value = isNegative ? -value : value;
        column.longs[row] = value;
        return value >= column.min && value <= column.max ? i : GIVEN_UP;
    }

    private static int decimal(JsonColumn column, byte[] data, int at, int row) {
        int first = data[at] == '-' ? at + 1 : at;
        int i = first;
        long value = 0;
        int digit = data[i] - '0';
        while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = data[++i] - '0';
        }
        int digits = i - first;
        int fraction = 0;
        boolean isPlain = digits > 0 && (digits == 1 || data[first] != '0');
        if (data[i] == '.') {
            digit = data[++i] - '0';
            while (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                fraction++;
                digit = data[++i] - '0';
            }
            isPlain &= fraction > 0;
        }
        int shift = column.scale - fraction;
        if (!isPlain || shift < 0 || digits + column.scale > DIGITS_MAX || (data[i] | 0x20) == 'e') {
            return parsed(column, data, at, row);
        }
        value *= PowersOfTen.asLong(shift);
        column.longs[row] = data[at] == '-' ? -value : value;
        return value < PowersOfTen.asLong(column.precision) ? i : GIVEN_UP;
    }

    private static int floating(JsonColumn column, byte[] data, int at, int row) {
        int first = data[at] == '-' ? at + 1 : at;
        int i = first;
        long value = 0;
        int digit = data[i] - '0';
        while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = data[++i] - '0';
        }
        int digits = i - first;
        int fraction = 0;
        boolean isPlain = digits > 0 && (digits == 1 || data[first] != '0');
        if (data[i] == '.') {
            digit = data[++i] - '0';
            while (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                fraction++;
                digit = data[++i] - '0';
            }
            isPlain &= fraction > 0;
        }
        if (!isPlain || digits + fraction > DIGITS_MAX || value > DOUBLE_EXACT_MAX || (data[i] | 0x20) == 'e') {
            return parsed(column, data, at, row);
        }
        // Digits and power are exact, so the division rounds correctly.
        double number = fraction == 0 ? value : value / PowersOfTen.asDouble(fraction);
        column.doubles[row] = data[at] == '-' ? -number : number;
        return i;
    }

    private static int bool(JsonColumn column, byte[] data, int at, int row) {
        boolean isTrue = data[at] == 't';
        if (!isTrue && data[at] != 'f') {
            return data[at] == '"' ? parsed(column, data, at, row) : GIVEN_UP;
        }
        ((BooleanVector) column.vector).set(row, isTrue);
        return JsonGrammar.skipWord(data, at, isTrue ? "true" : "false");
    }

    /** Reads milliseconds since 1970 where they are the type's unit; else by the column's parser. */
    private static int timestamp(JsonColumn column, byte[] data, int at, int row) {
        return data[at] == '"' || column.precision != 3
                ? parsed(column, data, at, row)
                : integer(column, data, at, row);
    }

    /** Reads a plain string, or a number, by the column's parser. */
    private static int parsed(JsonColumn column, byte[] data, int at, int row) {
        if (data[at] == '"') {
            int end = JsonGrammar.plainStringEnd(data, at);
            return end >= 0 && column.parser.parse(data, at + 1, end, column.vector, row) ? end + 1 : GIVEN_UP;
        }
        int end = JsonGrammar.skipNumber(data, at);
        return end >= 0 && column.parser.parse(data, at, end, column.vector, row) ? end : GIVEN_UP;
    }
}
