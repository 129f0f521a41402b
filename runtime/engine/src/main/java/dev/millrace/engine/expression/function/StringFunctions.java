// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.util.Locale;

/** Functions on text. Positions and lengths count characters, from 1. */
public final class StringFunctions {
    private StringFunctions() {}

    public static void upper(byte[] data, int start, int length, ByteSlice out) {
        if (!Utf8.isAscii(data, start, length)) {
            out.set(Utf8.string(data, start, length).toUpperCase(Locale.ROOT));
            return;
        }
        byte[] to = out.allocate(length);
        for (int i = 0; i < length; i++) {
            byte c = data[start + i];
            to[i] = c >= 'a' && c <= 'z' ? (byte) (c - 32) : c;
        }
    }

    public static void lower(byte[] data, int start, int length, ByteSlice out) {
        if (!Utf8.isAscii(data, start, length)) {
            out.set(Utf8.string(data, start, length).toLowerCase(Locale.ROOT));
            return;
        }
        byte[] to = out.allocate(length);
        for (int i = 0; i < length; i++) {
            byte c = data[start + i];
            to[i] = c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
        }
    }

    /** The first letter or digit of each run of them in upper case, the others in lower case. */
    public static void initcap(byte[] data, int start, int length, ByteSlice out) {
        if (!Utf8.isAscii(data, start, length)) {
            out.set(initcap(Utf8.string(data, start, length)));
            return;
        }
        byte[] to = out.allocate(length);
        boolean inside = false;
        for (int i = 0; i < length; i++) {
            byte c = data[start + i];
            boolean small = c >= 'a' && c <= 'z';
            boolean capital = c >= 'A' && c <= 'Z';
            to[i] = small && !inside ? (byte) (c - 32) : capital && inside ? (byte) (c + 32) : c;
            inside = small || capital || c >= '0' && c <= '9';
        }
    }

    private static String initcap(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inside = false;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            out.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inside = Character.isLetterOrDigit(c);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    public static void trim(byte[] data, int start, int length, byte[] set, int sStart, int sLength, ByteSlice out) {
        int from = trimmedStart(data, start, start + length, set, sStart, sLength);
        int to = trimmedEnd(data, from, start + length, set, sStart, sLength);
        out.point(data, from, to - from);
    }

    public static void ltrim(byte[] data, int start, int length, byte[] set, int sStart, int sLength, ByteSlice out) {
        int from = trimmedStart(data, start, start + length, set, sStart, sLength);
        out.point(data, from, start + length - from);
    }

    public static void rtrim(byte[] data, int start, int length, byte[] set, int sStart, int sLength, ByteSlice out) {
        out.point(data, start, trimmedEnd(data, start, start + length, set, sStart, sLength) - start);
    }

    private static int trimmedStart(byte[] data, int start, int end, byte[] set, int sStart, int sLength) {
        int at = start;
        while (at < end) {
            int next = Utf8.skip(data, at, end, 1);
            if (!contains(set, sStart, sLength, data, at, next - at)) {
                break;
            }
            at = next;
        }
        return at;
    }

    private static int trimmedEnd(byte[] data, int start, int end, byte[] set, int sStart, int sLength) {
        int at = end;
        while (at > start) {
            int previous = Utf8.previous(data, start, at);
            if (!contains(set, sStart, sLength, data, previous, at - previous)) {
                break;
            }
            at = previous;
        }
        return at;
    }

    /** Whether a character is one of a set's. */
    private static boolean contains(byte[] set, int sStart, int sLength, byte[] data, int start, int length) {
        int end = sStart + sLength;
        for (int at = sStart; at < end;) {
            int next = Utf8.skip(set, at, end, 1);
            if (Bytes.equal(set, at, next - at, data, start, length)) {
                return true;
            }
            at = next;
        }
        return false;
    }

    /** A position of 0 means 1, a negative one counts from the end; before the start of the text there is nothing. */
    public static void substring(byte[] data, int start, int length, long from, ByteSlice out) {
        substringFor(data, start, length, from, Long.MAX_VALUE, out);
    }

    public static void substringFor(byte[] data, int start, int length, long from, long characters, ByteSlice out) {
        if (characters < 0) {
            throw RowFailure.function("SUBSTRING with the negative length " + characters);
        }
        int end = start + length;
        int at;
        if (from >= 0) {
            at = Utf8.skip(data, start, end, from - 1);
        } else {
            long skipped = Utf8.length(data, start, length) + from;
            at = skipped < 0 ? end : Utf8.skip(data, start, end, skipped);
        }
        out.point(data, at, Utf8.skip(data, at, end, characters) - at);
    }

    public static void left(byte[] data, int start, int length, long characters, ByteSlice out) {
        out.point(data, start, Utf8.skip(data, start, start + length, characters) - start);
    }

    public static void right(byte[] data, int start, int length, long characters, ByteSlice out) {
        long skipped = Utf8.length(data, start, length) - Math.max(0, characters);
        int from = Utf8.skip(data, start, start + length, skipped);
        out.point(data, from, start + length - from);
    }

    /** The position of the first place where the needle is, or 0. */
    public static long position(byte[] needle, int nStart, int nLength, byte[] data, int start, int length) {
        int at = Bytes.indexOf(data, start, length, needle, nStart, nLength, 0);
        return at < 0 ? 0 : Utf8.length(data, start, at) + 1;
    }

    public static void replace(
            byte[] data,
            int start,
            int length,
            byte[] search,
            int sStart,
            int sLength,
            byte[] replacement,
            int rStart,
            int rLength,
            ByteSlice out) {
        int found = sLength == 0 ? -1 : Bytes.indexOf(data, start, length, search, sStart, sLength, 0);
        if (found < 0) {
            out.point(data, start, length);
            return;
        }
        out.clear();
        int copied = 0;
        while (found >= 0) {
            out.append(data, start + copied, found - copied);
            out.append(replacement, rStart, rLength);
            copied = found + sLength;
            found = Bytes.indexOf(data, start, length, search, sStart, sLength, copied);
        }
        out.append(data, start + copied, length - copied);
    }

    /** To exactly so many characters: filled at the start, or cut at the end. Nothing is filled with an empty pad. */
    public static void lpad(
            byte[] data,
            int start,
            int length,
            long characters,
            byte[] pad,
            int pStart,
            int pLength,
            ByteSlice out) {
        long missing = characters - Utf8.length(data, start, length);
        if (missing <= 0 || pLength == 0) {
            left(data, start, length, characters, out);
            return;
        }
        out.clear();
        fill(missing, pad, pStart, pLength, out);
        out.append(data, start, length);
    }

    /** As {@link #lpad}, but filled at the end. */
    public static void rpad(
            byte[] data,
            int start,
            int length,
            long characters,
            byte[] pad,
            int pStart,
            int pLength,
            ByteSlice out) {
        long missing = characters - Utf8.length(data, start, length);
        if (missing <= 0 || pLength == 0) {
            left(data, start, length, characters, out);
            return;
        }
        out.clear();
        out.append(data, start, length);
        fill(missing, pad, pStart, pLength, out);
    }

    private static void fill(long characters, byte[] pad, int pStart, int pLength, ByteSlice out) {
        checkLength(characters);
        long padCharacters = Math.max(1, Utf8.length(pad, pStart, pLength));
        long left = characters;
        for (; left >= padCharacters; left -= padCharacters) {
            out.append(pad, pStart, pLength);
        }
        out.append(pad, pStart, Utf8.skip(pad, pStart, pStart + pLength, left) - pStart);
    }

    public static void repeat(byte[] data, int start, int length, long count, ByteSlice out) {
        out.clear();
        if (length > 0) {
            checkLength(count);
            for (long i = 0; i < count; i++) {
                out.append(data, start, length);
            }
        }
    }

    private static void checkLength(long characters) {
        if (characters > ByteSlice.VALUE_BYTES_MAX) {
            throw RowFailure.function(
                    "a string of " + characters + " characters is longer than the limit of " + ByteSlice.VALUE_BYTES_MAX
                            + " bytes");
        }
    }

    public static void reverse(byte[] data, int start, int length, ByteSlice out) {
        byte[] to = out.allocate(length);
        int at = start;
        int end = start + length;
        int left = length;
        while (at < end) {
            int next = Utf8.skip(data, at, end, 1);
            left -= next - at;
            System.arraycopy(data, at, to, left, next - at);
            at = next;
        }
    }

    /** The part with this index, from 0, of the text cut at a delimiter. NULL where there is none. */
    public static boolean splitIndex(
            byte[] data,
            int start,
            int length,
            byte[] delimiter,
            int dStart,
            int dLength,
            long index,
            ByteSlice out) {
        if (index < 0 || length == 0) {
            return false;
        }
        int from = 0;
        for (long left = index;; left--) {
            int found = dLength == 0 ? -1 : Bytes.indexOf(data, start, length, delimiter, dStart, dLength, from);
            if (left == 0) {
                out.point(data, start + from, (found < 0 ? length : found) - from);
                return true;
            }
            if (found < 0) {
                return false;
            }
            from = found + dLength;
        }
    }

    /** Starts a result that is put together with {@link #append}. */
    public static void begin(ByteSlice result) {
        result.clear();
    }

    public static void append(byte[] data, int start, int length, ByteSlice result) {
        result.append(data, start, length);
    }

    public static long charLength(byte[] data, int start, int length) {
        return Utf8.length(data, start, length);
    }

    public static long octetLength(byte[] data, int start, int length) {
        return length;
    }
}
