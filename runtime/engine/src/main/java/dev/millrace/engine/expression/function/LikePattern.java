// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import dev.millrace.engine.batch.BytesVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A LIKE pattern taken apart: {@code %} stands for any characters, {@code _} for one. The pieces between the percent
 * signs are searched one after the other, leftmost first, which needs no backtracking.
 */
public final class LikePattern {
    /** A run of characters without percent signs: the bytes in between the underscores. */
    private record Piece(byte[][] runs) {
        /** Whether the piece has no underscore. */
        boolean isPlain() {
            return runs.length == 1;
        }

        /** The index behind the piece if it is at this index, or -1. */
        int match(byte[] data, int at, int end) {
            int index = at;
            for (int i = 0; i < runs.length; i++) {
                if (i > 0) {
                    if (index >= end) {
                        return -1;
                    }
                    index = Utf8.skip(data, index, end, 1);
                }
                int length = runs[i].length - BytesVector.PADDING;
                if (end - index < length || !Bytes.equal(data, index, length, runs[i], 0, length)) {
                    return -1;
                }
                index += length;
            }
            return index;
        }
    }

    private final Piece[] pieces;

    private LikePattern(Piece[] pieces) {
        this.pieces = pieces;
    }

    /**
     * @param pattern the pattern
     * @param escape the character that makes the next one mean itself, or an empty string for none
     * @throws RowFailure if the escape is no single character, or is followed by something that needs no escape
     */
    public static LikePattern of(String pattern, String escape) {
        if (escape.codePointCount(0, escape.length()) > 1) {
            throw RowFailure.function("the LIKE escape '" + escape + "' is more than one character");
        }
        int escapePoint = escape.isEmpty() ? -1 : escape.codePointAt(0);
        List<Piece> pieces = new ArrayList<>();
        List<byte[]> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (int i = 0; i < pattern.length();) {
            int c = pattern.codePointAt(i);
            i += Character.charCount(c);
            if (c == escapePoint) {
                int next = i < pattern.length() ? pattern.codePointAt(i) : -1;
                if (next != '%' && next != '_' && next != escapePoint) {
                    throw RowFailure.function(
                            "in the LIKE pattern '" + pattern + "' the escape '" + escape
                                    + "' is not followed by %, _ or itself");
                }
                run.appendCodePoint(next);
                i += Character.charCount(next);
            } else if (c == '_' || c == '%') {
                runs.add(padded(run.toString()));
                run.setLength(0);
                if (c == '%') {
                    pieces.add(new Piece(runs.toArray(new byte[0][])));
                    runs.clear();
                }
            } else {
                run.appendCodePoint(c);
            }
        }
        runs.add(padded(run.toString()));
        pieces.add(new Piece(runs.toArray(new byte[0][])));
        return new LikePattern(pieces.toArray(new Piece[0]));
    }

    private static byte[] padded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + BytesVector.PADDING);
    }

    public static boolean like(byte[] data, int start, int length, LikePattern pattern) {
        return pattern.matches(data, start, start + length);
    }

    private boolean matches(byte[] data, int start, int end) {
        int at = pieces[0].match(data, start, end);
        if (at < 0) {
            return false;
        }
        if (pieces.length == 1) {
            return at == end;
        }
        for (int i = 1; i < pieces.length - 1; i++) {
            at = find(pieces[i], data, at, end);
            if (at < 0) {
                return false;
            }
        }
        return endsWith(pieces[pieces.length - 1], data, at, end);
    }

    /** The index behind the first place where the piece is, or -1. */
    private static int find(Piece piece, byte[] data, int from, int end) {
        if (piece.isPlain()) {
            byte[] run = piece.runs[0];
            int length = run.length - BytesVector.PADDING;
            int found = Bytes.indexOf(data, from, end - from, run, 0, length, 0);
            return found < 0 ? -1 : from + found + length;
        }
        for (int at = from; at <= end; at = at == end ? end + 1 : Utf8.skip(data, at, end, 1)) {
            int behind = piece.match(data, at, end);
            if (behind >= 0) {
                return behind;
            }
        }
        return -1;
    }

    private static boolean endsWith(Piece piece, byte[] data, int from, int end) {
        if (piece.isPlain()) {
            byte[] run = piece.runs[0];
            int length = run.length - BytesVector.PADDING;
            return end - from >= length && Bytes.equal(data, end - length, length, run, 0, length);
        }
        for (int at = from; at <= end; at = at == end ? end + 1 : Utf8.skip(data, at, end, 1)) {
            if (piece.match(data, at, end) == end) {
                return true;
            }
        }
        return false;
    }
}
