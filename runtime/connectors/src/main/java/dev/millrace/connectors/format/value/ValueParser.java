// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.Vector;

/** Reads values of one type from text. May hold scratch space, so it belongs to one reader. */
public interface ValueParser {
    /**
     * Sets a row to the value that the text stands for.
     *
     * @param data UTF-8 bytes, some more of which can be read behind {@code to}
     * @param vector a vector of the type's storage, whose row is not NULL
     * @return false if the text is not a value of the type; the row then holds anything
     */
    boolean parse(byte[] data, int from, int to, Vector vector, int row);
}
