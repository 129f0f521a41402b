// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Lets keywords, strings and comments stand out while they are typed. */
final class SqlHighlighter implements Highlighter {
    private static final AttributedStyle KEYWORD = AttributedStyle.BOLD;
    private static final AttributedStyle STRING = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle COMMENT = AttributedStyle.DEFAULT.faint();

    @Override
    public AttributedString highlight(LineReader reader, String text) {
        AttributedStringBuilder shown = new AttributedStringBuilder(text.length());
        int offset = 0;
        for (SqlPiece piece : SqlPieces.of(text)) {
            shown.append(text.substring(offset, piece.start()), AttributedStyle.DEFAULT);
            shown.append(piece.of(text), style(piece, text));
            offset = piece.end();
        }
        return shown.append(text.substring(offset), AttributedStyle.DEFAULT).toAttributedString();
    }

    private static AttributedStyle style(SqlPiece piece, String text) {
        return switch (piece.kind()) {
            case WORD -> Keywords.contains(piece.of(text)) ? KEYWORD : AttributedStyle.DEFAULT;
            case STRING -> STRING;
            case COMMENT -> COMMENT;
            case NUMBER, QUOTED_NAME, SYMBOL -> AttributedStyle.DEFAULT;
        };
    }
}
