// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that goes on as another generation, and what is left of the one before. */
@Tag("cluster")
@Timeout(60)
class OldGenerationTest {
    private static final int RATE = 10_000;
    private static final int PARTITIONS = 3;
    private static final int READERS = 2;
    /** Who isn't told to stop reads on when it has not been held for five seconds: the job has to run for longer. */
    private static final int SECONDS = 9;
    private static final int ROWS = SECONDS * RATE;

    @TempDir
    Path directory;

    private final EpochTarget target = new EpochTarget();

    @BeforeEach
    void forget() {
        DeafMailbox.forget();
    }

    @AfterEach
    void hearAgain() {
        DeafMailbox.setDeaf(false);
    }

    @Test
    void shouldShutOutPartitionsThatHaveNotHeardThatTheyAreToStop() throws Exception {
        long fenced = DeafMailbox.FENCED.sum();
        long lost = DeafMailbox.LOST.sum();
        try (Node node = start()) {
            JobHandle handle = node.submit(
                    TestPlans.copyByKey("copy", ROWS, RATE, PARTITIONS, Map.of()), null);
            target.awaitRows(RATE / 2);
            DeafMailbox.setDeaf(true);
            node.alter("copy", Map.of("partitions", "5"));
            while (DeafMailbox.FENCED.sum() < fenced + PARTITIONS) {
                Thread.sleep(20);
            }
            DeafMailbox.setDeaf(false);
            assertEquals(lost + PARTITIONS + READERS, DeafMailbox.LOST.sum());
            assertFinished(handle);
            assertEquals(5, node.job("copy").partitions().size());
        }
        assertEquals(ROWS, target.differentRows());
        assertEquals(ROWS, target.rows());
    }

    @Test
    void shouldNotStartPartitionsAgainForAJobThatDoesNotKnowOfTheNextGeneration() throws Exception {
        long fenced = DeafMailbox.FENCED.sum();
        try (Node node = start()) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS / 3, RATE, PARTITIONS), null);
            target.awaitRows(RATE / 2);
            node.alter("copy", Map.of("partitions", "5"));
            DeafMailbox.repeat(1);
            while (DeafMailbox.FENCED.sum() < fenced + PARTITIONS) {
                Thread.sleep(20);
            }
            assertFinished(handle);
        }
        assertEquals(ROWS / 3, target.differentRows());
        assertEquals(ROWS / 3, target.rows());
    }

    @Test
    void shouldGoOnAsItWasWhenTheTargetIsAway() throws Exception {
        // More than are shut out at a time.
        int partitions = 6;
        try (Node node = start()) {
            JobHandle handle = node.submit(TestPlans.copyToTable("copy", ROWS / 3, RATE, partitions), null);
            target.awaitRows(RATE / 2);
            target.fallSilent();
            MillraceException refused = assertThrows(
                    MillraceException.class, () -> node.alter("copy", Map.of("partitions", "5")));
            assertEquals(ErrorCode.SINK_FAILED, refused.code());
            target.comeBack();
            target.awaitRows(target.rows() + RATE / 10);
            assertEquals(partitions, node.job("copy").partitions().size());

            node.alter("copy", Map.of("partitions", "5"));
            assertFinished(handle);
        }
        assertEquals(ROWS / 3, target.differentRows());
        assertEquals(ROWS / 3, target.rows());
    }

    private static void assertFinished(JobHandle handle) throws Exception {
        JobOutcome outcome = handle.outcome().get(30, TimeUnit.SECONDS);
        assertEquals(JobState.FINISHED, outcome.state(), String.valueOf(outcome.reason()));
    }

    private Node start() {
        NodeSettings settings = new NodeSettings(
                "127.0.0.1", 0, directory.resolve("state"), directory.resolve("dead-letters"), 2);
        return Node.start(settings, target.connectors(), ConfigFactory.parseMap(Map.of(
                "millrace.restarts.first-delay", "10ms",
                "millrace.epochs.target-wait", "2s",
                "pekko.actor.typed.default-mailbox.mailbox-type", DeafMailbox.class.getName())));
    }
}
