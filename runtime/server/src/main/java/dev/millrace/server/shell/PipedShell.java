// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.server.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Statements from a pipe or a file: each is carried out as soon as its last line has come, without a prompt. One that
 * fails does not keep those behind it from running.
 */
public final class PipedShell {
    private static final int STATEMENT_CHARACTERS_MAX = 64 << 20;

    private final BufferedReader lines;
    private final StringBuilder text = new StringBuilder();
    private int line;
    private int firstLine;

    public PipedShell(InputStream in) {
        lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /**
     * Carries out all statements and waits for the jobs that end with this process.
     *
     * @return the worst exit code
     */
    public int run(Backend backend) {
        int code = ExitCode.SUCCESS;
        for (String next = read(); next != null; next = read()) {
            line++;
            if (text.isEmpty()) {
                firstLine = line;
            }
            text.append(next).append('\n');
            // Looking at a long statement at each of its lines would take long.
            boolean mayEnd = next.contains(";") || !next.isBlank() && text.length() == next.length() + 1;
            if (mayEnd && Input.isComplete(text.toString()) || text.length() > STATEMENT_CHARACTERS_MAX) {
                if (Input.asksToLeave(text.toString())) {
                    return Math.max(code, backend.awaitJobs());
                }
                code = Math.max(code, execute(backend));
            }
        }
        code = Math.max(code, execute(backend));
        return Math.max(code, backend.awaitJobs());
    }

    private int execute(Backend backend) {
        String statements = text.toString();
        text.setLength(0);
        if (Input.isEmpty(statements) || Input.asksForHelp(statements)) {
            return ExitCode.SUCCESS;
        }
        // Places of errors count from the start of the input.
        return backend.execute("\n".repeat(firstLine - 1) + statements);
    }

    private String read() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input can't be read", e);
        }
    }
}
