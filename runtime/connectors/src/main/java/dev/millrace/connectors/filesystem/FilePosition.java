// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

/**
 * The position of a byte in a list of files:
 *
 * <pre>
 *   63        40 39              0
 *  | file number | byte in the file |
 * </pre>
 */
final class FilePosition {
    static final int OFFSET_BITS = 40;

    /** One more than the largest file: 1 TiB. */
    static final long OFFSET_END = 1L << OFFSET_BITS;

    /** One more than the most files of a split. */
    static final int FILES_END = 1 << 62 - OFFSET_BITS;

    private FilePosition() {}

    static long of(int file, long offset) {
        return (long) file << OFFSET_BITS | offset;
    }

    static int file(long position) {
        return (int) (position >>> OFFSET_BITS);
    }

    static long offset(long position) {
        return position & OFFSET_END - 1;
    }
}
