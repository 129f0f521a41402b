// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import dev.millrace.engine.batch.BatchBuilder;

/** Turns bytes that hold records, one behind the other, into rows. Belongs to one reader. */
public interface RecordDecoder {
    /** Bytes behind the data that a decoder may read. The first of them is a line feed. */
    int PADDING = 64;

    /**
     * Decodes records until the builder is full, many are bad, or no whole record is left.
     *
     * @param data the bytes; {@code data[to]} is a line feed, and {@link #PADDING} bytes from there on are readable
     * @param from where a record starts
     * @param to behind the last byte
     * @param last whether nothing follows, so that a record without a line feed is whole
     * @param position the position of {@code data[from]}; a row's position is that of its record's first byte
     * @param into where rows go
     * @param errors where records go that can't be decoded
     * @return the index behind the last whole record; or, if the record at some index {@code i} is larger than the limit,
     *     {@code -1 - i}, in which case all records before it are decoded
     */
    int decode(byte[] data, int from, int to, boolean last, long position, BatchBuilder into, RecordErrors errors);

    /**
     * Finds the end of what stands in a file before its records.
     *
     * @return the index of the first record, or -1 if more bytes are needed to tell
     */
    default int skipHeader(byte[] data, int from, int to, boolean last) {
        return from;
    }
}
