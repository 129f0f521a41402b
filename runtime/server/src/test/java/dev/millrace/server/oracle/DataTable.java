// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Generated rows.
 *
 * @param name the table's name in both engines
 * @param fields the columns
 * @param watermark the WATERMARK clause, perhaps behind computed columns, or empty
 * @param splits number of splits that the files are dealt out to, in turn; at most as many as files
 * @param files the rows of each file, in order
 */
record DataTable(String name, List<Field> fields, String watermark, int splits, List<List<Object[]>> files) {
    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    /** The same rows, with a watermark that lets no row be out of order. */
    DataTable ascending(String newName) {
        return new DataTable(newName, fields, "WATERMARK FOR ts AS ts", splits, files);
    }

    /** The same rows, whose last column is read as a text and made the time column by an expression. */
    DataTable withTextTime(String newName) {
        List<Field> texted = new ArrayList<>(fields.subList(0, fields.size() - 1));
        texted.add(new Field("raw", "STRING"));
        List<List<Object[]>> rows =
                files.stream().map(file -> file.stream().map(DataTable::textLast).toList()).toList();
        return new DataTable(newName, texted, "ts AS TO_TIMESTAMP(raw), " + watermark, splits, rows);
    }

    private static Object[] textLast(Object[] row) {
        Object[] copy = row.clone();
        Object time = row[row.length - 1];
        copy[row.length - 1] = time == null ? null : TEXT.format((LocalDateTime) time);
        return copy;
    }
}
