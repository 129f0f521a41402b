// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell itself, without SQL behind it. */
final class ShellTest {
    private final FakeBackend backend = new FakeBackend(0);

    @TempDir
    Path directory;

    @Test
    void shouldTakeAStatementOfSeveralLinesAsOne() throws Exception {
        try (TypedShell shell = new TypedShell(null, _ -> backend)) {
            shell.type("SELECT 'a;");
            shell.await("-> ");
            shell.type("b' AS x");
            shell.await("-> ");
            shell.type("FROM t;");
            shell.await("millrace> ");
            shell.type("quit");
            shell.awaitExit(0);
        }
        assertEquals(List.of("SELECT 'a;\nb' AS x\nFROM t;"), backend.executed);
    }

    @Test
    void shouldGiveUpWhatIsTypedAtCtrlC() throws Exception {
        try (TypedShell shell = new TypedShell(null, _ -> backend)) {
            shell.type("SELECT wrong");
            shell.await("-> ");
            shell.pressCtrlC();
            shell.await("millrace> ");
            shell.type("VALUES (1);");
            shell.await("millrace> ");
            shell.pressCtrlD();
            shell.awaitExit(0);
        }
        assertEquals(List.of("VALUES (1);"), backend.executed);
    }

    @Test
    void shouldTellTheWayOutAtTheSecondCtrlC() throws Exception {
        try (TypedShell shell = new TypedShell(null, _ -> backend)) {
            shell.pressCtrlC();
            shell.await("millrace> ");
            assertFalse(shell.screen().contains(Shell.WAY_OUT), shell::screen);
            shell.pressCtrlC();
            shell.await(Shell.WAY_OUT);
            shell.await("millrace> ");
            shell.type("exit;");
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldCancelWhatRunsAtCtrlC() throws Exception {
        try (TypedShell shell = new TypedShell(null, _ -> backend)) {
            shell.type("SELECT endless;");
            assertTrue(backend.running.await(5, TimeUnit.SECONDS));
            shell.pressCtrlC();
            shell.await("millrace> ");
            shell.type("\\q");
            shell.awaitExit(0);
        }
        assertEquals(List.of("SELECT endless;"), backend.executed);
    }

    @Test
    void shouldHelp() throws Exception {
        try (TypedShell shell = new TypedShell(null, _ -> backend)) {
            shell.type("help");
            shell.await("Ctrl-C    stops the query");
            shell.await("millrace> ");
            shell.type("quit");
            shell.awaitExit(0);
        }
        assertEquals(List.of(), backend.executed);
    }

    @Test
    void shouldShowWhatHappensBesidesAboveTheLineBeingTyped() throws Exception {
        AtomicReference<Console> console = new AtomicReference<>();
        try (TypedShell shell = new TypedShell(null, opened -> {
            console.set(opened);
            return backend;
        })) {
            console.get().err().println("job \"copy\" failed");
            shell.await("job \"copy\" failed");
            shell.await("millrace> ");
            shell.type("quit");
            shell.awaitExit(0);
        }
    }

    @Test
    void shouldKeepStatementsButNoSecretsForTheNextTime() throws Exception {
        Path history = directory.resolve("history");
        try (TypedShell shell = new TypedShell(history, _ -> backend)) {
            shell.type("SELECT 1;");
            shell.await("millrace> ");
            shell.type("CREATE TABLE t (a INT) WITH ('properties.sasl.jaas.config' = 'hidden');");
            shell.await("millrace> ");
            shell.type("SELECT");
            shell.await("-> ");
            shell.type("2;");
            shell.await("millrace> ");
            shell.type("quit");
            shell.awaitExit(0);
        }
        String kept = Files.readString(history);
        assertTrue(kept.contains("SELECT 1;"), kept);
        assertTrue(kept.contains("SELECT\\n2;"), kept);
        assertFalse(kept.contains("hidden"), kept);
        assertEquals(3, backend.executed.size());
    }
}
