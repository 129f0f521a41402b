// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

/** Decodes the inside of JSON strings that have escapes. */
final class JsonEscapes {
    private JsonEscapes() {}

    /**
     * Writes a string's characters as UTF-8.
     *
     * @param data holds a string whose escapes are known to be well-formed
     * @param target has room for as many bytes as are read
     * @return the number of bytes written, or -1 if half of a surrogate pair is missing
     */
    static int decode(byte[] data, int from, int to, byte[] target, int targetFrom) {
        int out = targetFrom;
        int i = from;
        while (i < to) {
            byte b = data[i++];
            if (b != '\\') {
                target[out++] = b;
                continue;
            }
            byte escape = data[i++];
            if (escape != 'u') {
                target[out++] = plain(escape);
                continue;
            }
            int character = unit(data, i);
            i += 4;
            if (Character.isSurrogate((char) character)) {
                boolean isPair = Character.isHighSurrogate((char) character)
                        && i + 6 <= to
                        && data[i] == '\\'
                        && data[i + 1] == 'u'
                        && Character.isLowSurrogate((char) unit(data, i + 2));
                if (!isPair) {
                    return -1;
                }
                character = Character.toCodePoint((char) character, (char) unit(data, i + 2));
                i += 6;
            }
            out = encode(character, target, out);
        }
        return out - targetFrom;
    }

    private static byte plain(byte escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static int unit(byte[] data, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = unit << 4 | JsonGrammar.hexDigit(data[i]);
        }
        return unit;
    }

    private static int encode(int character, byte[] target, int at) {
        int out = at;
        if (character < 0x80) {
            target[out++] = (byte) character;
            return out;
        }
        if (character < 0x800) {
            target[out++] = (byte) (0xC0 | character >> 6);
        } else {
            if (character < 0x10000) {
                target[out++] = (byte) (0xE0 | character >> 12);
            } else {
                target[out++] = (byte) (0xF0 | character >> 18);
                target[out++] = (byte) (0x80 | character >> 12 & 0x3F);
            }
            target[out++] = (byte) (0x80 | character >> 6 & 0x3F);
        }
        target[out++] = (byte) (0x80 | character & 0x3F);
        return out;
    }
}
