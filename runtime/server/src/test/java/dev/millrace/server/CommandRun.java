// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command line that was run in this process.
 *
 * @param exitCode what it ended with
 * @param out what stood on standard output
 * @param err what stood on standard error
 */
public record CommandRun(int exitCode, String out, String err) {
    /** Runs a command line with nothing on standard input. */
    public static CommandRun of(String... words) {
        return withInput("", words);
    }

    /** Runs a command line with this text on standard input. */
    public static CommandRun withInput(String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int exitCode = Main.execute(List.of(words), console);
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Fails if a stack trace was shown. */
    public void assertNoStackTrace() {
        assertFalse((out + err).contains("\tat "), () -> out + err);
        assertFalse((out + err).contains("Exception"), () -> out + err);
    }
}
