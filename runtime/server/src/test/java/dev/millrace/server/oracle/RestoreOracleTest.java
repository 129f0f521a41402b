// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are stopped in order in the middle, and go on in another node: the same rows as without a stop. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class RestoreOracleTest {
    @TempDir
    Path directory;

    private LongEvents events;

    @Test
    void shouldGiveTheSameRowsAfterStopsInTheMiddle(Oracle oracle) throws Exception {
        events = new LongEvents(oracle, directory);
        String script = "SET 'partitions' = '3';\n" + LongEvents.INSERTS;

        // One batch of each split, and then one more.
        runUntil(script, 1, 5_000);
        assertTrue(events.sink.rows("totals") < LongEvents.ROWS, "stopped in the middle");
        runUntil(script, 1, events.sink.rows("plain") + 1);
        assertTrue(events.sink.rows("totals") < LongEvents.ROWS, "stopped in the middle");
        events.runToTheEnd(script);
        events.check(oracle);
        events.runToTheEnd(script);
        events.check(oracle);
    }

    private void runUntil(String script, int batchesMax, long rows) throws Exception {
        try (Node node = events.start(batchesMax)) {
            List<JobHandle> jobs = events.submit(node, script, batchesMax);
            events.sink.awaitRows("plain", rows);
            jobs.forEach(JobHandle::stop);
            for (JobHandle job : jobs) {
                JobOutcome outcome = job.outcome().get(20, TimeUnit.SECONDS);
                assertEquals(JobState.STOPPED, outcome.state(), job.name() + ": " + outcome.reason());
            }
        }
    }
}
