// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

/**
 * A token of a script, as far as statements have to be told apart.
 *
 * @param text what it stands for: without quotes, doubled quotes inside undone
 * @param start offset of its first character in the script
 * @param end offset behind its last character
 * @param line line number, from 1
 * @param column column, from 1
 */
record Token(Kind kind, String text, int start, int end, int line, int column) {

    enum Kind {
        WORD,
        NUMBER,
        STRING,
        QUOTED_NAME,
        SYMBOL
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }
}
