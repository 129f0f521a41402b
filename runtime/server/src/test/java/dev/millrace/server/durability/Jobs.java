// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.PostgresServer;
import java.nio.file.Path;

/**
 * The jobs whose process is killed: from one topic into targets of each kind. Each of them shows each input row in its own
 * way, so that a row that is lost, or counted twice, is seen in its target.
 */
final class Jobs {
    private static final String PASSED = " (id BIGINT, k BIGINT, v BIGINT)";
    private static final String WINDOWS = " (window_start TIMESTAMP(3), name STRING, n BIGINT, total BIGINT)";
    private static final String COUNTS =
            " (k BIGINT, n BIGINT, total BIGINT, note STRING, PRIMARY KEY (k) NOT ENFORCED)";

    private final KafkaBroker broker;
    private final Path directory;
    private final StringBuilder script = new StringBuilder("""
            SET 'partitions' = '2';
            SET 'checkpoint.interval' = '200 ms';
            SET 'guarantee' = 'exactly-once';
            CREATE TABLE trades (id BIGINT, k BIGINT, name STRING, note STRING, v BIGINT, ts TIMESTAMP(3),
              WATERMARK FOR ts AS ts)""");

    /** @param directory where the files go */
    Jobs(KafkaBroker broker, Path directory) {
        this.broker = broker;
        this.directory = directory;
        script.append(topic("trades").replace(")", ", 'scan.startup.mode' = 'earliest-offset')")).append(";\n");
    }

    /** Into topics: some of the rows, windows, and each change of a group for each key. */
    void intoTopics() {
        pass(topic("passed"), "passed");
        window(topic("windows"), "windows");
        count(topic("counts").replace("'kafka'", "'upsert-kafka', 'key.format' = 'json'"), "counts");
    }

    /** Into files: some of the rows, and windows; and the rows once more, in such a way that some may be there twice. */
    void intoFiles() {
        pass(files("passed"), "passed_files");
        window(files("windows"), "window_files");
        script.append("SET 'guarantee' = 'at-least-once';\n");
        pass(files("again"), "again_files");
        script.append("SET 'guarantee' = 'exactly-once';\n");
    }

    /** Into a database: some of the rows, and the groups. */
    void intoDatabase(PostgresServer database) {
        database.execute(
                "CREATE TABLE passed (id bigint, k bigint, v bigint)",
                "CREATE TABLE counts (k bigint PRIMARY KEY, n bigint, total bigint, note text)");
        String with = " WITH ('connector' = 'jdbc', 'url' = '" + database.url() + "', 'username' = '"
                + PostgresServer.ADMIN + "', 'table-name' = ";
        pass(with + "'passed')", "passed_rows");
        count(with + "'counts')", "count_rows");
    }

    String script() {
        return script.toString();
    }

    private void pass(String with, String name) {
        script.append("CREATE TABLE " + name + PASSED + with + ";\nINSERT INTO " + name
                + " SELECT id, k, v * 2 FROM trades WHERE MOD(id, 7) <> 0;\n");
    }

    private void window(String with, String name) {
        script.append("CREATE TABLE " + name + WINDOWS + with + ";\nINSERT INTO " + name
                + " SELECT window_start, name, COUNT(*), SUM(v)"
                + " FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' SECOND))"
                + " GROUP BY window_start, window_end, name;\n");
    }

    private void count(String with, String name) {
        script.append("CREATE TABLE " + name + COUNTS + with + ";\nINSERT INTO " + name
                + " SELECT k, COUNT(*), SUM(v), MAX(note) FROM trades GROUP BY k EMIT CHANGES;\n");
    }

    private String topic(String topic) {
        return " WITH ('connector' = 'kafka', 'format' = 'json', 'properties.bootstrap.servers' = '"
                + broker.bootstrapServers() + "', 'topic' = '" + topic + "')";
    }

    private String files(String target) {
        return " WITH ('connector' = 'filesystem', 'format' = 'json', 'sink.rolling-policy.rollover-interval' = '1 s',"
                + " 'path' = '" + directory.resolve(target) + "')";
    }
}
