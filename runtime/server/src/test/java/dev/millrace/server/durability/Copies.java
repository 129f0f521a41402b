// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import java.nio.file.Path;

/** A job that copies rows into files, each exactly once. */
record Copies(Path directory) {
    /** @param rate rows a second */
    String script(int rows, int rate) {
        return """
                SET 'partitions' = '3';
                SET 'checkpoint.interval' = '100 ms';
                SET 'guarantee' = 'exactly-once';
                CREATE TABLE orders (order_id BIGINT)
                WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '%d', 'rows-per-second' = '%d');
                CREATE TABLE copies (order_id BIGINT)
                WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '%s');
                INSERT INTO copies SELECT order_id FROM orders;
                """.formatted(rows, rate, directory.resolve("copies"));
    }

    void assertEachRowOnce(long rows) throws Exception {
        try (Duck duck = new Duck()) {
            duck.assertSame(
                    "copies",
                    "FROM read_csv('" + directory.resolve("copies")
                            + "/part-*.csv', header = false, columns = {id: 'BIGINT'})",
                    "SELECT range AS id FROM range(" + rows + ")");
        }
    }
}
