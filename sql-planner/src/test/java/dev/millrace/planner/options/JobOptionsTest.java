// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOptionsTest {
    private final JobOptions options = new JobOptions();

    private String set(String key, String value) {
        return options.set(key, null, value, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            partitions                            | 12             | partitions           | 12
            guarantee                             | AT_LEAST_ONCE  | guarantee            | at-least-once
            checkpoint.interval                   | 1 s            | checkpoint.interval  | 1000 ms
            emit.coalesce                         | batch          | emit.coalesce        | batch
            late.strategy                         | Drop           | late.strategy        | drop
            allowed-lateness                      | 0 s            | allowed-lateness     | 0 ms
            state.ttl                             | 0              | state.ttl            | 0 ms
            table.exec.state.ttl                  | 1 h            | state.ttl            | 3600000 ms
            state.ttl.refresh                     | Create         | state.ttl.refresh    | create
            backpressure                          | Block          | backpressure         | block
            time-zone                             | Z              | time-zone            | Z
            table.local-time-zone                 | Etc/UTC        | time-zone            | Etc/UTC
            table.exec.mini-batch.allow-latency   | 0              | emit.coalesce        | none
            execution.checkpointing.interval      | 3min           | checkpoint.interval  | 180000 ms
            execution.checkpointing.mode          | AT_LEAST_ONCE  | guarantee            | at-least-once
            execution.checkpointing.mode          | EXACTLY_ONCE   | guarantee            | exactly-once
            pipeline.name                         | my job         | job.name             | my job
            execution.savepoint.path              | j/s            | savepoint            | j/s
            execution.state-recovery.path         | s              | savepoint            | s
            execution.savepoint.ignore-unclaimed-state | TRUE      | savepoint.allow-loss | true
            """)
    void shouldKeepAValueInOneSpelling(String key, String value, String kept, String as) {
        assertNull(set(key, value));
        assertEquals(as, options.values().get(kept));
    }

    @ParameterizedTest
    @CsvSource({"partitions, 0", "partitions, many", "checkpoint.interval, 10 ms", "partitioning, random",
        "time-zone, Moon", "backpressure, throttle", "late.strategy, wait", "state.ttl, long",
        "state.ttl.refresh, read"})
    void shouldRefuseAValueThatIsNone(String key, String value) {
        assertEquals(ErrorCode.OPTION_INVALID, assertThrows(MillraceException.class, () -> set(key, value)).code());
    }

    @Test
    void shouldRefuseAnUnknownNameButWarnOfThoseOfOthers() {
        assertEquals(ErrorCode.OPTION_UNKNOWN,
                assertThrows(MillraceException.class, () -> set("state.tll", "1 h")).code());
        assertNotNull(set("state.backend.type", "rocksdb"));
        assertNull(set("table.exec.mini-batch.enabled", "true"));
        assertEquals(0, options.values().size());
    }

    @Test
    void shouldForgetWhatIsReset() {
        set("partitions", "3");
        set("guarantee", "exactly-once");
        options.reset("partitions", null);
        assertNull(options.get(JobOption.PARTITIONS));
        options.resetAll();
        assertEquals(0, options.values().size());
    }
}
