// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.error;

/**
 * A place in the text that the user wrote.
 *
 * @param line line number, from 1
 * @param column column of the first character, from 1
 * @param length number of characters to underline on that line, at least 1
 */
public record SourceSpan(int line, int column, int length) {
    public SourceSpan {
        if (line < 1 || column < 1 || length < 1) {
            throw new IllegalArgumentException("line, column and length start at 1");
        }
    }
}
