// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import java.nio.charset.StandardCharsets;

/** Writes JSON strings. */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonText() {}

    /** Appends UTF-8 bytes as a JSON string with its quotes. */
    public static void appendString(byte[] utf8, int start, int length, TextBuffer out) {
        out.append('"');
        int end = start + length;
        int plain = start;
        for (int i = start; i < end; i++) {
            byte b = utf8[i];
            // Bytes of characters beyond ASCII are negative; nothing of them needs an escape.
            if (b >= 0 && (b < ' ' || b == '"' || b == '\\')) {
                out.append(utf8, plain, i - plain);
                appendEscape(b, out);
                plain = i + 1;
            }
        }
        out.append(utf8, plain, end - plain);
        out.append('"');
    }

    /** Appends a string as a JSON string with its quotes. */
    public static void appendString(String text, TextBuffer out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        appendString(utf8, 0, utf8.length, out);
    }

    private static void appendEscape(byte b, TextBuffer out) {
        out.append('\\');
        switch (b) {
            case '"', '\\' -> out.append(b);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            default -> {
                out.append('u');
                out.append('0');
                out.append('0');
                out.append(HEX[b >> 4]);
                out.append(HEX[b & 15]);
            }
        }
    }
}
