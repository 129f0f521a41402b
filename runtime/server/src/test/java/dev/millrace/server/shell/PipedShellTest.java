// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PipedShellTest {
    private final FakeBackend backend = new FakeBackend(2);

    @Test
    void shouldCarryOutEachStatementAtItsPlaceInTheInput() {
        assertEquals(2, run("SELECT 1;\n\n-- note\nSELECT\n 2; SELECT 3;\nSELECT 4\n"));

        assertEquals(
                List.of("SELECT 1;\n", "\n\n-- note\nSELECT\n 2; SELECT 3;\n", "\n\n\n\n\nSELECT 4\n", "await jobs"),
                backend.executed);
    }

    @Test
    void shouldEndAtQuit() {
        run("VALUES (1);\nquit\nVALUES (2);\n");

        assertEquals(List.of("VALUES (1);\n", "await jobs"), backend.executed);
    }

    @Test
    void shouldDoNothingWithoutInput() {
        assertEquals(0, run(""));

        assertEquals(List.of("await jobs"), backend.executed);
    }

    private int run(String input) {
        return new PipedShell(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))).run(backend);
    }
}
