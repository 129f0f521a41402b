// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import java.util.List;

/**
 * Generated rows.
 *
 * @param name the table's name in both engines
 * @param fields the columns
 * @param watermark the WATERMARK clause, or empty
 * @param splits number of splits that the files are dealt out to, in turn; at most as many as files
 * @param files the rows of each file, in order
 */
record DataTable(String name, List<Field> fields, String watermark, int splits, List<List<Object[]>> files) {
    /** The number of rows in all files. */
    int rows() {
        return files.stream().mapToInt(List::size).sum();
    }
}
