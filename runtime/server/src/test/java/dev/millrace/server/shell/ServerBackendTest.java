// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.http.HttpServer;
import dev.millrace.server.http.HttpSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell in front of a server. */
@Tag("integration")
@Timeout(30)
final class ServerBackendTest {
    private static final String TABLE = "CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, "
            + "total_amount DOUBLE, order_time TIMESTAMP(3)) WITH ('connector' = 'workload', 'workload' = 'orders', ";

    @TempDir
    Path directory;

    private Node node;
    private HttpServer server;

    @BeforeEach
    void startServer() {
        Connectors connectors = BuiltInConnectors.create(System.err);
        node = Node.start(new NodeSettings("127.0.0.1", 0, null, directory.resolve("dead-letters"), 1), connectors);
        server = HttpServer.listen(node, new HttpSettings("127.0.0.1", 0));
        server.open(connectors, SharedCatalog.open(node, connectors), Map.of(), "test");
    }

    @AfterEach
    void stopServer() {
        server.close();
        node.close();
    }

    @Test
    void shouldStopAQueryOfTheServerAndSteerItsJobs() throws Exception {
        try (TypedShell shell = new TypedShell(null, this::backend)) {
            shell.type(TABLE + "'rows-per-second' = '1000');");
            shell.await("table \"orders\" created");
            shell.type("SELECT status, COUNT(*) AS n FROM orders GROUP BY status;");
            shell.await("op  status");
            shell.await("+U  ");
            shell.pressCtrlC();
            shell.await(" changes, stopped after ");
            shell.await("millrace> ");

            shell.type("CREATE TABLE lost (order_id BIGINT) WITH ('connector' = 'blackhole');");
            shell.await("created");
            shell.type("INSERT INTO lost SELECT order_id FROM orders; SHOW JOBS;");
            shell.await("job \"lost\" ");
            shell.await("rows_read");
            shell.await("lost");
            shell.type("STOP JOB lost;");
            shell.await("job \"lost\" stopped");
            shell.type("quit");
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldGiveTheSameRowsAsAProcessOfItsOwn() {
        String script = TABLE + "'rows' = '3', 'splits' = '1');\n"
                + "SELECT order_id, status, total_amount, order_time FROM orders WHERE order_id = 1;\n"
                + "SELECT statsu FROM orders;\n"
                + "VALUES (1, NULL, 'it''s', 1.50, TRUE);\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);

        int code;
        try (Backend backend = backend(console)) {
            code = new PipedShell(console.in()).run(backend);
        }

        assertEquals(2, code);
        assertEquals("""
                order_id  status  total_amount  order_time
                --------  ------  ------------  -----------------------
                       1  DONE      196.046875  2023-11-14 22:14:00.000
                EXPR$0  EXPR$1  EXPR$2  EXPR$3  EXPR$4
                ------  ------  ------  ------  ------
                     1  NULL    it's      1.50  true
                """, out.toString(StandardCharsets.UTF_8));
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("1 row, "), said);
        assertTrue(said.contains("line 3, column 8:   SELECT statsu FROM orders;"), said);
    }

    private Backend backend(Console console) {
        MillraceClient client = MillraceClient.of("http://127.0.0.1:" + server.port());
        return new ServerBackend(client, console, new ErrorReport(console.err(), false), "table");
    }
}
