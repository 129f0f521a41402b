// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.Utf8;
import dev.millrace.connectors.format.Words;

/**
 * Finds the ends of JSON values, and checks them on the way as strictly as the grammar is. Every method takes the index
 * at which a value starts and returns the index behind it, or -1 if it is not well-formed or unusual. A line feed is
 * nowhere allowed, so nothing runs beyond the one that ends the data.
 */
final class JsonGrammar {
    private static final int DEPTH_MAX = 64;
    private static final long QUOTES = Words.repeat('"');
    private static final long BACKSLASHES = Words.repeat('\\');
    private static final long BLANKS = Words.repeat(' ');

    private JsonGrammar() {}

    /** The index of the first byte that is no blank. */
    static int skipBlanks(byte[] data, int at) {
        int i = at;
        while (data[i] == ' ' || data[i] == '\t' || data[i] == '\r') {
            i++;
        }
        return i;
    }

    static int skipValue(byte[] data, int at) {
        return skipValue(data, at, 0);
    }

    private static int skipValue(byte[] data, int at, int depth) {
        return switch (data[at]) {
            case '"' -> skipString(data, at);
            case '{' -> depth < DEPTH_MAX ? skipObject(data, at, depth) : -1;
            case '[' -> depth < DEPTH_MAX ? skipArray(data, at, depth) : -1;
            case 't' -> skipWord(data, at, "true");
            case 'f' -> skipWord(data, at, "false");
            case 'n' -> skipWord(data, at, "null");
            default -> skipNumber(data, at);
        };
    }

    /** The index behind the closing quote. */
    static int skipString(byte[] data, int at) {
        long notAscii = 0;
        int i = at + 1;
        while (true) {
            long word = Words.get(data, i);
            long stop = stops(word);
            if (stop == 0) {
                notAscii |= Words.notAscii(word);
                i += Long.BYTES;
                continue;
            }
            int index = Words.first(stop);
            notAscii |= Words.before(Words.notAscii(word), index);
            i += index;
            if (data[i] == '"') {
                return notAscii == 0 || Utf8.isValid(data, at + 1, i) ? i + 1 : -1;
            }
            i = data[i] == '\\' ? skipEscape(data, i) : -1;
            if (i < 0) {
                return -1;
            }
        }
    }

    /** Which bytes end a run of plain characters of a string: quotes, backslashes, control characters. */
    static long stops(long word) {
        return Words.equal(word, QUOTES) | Words.equal(word, BACKSLASHES) | Words.below(word, BLANKS);
    }

    /** The index of the quote that closes a string of plain ASCII without escapes, or -1 if it is no such string. */
    static int plainStringEnd(byte[] data, int at) {
        int i = at + 1;
        while (true) {
            long word = Words.get(data, i);
            long stop = stops(word) | Words.notAscii(word);
            if (stop != 0) {
                i += Words.first(stop);
                return data[i] == '"' ? i : -1;
            }
            i += Long.BYTES;
        }
    }

    private static int skipEscape(byte[] data, int at) {
        return switch (data[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
            case 'u' -> {
                for (int i = at + 2; i < at + 6; i++) {
                    // A line feed is no digit, so nothing behind the end is looked at.
                    if (hexDigit(data[i]) < 0) {
                        yield -1;
                    }
                }
                yield at + 6;
            }
            default -> -1;
        };
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    static int skipNumber(byte[] data, int at) {
        int i = data[at] == '-' ? at + 1 : at;
        int start = i;
        i = skipDigits(data, i);
        if (i == start || data[start] == '0' && i > start + 1) {
            return -1;
        }
        if (data[i] == '.') {
            start = i + 1;
            i = skipDigits(data, start);
            if (i == start) {
                return -1;
            }
        }
        if (data[i] == 'e' || data[i] == 'E') {
            start = data[i + 1] == '+' || data[i + 1] == '-' ? i + 2 : i + 1;
            i = skipDigits(data, start);
            if (i == start) {
                return -1;
            }
        }
        return i;
    }

    private static int skipDigits(byte[] data, int at) {
        int i = at;
        while (data[i] >= '0' && data[i] <= '9') {
            i++;
        }
        return i;
    }

    static int skipWord(byte[] data, int at, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (data[at + i] != word.charAt(i)) {
                return -1;
            }
        }
        return at + word.length();
    }

    private static int skipObject(byte[] data, int at, int depth) {
        int i = skipBlanks(data, at + 1);
        if (data[i] == '}') {
            return i + 1;
        }
        while (data[i] == '"') {
            i = skipString(data, i);
            if (i < 0) {
                return -1;
            }
            i = skipBlanks(data, i);
            if (data[i] != ':') {
                return -1;
            }
            i = skipValue(data, skipBlanks(data, i + 1), depth + 1);
            if (i < 0) {
                return -1;
            }
            i = skipBlanks(data, i);
            if (data[i] != ',') {
                return data[i] == '}' ? i + 1 : -1;
            }
            i = skipBlanks(data, i + 1);
        }
        return -1;
    }

    private static int skipArray(byte[] data, int at, int depth) {
        int i = skipBlanks(data, at + 1);
        if (data[i] == ']') {
            return i + 1;
        }
        while (true) {
            i = skipValue(data, i, depth + 1);
            if (i < 0) {
                return -1;
            }
            i = skipBlanks(data, i);
            if (data[i] != ',') {
                return data[i] == ']' ? i + 1 : -1;
            }
            i = skipBlanks(data, i + 1);
        }
    }
}
