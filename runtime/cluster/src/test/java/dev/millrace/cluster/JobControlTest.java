// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(30)
class JobControlTest {
    private static final int ROWS = 100_000;
    private static final int RATE = 60_000;

    @TempDir
    Path directory;

    private final LongAdder taken = new LongAdder();
    private final CollectingSink sink = new CollectingSink(batch -> taken.add(batch.size()));

    @Test
    void shouldPauseResumeListAndDropAJob() throws Exception {
        try (Node node = start()) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            sink.awaitRows(1_000);
            assertEquals(JobState.RUNNING, node.job("copy").state());
            JobStatus paused = node.pause("copy");
            assertEquals(JobState.PAUSED, paused.state());
            assertEquals(3, paused.partitions().size());
            long read = paused.progress().rowsRead();
            assertTrue(read >= 1_000 && read < ROWS, "paused in the middle");
            assertEquals(read, node.job("copy").progress().rowsRead());
            assertTrue(paused.partitions().stream().allMatch(partition -> partition.epoch() > 0), "epochs are durable");
            assertEquals(JobState.RECOVERING, node.resume("copy").state());
            while (node.job("copy").state() == JobState.RECOVERING) {
                Thread.onSpinWait();
            }
            assertEquals(JobState.RUNNING, node.job("copy").state());
            assertEquals(JobState.FINISHED, handle.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(ROWS, node.job("copy").progress().rowsRead());
            assertEquals(ROWS, taken.sum());
            assertEquals(List.of("copy"), node.jobs().stream().map(JobStatus::name).toList());
            node.drop("copy");
            assertEquals(List.of(), node.jobs());
            MillraceException missing = assertThrows(MillraceException.class, () -> node.pause("copy"));
            assertEquals(ErrorCode.JOB_NOT_FOUND, missing.code());
        }
    }

    @Test
    void shouldGoOnByItselfInANodeThatResumesJobs() throws Exception {
        try (Node node = start()) {
            node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            sink.awaitRows(1_000);
        }
        long before = taken.sum();
        assertTrue(before < ROWS, "closed in the middle");
        try (Node _ = start()) {
            sink.awaitRows(ROWS);
            assertEquals(ROWS, taken.sum());
        }
    }

    @Test
    void shouldLetAStoppedJobRestAlsoInTheNextProcess() throws Exception {
        try (Node node = start()) {
            node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            sink.awaitRows(1_000);
            assertEquals(JobState.STOPPED, node.stop("copy").state());
        }
        try (Node node = start()) {
            assertEquals(JobState.STOPPED, node.job("copy").state());
            node.resume("copy");
            sink.awaitRows(ROWS);
        }
        assertEquals(ROWS, taken.sum());
    }

    @Test
    void shouldShowAJobThatIsStartingAndRefuseItsNameToOthers() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        sink.answerAfter(answer);
        try (Node node = start()) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS, RATE, 3), null);
            assertEquals(
                    List.of("copy STARTING"),
                    node.jobs().stream().map(job -> job.name() + " " + job.state()).toList());
            JobOutcome refused = node.submit(TestPlans.copyToTable("copy", ROWS + 1, RATE, 3), null)
                    .outcome()
                    .get(20, TimeUnit.SECONDS);
            assertEquals(ErrorCode.JOB_EXISTS, refused.code());
            assertEquals(JobState.STOPPED, node.stop("copy").state());
            assertEquals(JobState.STOPPED, handle.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(List.of(), node.jobs());

            // What was asked for the first one must not make the second.
            JobHandle second = node.submit(TestPlans.copyToTable("copy", 10, RATE, 1), null);
            answer.countDown();
            assertEquals(JobState.FINISHED, second.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(10, taken.sum());
        }
    }

    @Test
    void shouldKeepAJobThatIsStartingWhenTheNodeEnds() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        sink.answerAfter(answer);
        Node first = start();
        JobHandle handle = first.submit(TestPlans.copyToTable("copy", 10, RATE, 1), null);
        assertEquals(JobState.STARTING, first.job("copy").state());
        Thread ending = Thread.ofPlatform().start(first::close);
        while (ending.getState() != Thread.State.WAITING && ending.getState() != Thread.State.TIMED_WAITING) {
            // It has told the job to end when it waits for it.
            Thread.onSpinWait();
        }
        answer.countDown();
        ending.join();
        assertEquals(JobState.STOPPED, handle.outcome().get(20, TimeUnit.SECONDS).state());
        try (Node _ = start()) {
            sink.awaitRows(10);
        }
    }

    private Node start() {
        NodeSettings settings = new NodeSettings(
                "127.0.0.1", 0, directory.resolve("state"), directory.resolve("dead-letters"), true, 2);
        return Node.start(settings, sink.connectors());
    }
}
