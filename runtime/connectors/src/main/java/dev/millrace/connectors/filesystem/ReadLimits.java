// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

/**
 * The bounds of a file reader's memory.
 *
 * @param chunkBytes the most that is read at a time
 * @param recordBytesMax the largest record; a larger one is bad, and reading goes on with the first line that starts so
 *     many bytes behind its start or later
 */
record ReadLimits(int chunkBytes, int recordBytesMax) {
    /** Bytes of a record that is too large that are kept with it. */
    static final int KEPT_BYTES_MAX = 4096;

    /** Input of one batch, about: rows may be large. */
    static final int BATCH_BYTES_MAX = 4 << 20;

    /** Large enough that a record whose end is not in a full buffer is larger than the limit. */
    int bufferBytes() {
        return Math.max(chunkBytes, recordBytesMax) + 2;
    }
}
