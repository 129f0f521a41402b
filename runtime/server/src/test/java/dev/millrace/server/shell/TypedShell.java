// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;

/** A shell on a terminal that a test types on and looks at. */
final class TypedShell implements AutoCloseable {
    private static final char CTRL_C = 3;
    private static final char CTRL_D = 4;
    private static final long WAIT_SECONDS_MAX = 20;

    private final PipedOutputStream keys = new PipedOutputStream();
    private final ScreenText screen = new ScreenText();
    private final ExternalTerminal terminal;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    /**
     * @param history file of the history, or null
     * @param backend gives the backend for the console of the shell; closed when somebody leaves
     */
    TypedShell(Path history, Function<dev.millrace.server.Console, Backend> backend) throws IOException {
        terminal = new ExternalTerminal(
                "test", "ansi", new PipedInputStream(keys), screen, StandardCharsets.UTF_8);
        terminal.setSize(Size.of(120, 40));
        Shell shell = new Shell(terminal, history, false);
        Thread thread = new Thread(() -> {
            try {
                int code;
                try (Backend opened = backend.apply(shell.console())) {
                    code = shell.run(opened);
                }
                exit.complete(code);
            } catch (RuntimeException | Error e) {
                exit.completeExceptionally(e);
            }
        }, "shell-under-test");
        thread.start();
        await("millrace> ");
    }

    /** Types a line and Enter. */
    void type(String line) throws IOException {
        keys.write((line + "\r").getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    void pressCtrlC() throws IOException {
        press(CTRL_C);
    }

    void pressCtrlD() throws IOException {
        press(CTRL_D);
    }

    private void press(char key) throws IOException {
        keys.write(key);
        keys.flush();
    }

    /** Waits until the text stands behind what was awaited before. */
    void await(String text) {
        screen.await(text);
    }

    String screen() {
        return screen.text();
    }

    /** Waits until the shell has been left. */
    void awaitExit(int code) throws InterruptedException, ExecutionException, TimeoutException {
        assertEquals(code, exit.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS));
    }

    @Override
    public void close() throws IOException {
        // So that a test that failed leaves nothing running.
        terminal.raise(Terminal.Signal.INT);
        keys.close();
        terminal.close();
    }

    private static final class ScreenText extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int awaited;

        @Override
        public synchronized void write(int value) {
            bytes.write(value);
            notifyAll();
        }

        @Override
        public synchronized void write(byte[] source, int start, int length) {
            bytes.write(source, start, length);
            notifyAll();
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        synchronized void await(String text) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
            int found = text().indexOf(text, awaited);
            try {
                while (found < 0) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        fail("\"" + text + "\" does not come:\n" + text().substring(awaited));
                    }
                    wait(left);
                    found = text().indexOf(text, awaited);
                }
            } catch (InterruptedException e) {
                fail(e);
            }
            awaited = found + text.length();
        }
    }
}
