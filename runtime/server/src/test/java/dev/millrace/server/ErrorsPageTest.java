// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps docs/reference/errors.md in step with the codes. */
final class ErrorsPageTest {
    private static final String UPDATE_PROPERTY = "millrace.docs.update";

    private record Range(int first, String title) {}

    private static final List<Range> RANGES = List.of(
            new Range(1000, "SQL text and planning"),
            new Range(2000, "Options"),
            new Range(3000, "Sources, sinks and formats"),
            new Range(4000, "Rows"),
            new Range(5000, "Jobs and state"),
            new Range(6000, "Command line and process"));

    @Test
    void shouldListEveryCode() throws IOException {
        Path page = root().resolve("docs/reference/errors.md");
        if (Boolean.getBoolean(UPDATE_PROPERTY)) {
            Files.writeString(page, page());
        }

        assertEquals(
                page(),
                Files.readString(page),
                "run ./mvnw test -pl runtime/server -am -Dtest=ErrorsPageTest -D" + UPDATE_PROPERTY + "=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Errors

                Every error has a code that never changes its meaning, the place in the script where it has one, and
                the way out. The exit code is 2 for errors of the SQL, of options and of the command line, else 1.
                Records that can't be read and rows with errors do not end a job: they go to the dead letters with code
                and reason. This page is made from the code.
                """);
        for (Range range : RANGES) {
            page.append("\n## ").append(range.title()).append("\n\n| code | meaning |\n|---|---|\n");
            Arrays.stream(ErrorCode.values())
                    .filter(code -> code.number() / 1000 * 1000 == range.first())
                    .sorted(Comparator.comparingInt(ErrorCode::number))
                    .forEach(code -> page.append("| ")
                            .append(code.id())
                            .append(" | ")
                            .append(code.meaning())
                            .append(" |\n"));
        }
        page.append("""

                ## What a job does about an error

                What fails while a job runs is one of its partitions, or the reader of a split. If the cause may go away
                by itself, which are the codes below, it is started again from its last checkpoint, by itself, after
                100 ms, then after twice as long each time up to 30 s, with some chance; the rest of the job goes on.
                After a minute without failure it begins with 100 ms again.

                | code | meaning |
                |---|---|
                """);
        Arrays.stream(ErrorCode.values()).filter(ErrorCode::mayPass).forEach(code -> page.append("| ")
                .append(code.id())
                .append(" | ")
                .append(code.meaning())
                .append(" |\n"));
        page.append(
                """

                        A partition that fails 120 times in a row without an epoch that becomes durable, or 10 times with
                        MR-6900, is suspended alone: it holds its state, and the others go on without it. A reader that does so
                        suspends its job, and so does any other code at once. RESUME JOB takes up what is suspended.

                        If a partition breaks down with MR-6900 at a row, it takes the rows that were under way one by one at its
                        next start. A row at which it has broken down three times in a row goes to the dead letters with
                        MR-4007 and the reason, at most ten rows between two durable epochs. What a target says of a row is
                        no reason to leave it out, since a target that is away may say the same.

                        Queries without a name keep no state: they end with their first failure.
                        """);
        return page.toString();
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("build-support"))) {
            root = root.getParent();
        }
        return root;
    }
}
