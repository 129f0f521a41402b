// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the line editor when Enter ends the input and when it begins another line. */
final class InputParser implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && !Input.isComplete(line)) {
            throw new EOFError(-1, -1, "the statement goes on");
        }
        return WordAtCursor.in(line, cursor);
    }

    @Override
    public boolean isEscapeChar(char ch) {
        return false;
    }
}
