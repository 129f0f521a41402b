// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;

/**
 * The word that is to be completed.
 *
 * @param line the whole text
 * @param cursor where the cursor is in it
 * @param start where the word starts in it; it ends at the cursor
 */
record WordAtCursor(String line, int cursor, int start) implements CompletingParsedLine {
    /** Finds the word before the cursor. */
    static WordAtCursor in(String line, int cursor) {
        int start = cursor;
        while (start > 0 && Character.isJavaIdentifierPart(line.charAt(start - 1))) {
            start--;
        }
        if (start > 0 && line.charAt(start - 1) == '`') {
            start--;
        }
        return new WordAtCursor(line, cursor, start);
    }

    @Override
    public String word() {
        return line.substring(start, cursor);
    }

    @Override
    public int wordCursor() {
        return cursor - start;
    }

    @Override
    public int wordIndex() {
        return 0;
    }

    @Override
    public List<String> words() {
        return List.of(word());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
    }

    @Override
    public int rawWordCursor() {
        return wordCursor();
    }

    @Override
    public int rawWordLength() {
        return word().length();
    }
}
