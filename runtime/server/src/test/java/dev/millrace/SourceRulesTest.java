// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules on the text of the sources that neither the compiler nor the formatter can hold. */
final class SourceRulesTest {
    private static final int COLUMNS_MAX = 120;
    /** Nothing rewraps comments, so a word that sticks out a little is let pass. */
    private static final int COMMENT_COLUMNS_MAX = 124;
    private static final Pattern WILDCARD_IMPORT = Pattern.compile("^import .*\\.\\*;$");
    /** A text that would be harder to read in pieces. */
    private static final Pattern LITERAL_ALONE = Pattern.compile("\\s*(\\+ )?\".*\"[,;)]*");
    /** What stands in a text block is data, and can't be wrapped without changing it. */
    private static final Pattern TEXT_BLOCK_EDGE = Pattern.compile("(?<!\\\\)\"{3}");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([a-z]+)\"\\)");
    private static final Pattern TIMEOUT = Pattern.compile("@Timeout\\((?:value = )?(\\d+)([^)]*)\\)");

    /** How long one test may take at most, by tag; the parent POM explains the categories. */
    private static final Map<String, Long> BUDGET_SECONDS = Map.of("integration", 30L, "cluster", 60L, "soak",
            Long.MAX_VALUE);

    private static final List<Path> SOURCES = new ArrayList<>();

    @BeforeAll
    static void findSources() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("build-support"))) {
            root = root.getParent();
        }
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .forEach(SOURCES::add);
        }
        assertFalse(SOURCES.isEmpty());
    }

    @Test
    void shouldKeepLinesWithinTheColumns() {
        assertNoLine(line -> line.length() > (isComment(line) ? COMMENT_COLUMNS_MAX : COLUMNS_MAX)
                && !LITERAL_ALONE.matcher(line).matches());
    }

    @Test
    void shouldImportTypesByName() {
        assertNoLine(line -> WILDCARD_IMPORT.matcher(line).matches());
    }

    @Test
    void shouldKnowEveryTagOfTests() {
        assertNoLine(line -> TAG.matcher(line).results().anyMatch(tag -> !BUDGET_SECONDS.containsKey(tag.group(1))));
    }

    @Test
    void shouldKeepTimeLimitsOfTestsWithinTheBudgetOfTheirTag() {
        List<String> offences = new ArrayList<>();
        for (Path source : SOURCES) {
            String text = String.join("\n", lines(source));
            long budget = TAG.matcher(text).results().mapToLong(tag -> BUDGET_SECONDS.getOrDefault(tag.group(1), 0L))
                    .max().orElse(10);
            TIMEOUT.matcher(text).results().filter(limit -> seconds(limit.group(1), limit.group(2)) > budget)
                    .forEach(limit -> offences.add(source + ": " + limit.group() + " is over " + budget + " s"));
        }
        assertEquals("", String.join("\n", offences));
    }

    private static boolean isComment(String line) {
        String text = line.strip();
        return text.startsWith("*") || text.startsWith("/*") || text.startsWith("//");
    }

    private static long seconds(String number, String rest) {
        long value = Long.parseLong(number);
        return rest.contains("MINUTES") ? value * 60 : rest.contains("MILLISECONDS") ? value / 1000 : value;
    }

    private static void assertNoLine(Predicate<String> offending) {
        List<String> offences = new ArrayList<>();
        for (Path source : SOURCES) {
            List<String> lines = lines(source);
            boolean textBlock = false;
            for (int i = 0; i < lines.size(); i++) {
                boolean inside = textBlock;
                if (TEXT_BLOCK_EDGE.matcher(lines.get(i)).results().count() % 2 == 1) {
                    textBlock = !textBlock;
                }
                if (!inside && offending.test(lines.get(i))) {
                    offences.add(source + ":" + (i + 1) + ": " + lines.get(i));
                }
            }
        }
        assertEquals("", String.join("\n", offences));
    }

    private static List<String> lines(Path source) {
        try {
            return Files.readAllLines(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
