// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.checkpointing.verify.StoredSnapshot;
import dev.millrace.cluster.partition.EpochHeader;
import dev.millrace.cluster.partition.KeeperEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LogRulesTest {
    private static final String ID = "job-1/0/0";
    private static final Path FILE = Path.of("slot");

    private final LogRules rules = new LogRules(ID);
    private long number;

    @Test
    void shouldFindNothingInALogAsPartitionsWriteIt() {
        assertNull(rules.event(started(1)));
        assertNull(rules.event(epoch(1, 1, true)));
        assertNull(rules.event(started(2)));
        assertNull(rules.event(epoch(2, 2, false)));
        assertNull(rules.end());
    }

    @Test
    void shouldTellOfAnEpochThatAStartWroteAfterTheNextOne() {
        rules.event(started(1));
        rules.event(epoch(1, 1, true));
        rules.event(started(2));

        assertEquals("start 1 wrote epoch 2 behind start 2", rules.event(epoch(2, 1, false)));
        assertNull(rules.event(epoch(4, 1, false)), "once is enough");
        assertNull(rules.end());
    }

    @Test
    void shouldTellOfALogThatHoldsNoImage() {
        rules.event(started(1));

        assertEquals("no image begins with its first epoch, 1", rules.event(epoch(1, 1, false)));
    }

    @Test
    void shouldTellOfAnImageThatIsCutShort() {
        rules.snapshot(new StoredSnapshot(ID, 7, 0, new ImageComplete(5, 8, 3), 0, FILE));
        number = 6;
        assertNull(rules.event(epoch(4, 3, false)), "before the image");
        assertNull(rules.event(epoch(5, 3, true)));
        assertNull(rules.event(epoch(6, 3, false)));

        assertEquals("it ends with epoch 6, its snapshot tells of epoch 8", rules.end());
    }

    @Test
    void shouldLeaveMissingSlotsToWhoReadsTheFiles() {
        rules.event(started(1));
        number++;

        assertNull(rules.event(epoch(2, 1, false)));
        assertNull(rules.end());
    }

    private StoredEvent started(long incarnation) {
        return event(new KeeperEvent.Started(incarnation));
    }

    private StoredEvent epoch(long epoch, long incarnation, boolean begins) {
        return event(new EpochSummary(
                epoch, incarnation, begins, false, EpochHeader.EMPTY.toByteArray(), 0, 0, 0, 0));
    }

    private StoredEvent event(Object content) {
        return new StoredEvent(ID, ++number, 0, "writer", content, 0, false, FILE);
    }
}
