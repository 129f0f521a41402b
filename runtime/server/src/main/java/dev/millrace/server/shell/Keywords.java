// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The words of the dialect that people type: offered by completion and made to stand out. */
final class Keywords {
    private static final Set<String> WORDS = new TreeSet<>(List.of("""
            ADVANCE ALL ALTER AND AS ASC BEGIN BETWEEN BIGINT BOOLEAN BY BYTES CASE CAST CHANGES CHAR CREATE CROSS CUBE
            CUMULATE CURRENT DATE DAY DECIMAL DESC DESCRIBE DESCRIPTOR DISTINCT DOUBLE DROP ELSE EMIT END ENFORCED
            ESCAPE EVERY EXCEPT EXECUTE EXISTS EXPLAIN FALSE FETCH FILTER FINAL FIRST FLOAT FOLLOWING FOR FROM FULL
            FUNCTION FUNCTIONS GRACE GROUP GROUPING HAVING HELP HOP HOPPING HOUR IF IN INNER INSERT INT INTEGER
            INTERSECT INTERVAL INTO IS JOB JOBS JOIN KEY LAST LEFT LIKE LIMIT METADATA MINUTE MONTH NATURAL NOT NULL
            NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PARTITIONS PAUSE PERIOD PRECEDING PRIMARY QUIT RANGE REPLACE
            RESET RESUME RIGHT ROLLUP ROW ROWS SECOND SELECT SESSION SET SETS SHOW SIMILAR SIZE SLIDING SMALLINT
            STATEMENT STOP STREAM STREAMS STRING TABLE TABLES TEMPORARY THEN TIME TIMESTAMP TIMESTAMP_LTZ TINYINT TO
            TRUE TUMBLE TUMBLING UNBOUNDED UNION USING VALUES VARBINARY VARCHAR VIEW VIEWS WATERMARK WHEN WHERE WINDOW
            WITH YEAR""".split("\\s+")));

    private Keywords() {}

    /** All words in order, in upper case. */
    static Set<String> all() {
        return WORDS;
    }

    static boolean contains(String word) {
        return WORDS.contains(word.toUpperCase(Locale.ROOT));
    }
}
