// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The cases that the rules of epochs are for, each as the smallest course of events that goes wrong without its rule. */
class EpochCasesTest {
    private static final long MIB = 1 << 20;

    /** Case 4.1: the claim of a newer start stands in the log, and an older one has written behind it. */
    @Test
    void shouldRefuseAnEpochThatAnOlderStartWroteBehindTheClaimOfANewerOne() {
        EpochLog log = new EpochLog("p");
        log.started(5);
        log.epoch(1, 5, true);
        log.started(6);

        assertDamaged(() -> log.epoch(2, 5, false));
    }

    /** Case 4.1: each start claims a number of its own, also behind one that never came to write an epoch. */
    @Test
    void shouldClaimWithANumberThatNobodyHasHad() {
        EpochLog log = new EpochLog("p");
        log.started(1);
        log.epoch(1, 1, true);
        log.started(2);

        assertEquals(3, log.claim(1));
        assertEquals(1, log.lastEpoch());
    }

    /** Case 4.3: what became of a write is known from the log alone, so an epoch that is there twice is no log. */
    @Test
    void shouldRefuseALogInWhichAnEpochWasWrittenAgain() {
        EpochLog log = new EpochLog("p");
        log.started(1);
        log.epoch(1, 1, true);

        assertDamaged(() -> log.epoch(1, 1, false));
    }

    /** Case 4.4: an older start has released epoch 17 at the last moment; the log knows of 16. */
    @Test
    void shouldNotReleaseAgainWhatAnOlderStartHasReleasedAtTheLastMoment() {
        Releases releases = new Releases("p", 16, 18);
        releases.add(17, 10);
        releases.add(18, 10);
        assertNull(releases.next(), "the marker isn't read");

        releases.opened(17);
        assertEquals(new Releases.Range(18, 18), releases.next());
    }

    /** Case 4.4: the target has more than the log. */
    @Test
    void shouldSuspendWhenTheMarkerIsBeyondTheLog() {
        Releases releases = new Releases("p", 16, 18);

        assertSuspended(() -> releases.opened(19));
    }

    /** Case 4.4: the log has lost epochs, and meanwhile others have their numbers: these were not released. */
    @Test
    void shouldSuspendWhenTheMarkerIsBeyondWhatTheLogHeldAtTheStart() {
        Releases releases = new Releases("p", 16, 16);
        releases.add(17, 10);
        releases.durable(17);

        assertSuspended(() -> releases.opened(17));
    }

    /** Case 4.4: numbers that the log has lost are not given again before the marker could show it. */
    @Test
    void shouldEndNoEpochBeforeTheMarkerIsRead() {
        assertTrue(new Releases("p", Releases.UNKNOWN, 0).mayEndEpochs(1), "nobody has released anything yet");
        Releases releases = new Releases("p", 16, 16);
        assertFalse(releases.mayEndEpochs(2));

        releases.opened(16);
        assertTrue(releases.mayEndEpochs(2));
    }

    /** Case 4.4: the target has lost what was released. */
    @Test
    void shouldSuspendWhenTheMarkerIsBehindWhatTheLogKnows() {
        Releases releases = new Releases("p", 16, 18);

        assertSuspended(() -> releases.opened(15));
    }

    /** Case 4.5: the target has forgotten its marker, and nobody can tell whether epoch 17 has left. */
    @Test
    void shouldSuspendWhenTheTargetHasForgottenItsMarkerAndRowsWait() {
        Releases releases = new Releases("p", 16, 17);
        releases.add(17, 10);

        assertSuspended(() -> releases.opened(Releases.UNKNOWN));
    }

    /** Case 4.5: nothing waited, so nothing is lost; the target is told its marker before anything else. */
    @Test
    void shouldTellATargetThatHasForgottenItsMarkerWhenNothingWaited() {
        Releases releases = new Releases("p", 16, 16);
        releases.add(17, 10);
        releases.durable(17);

        releases.opened(Releases.UNKNOWN);
        assertEquals(new Releases.Range(16, 16), releases.next());
        releases.released();
        assertEquals(new Releases.Range(17, 17), releases.next());
    }

    /** Case 4.5: first rows leave only when the log can tell a target that has forgotten from one that never knew. */
    @Test
    void shouldReleaseNothingBeforeTheLogKnowsThatTheTargetHasAMarker() {
        Releases releases = new Releases("p", Releases.UNKNOWN, 0);
        releases.noted(1);
        releases.add(1, 10);
        releases.durable(1);
        releases.opened(Releases.UNKNOWN);
        assertEquals(new Releases.Range(0, 0), releases.next());
        releases.released();

        assertNull(releases.next());
        assertTrue(releases.wantsNote());
        releases.noted(2);
        assertFalse(releases.wantsNote());
        assertNull(releases.next());
        releases.durable(2);
        assertEquals(new Releases.Range(1, 1), releases.next());
    }

    /** Case 4.6: the marker of another generation, or of another job of that name, isn't found. */
    @Test
    void shouldHaveNamesOfItsOwnInEachGeneration() {
        EpochOwner before = new EpochOwner("job", 1, 0, 3, 1);
        assertNotEquals(before.name(), new EpochOwner("job", 2, 0, 3, 1).name());
        assertNotEquals(before.name(), new EpochOwner("job2", 1, 0, 3, 1).name());
        assertEquals(before.name(), new EpochOwner("job", 1, 0, 3, 2).name());
    }

    /** Case 4.6: a job that was frozen starts a partition of the generation that was the last one then. */
    @Test
    void shouldNotStartWhenALaterGenerationWasBegunOfWhichTheJobDoesNotKnow() {
        EpochLog log = shut();

        MillraceException refused = assertThrows(MillraceException.class, () -> log.claim(1));
        assertEquals(ErrorCode.STATE_FENCED, refused.code());
    }

    /** Case 4.6: the later generation has come to nothing, and the job goes on as it was. */
    @Test
    void shouldStartAgainWhenTheJobKnowsOfTheLaterGeneration() {
        assertEquals(3, shut().claim(2));
    }

    private static EpochLog shut() {
        EpochLog log = new EpochLog("p");
        log.started(1);
        log.epoch(1, 1, true);
        log.shut(2, 2);
        return log;
    }

    /** Case 4.7: rows that wait to leave leave no room for others, those of the epoch that goes on among them. */
    @Test
    void shouldHaveNoRoomWhenTheOutboxIsFull() {
        Releases releases = new Releases("p", 0, 0);
        releases.opened(0);
        releases.add(1, 60);

        assertTrue(releases.hasRoom(30, 50, 100));
        assertFalse(releases.hasRoom(40, 50, 100));
        releases.durable(1);
        releases.next();
        releases.released();
        assertTrue(releases.hasRoom(40, 50, 100));
    }

    /** Case 4.7: an epoch ends early, maybe in the middle of draining, before it is too large for the log. */
    @Test
    void shouldHaveNoRoomWhenTheEpochIsFull() {
        Releases releases = new Releases("p", 0, 0);

        assertTrue(releases.hasRoom(49, 50, 100));
        assertFalse(releases.hasRoom(50, 50, 100));
    }

    /** Only a few epochs are on their way to be durable. */
    @Test
    void shouldWaitWhenTooManyEpochsAreOnTheirWay() {
        EpochNumbers numbers = new EpochNumbers(7, 2);
        assertEquals(8, numbers.end());
        assertTrue(numbers.mayEnd());
        numbers.end();

        assertFalse(numbers.mayEnd());
        numbers.kept(8);
        assertTrue(numbers.mayEnd());
    }

    /** Case 4.8: an image counts when the epoch that completes it is durable, under the number before its first slot. */
    @Test
    void shouldStoreASnapshotUnderTheNumberBeforeItsImage() {
        EpochLog log = new EpochLog("p");
        log.claim(1);
        log.written(1, 2, true, false);
        log.released(1);
        assertNull(log.snapshot());

        log.written(2, 3, false, true);
        assertEquals(new EpochLog.Snapshot(1, 1, 2), log.snapshot());
        assertNull(log.snapshot());
    }

    /** Case 4.8: a restore from the snapshot wouldn't see rows of epochs before it, so they have to be gone. */
    @Test
    void shouldStoreNoSnapshotWhileRowsBeforeItWait() {
        EpochLog log = new EpochLog("p");
        log.claim(1);
        log.written(1, 2, true, true);
        log.snapshot();
        log.written(2, 3, false, false);
        log.written(3, 4, true, true);
        log.released(1);

        assertNull(log.snapshot());
        log.released(2);
        assertEquals(new EpochLog.Snapshot(3, 3, 3), log.snapshot());
    }

    /** Case 4.8: what the snapshot before would need stays. */
    @Test
    void shouldKeepTwoSnapshotsAndAllEventsSinceTheOlder() {
        EpochLog log = new EpochLog("p");

        assertEquals(OptionalLong.empty(), log.stored(new EpochLog.Snapshot(10, 5, 6)));
        assertEquals(OptionalLong.of(10), log.stored(new EpochLog.Snapshot(20, 15, 16)));
        assertEquals(OptionalLong.of(20), log.stored(new EpochLog.Snapshot(30, 25, 26)));
    }

    /** Case 4.8: the snapshot that was found at the start is one of the two. */
    @Test
    void shouldCountTheSnapshotItHasStartedFrom() {
        EpochLog log = new EpochLog("p");
        log.image(10, 5, 6, 1);

        assertEquals(OptionalLong.of(10), log.stored(new EpochLog.Snapshot(20, 15, 16)));
    }

    /** Case 4.8: epochs are contiguous, or the log is refused. */
    @Test
    void shouldRefuseALogWithAHole() {
        EpochLog log = new EpochLog("p");
        log.image(10, 5, 6, 1);
        log.epoch(5, 1, true);

        assertDamaged(() -> log.epoch(7, 1, false));
    }

    /** Case 4.8: events are gone and there is no snapshot. */
    @Test
    void shouldRefuseALogThatBeginsInTheMiddle() {
        EpochLog log = new EpochLog("p");
        log.started(1);

        assertDamaged(() -> log.epoch(5, 1, true));
    }

    /** Case 4.8: the snapshot tells of an image that the log doesn't hold. */
    @Test
    void shouldRefuseALogThatEndsBeforeItsSnapshot() {
        EpochLog log = new EpochLog("p");
        log.image(10, 5, 6, 1);
        log.epoch(5, 1, true);

        assertDamaged(() -> log.claim(1));
    }

    /** Case 4.9: a large state that hardly changes goes into the log in slices; never all of it at once. */
    @Test
    void shouldSpreadAnImageOverManyEpochs() {
        Images images = new Images(256, 256 * MIB, 1);
        assertTrue(images.begins());
        for (int epoch = 0; epoch < 50; epoch++) {
            assertTrue(images.slice() <= 2 * MIB, "slice of " + images.slice());
            images.wrote(images.begins(), epoch == 49, 2 * MIB);
        }
        assertFalse(images.begins());
        assertEquals(0, images.slice());
    }

    /** Case 4.9: epochs that end often, because others wait, write no more of what has not changed in the same time. */
    @Test
    void shouldWriteSmallerSlicesWhereEpochsEndOften() {
        Images images = new Images(256, 256 * MIB, 16);
        assertFalse(images.begins());
        for (int epoch = 256; epoch < 16 * 256; epoch++) {
            images.wrote(false, false, 1);
        }
        assertTrue(images.begins());
        assertEquals(MIB / 16, images.slice());
    }

    /** Case 4.10: one release takes all that has become durable meanwhile. */
    @Test
    void shouldReleaseAllThatIsDurableInOne() {
        Releases releases = new Releases("p", 0, 0);
        releases.opened(0);
        for (int epoch = 1; epoch <= 5; epoch++) {
            releases.add(epoch, 10);
        }
        releases.durable(1);
        assertEquals(new Releases.Range(1, 1), releases.next());
        releases.durable(4);
        assertNull(releases.next(), "one is on its way");

        releases.released();
        assertEquals(new Releases.Range(2, 4), releases.next());
    }

    /** Case 4.12: nothing is seen before it is durable. */
    @Test
    void shouldReleaseNothingThatIsNotDurable() {
        Releases releases = new Releases("p", 3, 3);
        releases.opened(3);
        releases.add(4, 10);
        assertNull(releases.next());

        releases.durable(4);
        assertEquals(new Releases.Range(4, 4), releases.next());
    }

    /** Case 6.1: who is late is named. */
    @Test
    void shouldRefuseInTimeAndNameWhomItWaitedFor() {
        SavepointCut cut = new SavepointCut(Set.of("a", "b"), Set.of("0/0", "0/1"));
        cut.level("a", 10);
        cut.level("b", 20);
        cut.frozen("0/0");
        cut.timeOut();

        assertEquals(SavepointCut.Phase.REFUSED, cut.phase());
        assertTrue(cut.reason().contains("0/1"), cut.reason());
        assertFalse(cut.reason().contains("0/0"), cut.reason());
        assertFalse(cut.holdsReaders());
    }

    /** Case 6.1: the cut holds for all inputs at once. */
    @Test
    void shouldRefuseWhenAReaderHasReadOn() {
        SavepointCut cut = new SavepointCut(Set.of("a", "b"), Set.of("0/0"));
        cut.level("a", 10);
        cut.level("a", 12);
        cut.level("b", 20);
        assertEquals(Map.of("a", 12L, "b", 20L), cut.cut());
        cut.level("a", 13);

        assertEquals(SavepointCut.Phase.REFUSED, cut.phase());
    }

    /** Case 6.1: readers go on as soon as all partitions have copied their state, not only when that is durable. */
    @Test
    void shouldHoldTheReadersUntilAllPartitionsAreFrozen() {
        SavepointCut cut = new SavepointCut(Set.of("a"), Set.of("0/0", "0/1"));
        assertTrue(cut.holdsReaders());
        cut.level("a", 10);
        cut.frozen("0/0");
        assertTrue(cut.holdsReaders());
        cut.frozen("0/1");
        assertFalse(cut.holdsReaders());

        cut.stored("0/0");
        assertEquals(SavepointCut.Phase.STORING, cut.phase());
        cut.stored("0/1");
        assertEquals(SavepointCut.Phase.DONE, cut.phase());
    }

    /** Case 6.2: everything is in a savepoint that was taken, wherever it was cut. */
    @Test
    void shouldGoOnFromSavepointsOnAnyNumberOfPartitions() {
        int restores = 0;
        for (long seed = 1; seed <= 100; seed++) {
            EpochSimulation simulation = new EpochSimulation(EpochPlan.calm(seed).withSavepoints(3), new EpochRules());
            simulation.run();
            restores += simulation.restores();
        }
        assertTrue(restores > 100, restores + " restores");
    }

    private static void assertDamaged(Executable what) {
        assertEquals(ErrorCode.STATE_DAMAGED, assertThrows(MillraceException.class, what).code());
    }

    private static void assertSuspended(Executable what) {
        assertEquals(ErrorCode.TARGET_DIFFERS, assertThrows(MillraceException.class, what).code());
    }
}
