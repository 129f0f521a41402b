// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.run.NodeStarter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell with a node behind it, as somebody types. */
@Tag("integration")
@Timeout(30)
final class EmbeddedBackendTest {
    private static final String ENDLESS = "CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, status STRING, "
            + "total_amount DOUBLE, order_time TIMESTAMP(3)) "
            + "WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '1000');";

    @TempDir
    Path directory;

    @Test
    void shouldStopAQueryWithoutEndAndGoOn() throws Exception {
        try (TypedShell shell = new TypedShell(null, console -> backend(console, null))) {
            shell.type(ENDLESS);
            shell.await("table \"orders\" created");
            shell.type("SELECT order_id FROM orders;");
            shell.await("--------");
            shell.await("    ");
            shell.pressCtrlC();
            shell.await(" rows, stopped after ");
            shell.await("millrace> ");

            shell.type("SELECT status, COUNT(*) AS n FROM orders GROUP BY status;");
            shell.await("op  status");
            shell.await("+U  ");
            shell.pressCtrlC();
            shell.await(" changes, stopped after ");
            shell.await("millrace> ");

            shell.type("VALUES (42);");
            shell.await("    42");
            shell.await("millrace> ");
            shell.type("quit");
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldSurviveMistakesAndShowTheirPlaces() throws Exception {
        try (TypedShell shell = new TypedShell(null, console -> backend(console, null))) {
            shell.type("SELEC 1;");
            shell.await("MR-1001");
            shell.await("line 1, column 1:   SELEC 1;");
            shell.type(ENDLESS);
            shell.await("created");
            shell.type("VALUES (1); SELECT statsu FROM orders; VALUES (2222);");
            shell.await("MR-1042");
            shell.await("line 1, column 20:");
            shell.await("did you mean \"status\"?");
            shell.await("millrace> ");
            shell.type("SHOW TABLES;");
            shell.await("name");
            shell.await("orders");
            shell.await("millrace> ");
            assertFalse(shell.screen().contains("\n  2222"), "what follows a mistake is left out");
            assertFalse(shell.screen().contains("Exception"), shell::screen);
            shell.pressCtrlD();
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldTellOfJobsAsTheyStartEndAndFail() throws Exception {
        Path bad = Files.writeString(directory.resolve("bad.jsonl"), "no JSON\n");
        try (TypedShell shell = new TypedShell(null, console -> backend(console, null))) {
            shell.type(ENDLESS);
            shell.await("created");
            shell.type("CREATE TABLE lost (order_id BIGINT) WITH ('connector' = 'blackhole');");
            shell.await("created");
            shell.type("INSERT INTO lost SELECT order_id FROM orders;");
            shell.await("job \"lost\" started");
            shell.type("SHOW JOBS;");
            shell.await("rows_read");
            shell.await("lost");
            shell.type("STOP JOB lost;");
            shell.await("job \"lost\" stopped");

            shell.type("CREATE TABLE bad (a BIGINT) WITH ('connector' = 'filesystem', 'path' = '" + bad
                    + "', 'format' = 'json', 'on-error' = 'fail');");
            shell.await("created");
            shell.type("SET 'job.name' = 'doomed'; INSERT INTO lost SELECT a FROM bad;");
            shell.await("job \"doomed\" started");
            shell.await("job \"doomed\" failed: ");
            shell.type("quit");
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldGiveAJobThatNeverCameToBeItsNameBack() throws Exception {
        Path late = directory.resolve("late.csv");
        try (TypedShell shell = new TypedShell(null, console -> backend(console, null))) {
            shell.type("CREATE TABLE late (a BIGINT) WITH ('connector' = 'filesystem', 'path' = '" + late
                    + "', 'format' = 'csv');");
            shell.await("created");
            shell.type("CREATE TABLE lost (a BIGINT) WITH ('connector' = 'blackhole');");
            shell.await("created");
            shell.type("INSERT INTO lost SELECT a FROM late;");
            shell.await("job \"lost\" failed: ");
            Files.writeString(late, "1\n2\n");
            shell.type("INSERT INTO lost SELECT a FROM late;");
            shell.await("job \"lost\" finished: 2 rows read");
            shell.type("quit");
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldGoOnWithTheJobsOfAStateDirectory() throws Exception {
        Path state = directory.resolve("state");
        try (TypedShell shell = new TypedShell(null, console -> backend(console, state))) {
            shell.type(ENDLESS);
            shell.await("created");
            shell.type("CREATE TABLE lost (order_id BIGINT) WITH ('connector' = 'blackhole');");
            shell.await("created");
            shell.type("INSERT INTO lost SELECT order_id FROM orders;");
            shell.await("job \"lost\" started");
            shell.type("quit");
            shell.await("job lost goes on with the next shell of this state directory");
            shell.awaitExit(0);
        }
        try (TypedShell shell = new TypedShell(null, console -> backend(console, state))) {
            shell.type("SHOW JOBS;");
            shell.await("lost");
            shell.type("SHOW TABLES;");
            shell.await("orders");
            shell.type("DROP JOB lost;");
            shell.await("job \"lost\" dropped");
            shell.type("DROP JOB IF EXISTS lost;");
            shell.await("there is no job \"lost\"");
            shell.type("quit");
            shell.awaitExit(0);
        }
    }

    private Backend backend(Console console, Path state) {
        Connectors connectors = BuiltInConnectors.create(console.err());
        Path deadLetters = directory.resolve("dead-letters");
        NodeSettings settings = new NodeSettings(NodeStarter.LOOPBACK, 0, state, deadLetters, state != null, 1);
        return new EmbeddedBackend(
                NodeStarter.begin(settings, connectors),
                connectors,
                console,
                new ErrorReport(console.err(), false),
                "table",
                deadLetters,
                state != null,
                2);
    }
}
