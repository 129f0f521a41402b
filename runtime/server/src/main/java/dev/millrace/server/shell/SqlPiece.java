// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

/**
 * A piece of SQL text that is being typed.
 *
 * @param start offset of its first character
 * @param end offset behind its last character
 * @param open whether a quote or a comment began that has not ended yet
 */
record SqlPiece(Kind kind, int start, int end, boolean open) {
    enum Kind {
        WORD,
        NUMBER,
        STRING,
        QUOTED_NAME,
        COMMENT,
        SYMBOL
    }

    String of(String text) {
        return text.substring(start, end);
    }
}
