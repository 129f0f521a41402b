// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.Console;
import dev.millrace.server.ExitCode;
import dev.millrace.server.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every example whose input ends and compares its rows with those beside it. Works in the project's root. */
@Tag("integration")
@Timeout(30)
final class ExamplesTest {
    private static final Path EXAMPLES = Path.of("examples");
    private static final String EXPECTED = ".expected.csv";
    private static final int DEPTH = 2;

    @ParameterizedTest
    @MethodSource("expectations")
    void shouldGiveTheRowsBesideIt(Path expected) throws IOException {
        String script = expected.toString().replace(EXPECTED, ".sql");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = Main.execute(
                List.of("run", script, "--format", "csv"),
                new Console(
                        InputStream.nullInputStream(), out, new PrintStream(err, true, StandardCharsets.UTF_8), false));

        assertEquals(ExitCode.SUCCESS, exitCode, () -> err.toString(StandardCharsets.UTF_8));
        boolean ordered = Files.readString(Path.of(script)).contains("ORDER BY");
        List<String> rows = new ArrayList<>(out.toString(StandardCharsets.UTF_8).lines().toList());
        if (!ordered) {
            Collections.sort(rows.subList(1, rows.size()));
        }
        assertEquals(Files.readAllLines(expected), rows);
    }

    @Test
    void shouldListEveryExample() throws IOException {
        String readme = Files.readString(EXAMPLES.resolve("README.md"));
        try (Stream<Path> files = Files.walk(EXAMPLES, DEPTH)) {
            List<String> missing = files.map(Path::toString)
                    .filter(file -> file.endsWith(".sql"))
                    .filter(file -> !readme.contains(file.substring("examples/".length())))
                    .toList();
            assertTrue(missing.isEmpty(), () -> "not in the table: " + missing);
        }
    }

    static List<Path> expectations() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES, DEPTH)) {
            return files.filter(file -> file.toString().endsWith(EXPECTED)).sorted().toList();
        }
    }
}
