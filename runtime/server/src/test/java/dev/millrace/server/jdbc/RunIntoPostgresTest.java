// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.CommandRun;
import dev.millrace.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that write to PostgreSQL: its tables hold what it answers itself to the same query. */
@Tag("cluster")
@Timeout(60)
final class RunIntoPostgresTest {
    private static PostgresServer server;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        server = PostgresServer.shared();
    }

    private CommandRun run(String sql) throws IOException {
        Path script = directory.resolve("script.sql");
        Files.writeString(script, sql);
        return CommandRun.of("run", script.toString());
    }

    private static String with(String table) {
        return " WITH ('connector' = 'jdbc', 'url' = '" + server.url() + "', 'username' = '" + PostgresServer.ADMIN
                + "', 'table-name' = '" + table + "');\n";
    }

    @Test
    void shouldEqualTheAnswerOfTheDatabaseItself() throws IOException {
        server.execute(
                "CREATE TABLE copied_orders (order_id bigint, customer_id bigint, total_amount numeric(10, 2))",
                "CREATE TABLE customer_totals (customer_id bigint PRIMARY KEY, orders bigint NOT NULL,"
                        + " total numeric(38, 2))");
        CommandRun run = run(
                "CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, total_amount DOUBLE)"
                        + " WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '50000');\n"
                        + "CREATE TABLE copies (order_id BIGINT, customer_id BIGINT, total_amount DECIMAL(10, 2))"
                        + with("copied_orders")
                        + "CREATE TABLE totals (customer_id BIGINT, orders BIGINT, total DECIMAL(38, 2),"
                        + " PRIMARY KEY (customer_id) NOT ENFORCED)"
                        + with("customer_totals")
                        + "INSERT INTO copies SELECT order_id, customer_id, CAST(total_amount AS DECIMAL(10, 2))"
                        + " FROM orders;\n"
                        + "INSERT INTO totals SELECT customer_id, COUNT(*), SUM(CAST(total_amount AS DECIMAL(10, 2)))"
                        + " FROM orders GROUP BY customer_id EMIT CHANGES;\n");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                List.of("50000|50000"), server.query("SELECT count(*), count(DISTINCT order_id) FROM copied_orders"));
        List<String> answer = server.query(
                "SELECT customer_id, count(*), sum(total_amount) FROM copied_orders GROUP BY 1 ORDER BY 1");
        assertTrue(answer.size() > 100, "" + answer.size());
        assertEquals(answer, server.query("SELECT * FROM customer_totals ORDER BY 1"));
    }

    @Test
    void shouldShowNoPasswordWhenItIsRefused() throws IOException {
        CommandRun run = run(
                "CREATE TABLE orders (order_id BIGINT)"
                        + " WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '10');\n"
                        + "CREATE TABLE copies (order_id BIGINT) WITH ('connector' = 'jdbc', 'url' = '" + server.url()
                        + "', 'username' = '" + PostgresServer.USER
                        + "', 'password' = 'not-the-one', 'table-name' = 'copied_orders');\n"
                        + "INSERT INTO copies SELECT order_id FROM orders;\n");
        assertFalse(run.exitCode() == 0);
        assertTrue(run.err().contains("MR-3031"), run.err());
        assertFalse((run.out() + run.err()).contains("not-the-one"), run.err());
        run.assertNoStackTrace();
    }
}
