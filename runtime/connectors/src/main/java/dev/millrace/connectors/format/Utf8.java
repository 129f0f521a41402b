// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

/** Checks UTF-8 strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    public static boolean isValid(byte[] data, int from, int to) {
        return firstInvalid(data, from, to) < 0;
    }

    /** The index of the first byte that is not part of a character, or -1. */
    public static int firstInvalid(byte[] data, int from, int to) {
        int i = from;
        while (i < to) {
            int b = data[i];
            if (b >= 0) {
                i++;
                continue;
            }
            int length = length(b & 0xFF);
            if (length == 0 || i + length > to || !isContinued(data, i, length) || !isShortest(data, i, length)) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    private static int length(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 2;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 3;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    }

    private static boolean isContinued(byte[] data, int at, int length) {
        for (int i = 1; i < length; i++) {
            if ((data[at + i] & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }

    /** What the second byte must not be after some first bytes. */
    private static boolean isShortest(byte[] data, int at, int length) {
        if (length == 2) {
            return true;
        }
        int second = data[at + 1] & 0xFF;
        return switch (data[at] & 0xFF) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second <= 0x9F;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second <= 0x8F;
            default -> true;
        };
    }
}
