// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Collection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks are code that nobody else calls: each is started once, with few groups, so that it can't rot unseen. */
@Tag("integration")
@Timeout(30)
final class BenchmarksRunTest {
    private static final int BENCHMARKS = 12;

    @Test
    void shouldStartEveryBenchmark() throws RunnerException {
        Options options = new OptionsBuilder()
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .param("groups", "5000")
                .param("partitions", "8")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(options).run();

        assertEquals(
                BENCHMARKS,
                results.stream()
                        .map(result -> result.getParams().getBenchmark())
                        .distinct()
                        .count());
        assertFalse(results.stream().anyMatch(result -> result.getPrimaryResult().getScore() <= 0));
    }
}
