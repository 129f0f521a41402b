// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.util.Arrays;

/** LIKE with a pattern that is computed: keeps the last pattern, since they mostly repeat. */
public final class LikeMatcher {
    private byte[] key;
    private byte[] escapeKey;
    private LikePattern pattern;

    public static boolean like(
            byte[] data,
            int start,
            int length,
            byte[] pattern,
            int pStart,
            int pLength,
            byte[] escape,
            int eStart,
            int eLength,
            LikeMatcher matcher) {
        return LikePattern.like(
                data,
                start,
                length,
                matcher.pattern(pattern, pStart, pLength, escape, eStart, eLength));
    }

    private LikePattern pattern(byte[] data, int start, int length, byte[] escape, int eStart, int eLength) {
        if (key == null
                || !Arrays.equals(key, 0, key.length, data, start, start + length)
                || !Arrays.equals(escapeKey, 0, escapeKey.length, escape, eStart, eStart + eLength)) {
            pattern = LikePattern.of(Utf8.string(data, start, length), Utf8.string(escape, eStart, eLength));
            key = Arrays.copyOfRange(data, start, start + length);
            escapeKey = Arrays.copyOfRange(escape, eStart, eStart + eLength);
        }
        return pattern;
    }
}
