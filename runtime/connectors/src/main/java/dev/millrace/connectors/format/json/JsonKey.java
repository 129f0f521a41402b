// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.Words;
import java.util.Arrays;

/** A key that records have, as it stands in them: {@code "price":}. Knows which key came behind it the last time. */
final class JsonKey {
    final JsonColumn column;
    final int length;
    final byte[] name;

    private final long first;
    private final long firstMask;
    private final long second;
    private final long secondMask;
    private final byte[] text;

    JsonKey next;

    /**
     * @param name the key without quotes; has no escapes
     * @param column null for a key that is skipped
     */
    JsonKey(byte[] name, JsonColumn column) {
        this.name = name;
        this.column = column;
        length = name.length + 3;
        text = new byte[Math.max(length, 2 * Long.BYTES) + Long.BYTES];
        text[0] = '"';
        System.arraycopy(name, 0, text, 1, name.length);
        text[name.length + 1] = '"';
        text[name.length + 2] = ':';
        first = Words.get(text, 0);
        second = Words.get(text, Long.BYTES);
        firstMask = mask(length);
        secondMask = mask(length - Long.BYTES);
    }

    /** Whether the key, with quotes and colon, stands there. */
    boolean isAt(byte[] data, int at) {
        if (((Words.get(data, at) ^ first) & firstMask) != 0) {
            return false;
        }
        return length <= Long.BYTES
                || ((Words.get(data, at + Long.BYTES) ^ second) & secondMask) == 0
                        && (length <= 2 * Long.BYTES || isRestAt(data, at));
    }

    private boolean isRestAt(byte[] data, int at) {
        return at + length <= data.length
                && Arrays.equals(data, at + 2 * Long.BYTES, at + length, text, 2 * Long.BYTES, length);
    }

    private static long mask(int bytes) {
        if (bytes <= 0) {
            return 0;
        }
        return bytes >= Long.BYTES ? -1L : (1L << (bytes << 3)) - 1;
    }
}
