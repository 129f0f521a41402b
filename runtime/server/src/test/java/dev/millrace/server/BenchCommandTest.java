// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workloads give the results of the reference, on the deployed path. */
@Tag("integration")
@Timeout(30)
final class BenchCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"S0", "S1", "S2c", "S3a"})
    void shouldGiveTheReferencesChecksum(String workload) {
        // More than two minutes of event time for S3a, and no multiple of a batch.
        CommandRun run = CommandRun.of(
                "bench", workload, "--rows", "1300001", "--partitions", "3", "--cores", "2", "--verify", "--json");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.err().contains("checksum verified"), run.err());
        assertTrue(
                run.out().matches("\\{\"workload\":\"" + workload
                        + "\",\"checkpoints\":\"none\",\"rows\":1300001,\"seconds\":[0-9.]+,"
                        + "\"cpu_seconds\":[0-9.]+,\"rate\":\\d+,\"rate_per_cpu_second\":\\d+,\"output_rows\":\\d+,"
                        + "\"allocated_bytes_per_row\":[0-9.]+,\"checksum\":\"[0-9a-f]{16}\"}\\n"),
                run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"S2c never", "S3a never", "S2x never", "S2x auto", "S2x always"})
    void shouldGiveTheReferencesChecksumWithAHotKey(String workloadAndMode) {
        String[] words = workloadAndMode.split(" ");
        CommandRun run = CommandRun.of(
                "bench", words[0], "--rows", "700001", "--partitions", "3", "--cores", "2", "--skew", "90",
                "--pre-aggregation", words[1], "--verify");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.err().contains("checksum verified"), run.err());
    }

    @Test
    void shouldRunWithAndWithoutCheckpointsInTurns() {
        CommandRun run = CommandRun.of(
                "bench", "S2", "--rows", "2000000", "--repeat", "2", "--checkpoint-interval", "none,100ms",
                "--partitions", "3", "--cores", "2", "--verify", "--json");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertFalse(run.err().contains("warning"), run.err());
        List<String> checkpoints =
                run.out().lines().map(line -> line.replaceAll(".*\"checkpoints\":\"|\".*", "")).toList();
        assertEquals(List.of("none", "100ms", "none", "100ms"), checkpoints, run.out());
    }

    @Test
    void shouldGiveTheSameChecksumOnPinnedThreads() {
        CommandRun run = CommandRun.of("bench", "S2c", "--rows", "200000", "--cores", "2", "--affinity", "--verify");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.err().contains("checksum verified"), run.err());
    }

    @Test
    void shouldMeasureTheLatencyOfEveryRowAfterTheWarmUp() {
        CommandRun run = CommandRun.of(
                "bench", "S2c", "--rate", "30000", "--duration", "1s", "--checkpoint-interval", "100ms",
                "--partitions", "3", "--cores", "2", "--verify", "--json");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.err().contains("checksum verified"), run.err());
        assertTrue(
                run.out().matches("\\{\"workload\":\"S2c\",\"rate\":30000,\"rows\":30000,\"measured_rows\":20000,"
                        + "\"seconds\":[0-9.]+,\"cpu_seconds\":[0-9.]+,\"p50_ms\":[0-9.]+,\"p99_ms\":[0-9.]+,"
                        + "\"p999_ms\":[0-9.]+,\"max_ms\":[0-9.]+,\"heap_mb\":\\[\\d+,\\d+,\\d+],"
                        + "\"lag_rows\":\\[-?\\d+,-?\\d+,-?\\d+],\"checksum\":\"[0-9a-f]{16}\"}\\n"),
                run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"K1", "K1 --bootstrap h:1 --guarantee never", "K1 --bootstrap h:1 --rows 5",
        "S3a --guarantee exactly-once", "K1 --bootstrap h:1 --checkpoint-interval none", "S0 --skew 90",
        "S2x --pre-aggregation sometimes"})
    void shouldRefuseWhatKafkasWorkloadCanNotTake(String words) {
        CommandRun run = CommandRun.of(("bench " + words).split(" "));

        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"S3a --rate 1000", "S2c --duration 1s", "S2c --rate 10 --rows 5", "S2c --rate 10 --duration x"})
    void shouldRefuseARateThatMakesNoSense(String words) {
        CommandRun run = CommandRun.of(("bench " + words).split(" "));

        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
    }
}
