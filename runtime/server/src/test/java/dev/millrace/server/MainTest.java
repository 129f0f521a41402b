// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself, without a node. */
final class MainTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rnu x.sql               | did you mean "run"?
            --hepl                  | did you mean "--help"?
            run --foramt json x.sql | did you mean "--format"?
            run --format jsn x.sql  | did you mean "json"?
            run                     | FILE
            run a.sql b.sql         | operand "b.sql" is one too many
            run x.sql --format      | --format
            run x.sql --state a --state b | --state
            bench S9                | did you mean "S0"?
            bench S0 --rows many    | --rows "many" is not a whole number
            bench S0 --rows 0       | --rows 0 is out of range
            bench S0 --keys 150     | not a multiple of 100
            demo --seconds soon     | is not a whole number
            """)
    void shouldRefuseWrongUsageWithTheWayOut(String line, String expected) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().startsWith("MR-6001  "), run.err());
        assertTrue(run.err().contains(expected), run.err());
        assertEquals("", run.out());
        run.assertNoStackTrace();
    }

    @Test
    void shouldShowHelpOnStandardErrorWithoutACommand() {
        CommandRun run = CommandRun.of();

        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("usage: millrace COMMAND"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "run --help", "sql --help", "explain --help", "bench --help", "demo --help"})
    void shouldHelpWithExamples(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertEquals(ExitCode.SUCCESS, run.exitCode());
        assertTrue(run.out().toLowerCase(java.util.Locale.ROOT).contains("usage"), run.out());
        assertEquals("", run.err());
    }

    @Test
    void shouldExplainExitCodesInTheHelpOfRun() {
        assertTrue(CommandRun.of("run", "--help").out().contains("exit codes: 0 success, 1 a job failed, 2"));
    }

    @Test
    void shouldShowVersionAndCommit() {
        CommandRun run = CommandRun.of("--version");

        assertTrue(run.out().matches("millrace \\d+\\.\\d+\\.\\d+\\S* \\(commit \\w+, Java \\d+\\)\\n"), run.out());
    }

    @Test
    void shouldSayThatKafkaIsMissing() {
        CommandRun run = CommandRun.of("bench", "K1");

        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().startsWith("MR-6001  workload K1 needs a broker that has the topic orders"), run.err());
    }

    @Test
    void shouldShowTheStackOnlyWithDebug() {
        assertFalse(CommandRun.of("bench", "K1").err().contains("\tat "));
        assertTrue(CommandRun.of("bench", "K1", "--debug").err().contains("\tat dev.millrace"));
    }
}
