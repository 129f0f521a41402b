// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into pieces by the same rules as the planner, but never complains: the text may be half typed. White space
 * is no piece.
 */
final class SqlPieces {
    private SqlPieces() {}

    static List<SqlPiece> of(String text) {
        List<SqlPiece> pieces = new ArrayList<>();
        int offset = 0;
        while (offset < text.length()) {
            if (Character.isWhitespace(text.charAt(offset)) || text.charAt(offset) == '\uFEFF') {
                offset++;
                continue;
            }
            SqlPiece piece = pieceAt(text, offset);
            pieces.add(piece);
            offset = piece.end();
        }
        return pieces;
    }

    private static SqlPiece pieceAt(String text, int start) {
        char first = text.charAt(start);
        if (text.startsWith("--", start) || text.startsWith("//", start)) {
            int end = text.indexOf('\n', start);
            return new SqlPiece(SqlPiece.Kind.COMMENT, start, end < 0 ? text.length() : end, false);
        }
        if (text.startsWith("/*", start)) {
            int end = text.indexOf("*/", start + 2);
            return new SqlPiece(SqlPiece.Kind.COMMENT, start, end < 0 ? text.length() : end + 2, end < 0);
        }
        if (first == '\'' || first == '`') {
            return quoted(text, start, first);
        }
        int end = start + 1;
        if (Character.isJavaIdentifierStart(first)) {
            while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
                end++;
            }
            return new SqlPiece(SqlPiece.Kind.WORD, start, end, false);
        }
        if (Character.isDigit(first)) {
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
            return new SqlPiece(SqlPiece.Kind.NUMBER, start, end, false);
        }
        return new SqlPiece(SqlPiece.Kind.SYMBOL, start, end, false);
    }

    private static SqlPiece quoted(String text, int start, char quote) {
        SqlPiece.Kind kind = quote == '`' ? SqlPiece.Kind.QUOTED_NAME : SqlPiece.Kind.STRING;
        int end = text.indexOf(quote, start + 1);
        while (end >= 0 && end + 1 < text.length() && text.charAt(end + 1) == quote) {
            // A doubled quote is one quote of the content.
            end = text.indexOf(quote, end + 2);
        }
        return new SqlPiece(kind, start, end < 0 ? text.length() : end + 1, end < 0);
    }
}
