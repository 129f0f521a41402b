// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a script into tokens, just well enough to find the ends of statements and to read the simple ones: quotes and
 * comments are respected, numbers and symbols are not checked.
 */
final class Tokenizer {
    private final String script;
    private final List<Token> tokens = new ArrayList<>();
    private int offset;
    private int line = 1;
    private int lineStart;

    private Tokenizer(String script) {
        this.script = script;
    }

    static List<Token> tokens(String script) {
        Tokenizer tokenizer = new Tokenizer(script);
        tokenizer.run();
        return tokenizer.tokens;
    }

    private void run() {
        while (offset < script.length()) {
            char c = script.charAt(offset);
            if (c == '\n') {
                offset++;
                newLine();
            } else if (Character.isWhitespace(c) || c == '\uFEFF') {
                offset++;
            } else if (script.startsWith("--", offset) || script.startsWith("//", offset)) {
                int end = script.indexOf('\n', offset);
                offset = end < 0 ? script.length() : end;
            } else if (script.startsWith("/*", offset)) {
                skipComment();
            } else if (c == '\'') {
                quoted('\'', Token.Kind.STRING, "string");
            } else if (c == '`') {
                quoted('`', Token.Kind.QUOTED_NAME, "quoted name");
            } else {
                plain(c);
            }
        }
    }

    private void newLine() {
        line++;
        lineStart = offset;
    }

    private int column() {
        return offset - lineStart + 1;
    }

    private void skipComment() {
        int end = script.indexOf("*/", offset + 2);
        if (end < 0) {
            throw unterminated("comment", "end it with */", 2);
        }
        while (offset < end + 2) {
            if (script.charAt(offset++) == '\n') {
                newLine();
            }
        }
    }

    private void quoted(char quote, Token.Kind kind, String what) {
        int start = offset;
        int startLine = line;
        int startColumn = column();
        StringBuilder text = new StringBuilder();
        int i = offset + 1;
        while (true) {
            if (i >= script.length()) {
                throw unterminated(what, "end it with " + quote, 1);
            }
            char c = script.charAt(i);
            if (c == quote) {
                if (i + 1 < script.length() && script.charAt(i + 1) == quote) {
                    i++;
                } else {
                    break;
                }
            }
            text.append(c);
            i++;
        }
        while (offset <= i) {
            if (script.charAt(offset++) == '\n') {
                newLine();
            }
        }
        tokens.add(new Token(kind, text.toString(), start, offset, startLine, startColumn));
    }

    private void plain(char first) {
        int start = offset;
        int column = column();
        Token.Kind kind = Token.Kind.SYMBOL;
        offset++;
        if (Character.isJavaIdentifierStart(first)) {
            kind = Token.Kind.WORD;
            while (offset < script.length() && Character.isJavaIdentifierPart(script.charAt(offset))) {
                offset++;
            }
        } else if (Character.isDigit(first)) {
            kind = Token.Kind.NUMBER;
            while (offset < script.length() && Character.isDigit(script.charAt(offset))) {
                offset++;
            }
        }
        tokens.add(new Token(kind, script.substring(start, offset), start, offset, line, column));
    }

    private MillraceException unterminated(String what, String hint, int length) {
        return new MillraceException(
                ErrorCode.SYNTAX, "this " + what + " has no end", new SourceSpan(line, column(), length), hint);
    }
}
