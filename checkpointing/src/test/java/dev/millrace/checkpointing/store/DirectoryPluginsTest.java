// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryPluginsTest {
    private static final String ID = "job/0/3";

    @TempDir
    Path directory;
    private final List<Life> lives = new ArrayList<>();

    /** One actor system on the directory. */
    private record Life(ActorSystem system, TestKit probe) {
        ActorRef start(String id) {
            return system.actorOf(Recorder.props(id, probe.getRef()));
        }

        Recorder.Recovered recovered() {
            return probe.expectMsgClass(Recorder.Recovered.class);
        }

        void persist(ActorRef actor, Object... events) {
            actor.tell(new Recorder.Persist(List.of(events)), ActorRef.noSender());
            for (Object event : events) {
                assertEquals(event, probe.expectMsgClass(Recorder.Persisted.class).event());
            }
        }

        void save(ActorRef actor, long number, Object snapshot) {
            actor.tell(new Recorder.Save(number, snapshot), ActorRef.noSender());
            probe.expectMsgClass(SaveSnapshotSuccess.class);
        }

        ErrorCode failure(String what) {
            Recorder.Failed failed = probe.expectMsgClass(Recorder.Failed.class);
            assertEquals(what, failed.what());
            return assertInstanceOf(MillraceException.class, failed.cause()).code();
        }
    }

    @AfterEach
    void stopAll() {
        lives.forEach(life -> Stores.stop(life.system()));
    }

    @Test
    void shouldRecoverEventsInTheNextLife() {
        Life first = life();
        ActorRef actor = first.start(ID);
        assertEquals(new Recorder.Recovered(List.of(), 0), first.recovered());
        first.persist(actor, "a");
        first.persist(actor, "b", 17L, "c");
        stop(first);
        Life second = life();
        second.start(ID);
        assertEquals(new Recorder.Recovered(List.of("a", "b", 17L, "c"), 4), second.recovered());
    }

    @Test
    void shouldRecoverTheSnapshotAndTheEventsAfterIt() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a", "b");
        first.save(actor, 0, "ab");
        first.persist(actor, "c");
        stop(first);
        Life second = life();
        second.start(ID);
        assertEquals(new Recorder.Recovered(List.of("ab", 2L, "c"), 3), second.recovered());
    }

    @Test
    void shouldRestoreExactlyTheSnapshotThatIsAskedFor() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        for (long epoch = 10; epoch <= 30; epoch += 10) {
            first.save(actor, epoch, "epoch " + epoch);
        }
        SnapshotSelectionCriteria twenty = SnapshotSelectionCriteria.create(20, Long.MAX_VALUE, 20, 0);
        first.system().actorOf(Recorder.props(ID, Recovery.create(twenty, 20), first.probe().getRef()));
        assertEquals(new Recorder.Recovered(List.of("epoch 20", 20L), 20), first.recovered());
    }

    @Test
    void shouldCarryLargeImagesUnchanged() throws IOException {
        Life first = life();
        byte[][] chunks = new byte[3][3 << 20];
        Random random = new Random(7);
        for (byte[] chunk : chunks) {
            random.nextBytes(chunk);
        }
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, new PartitionImage(1, 2, new byte[] {1}, new byte[][] {{2}, {}}));
        first.save(actor, 0, new PartitionImage(5, 6, new byte[] {7}, chunks));
        long bytes = Files.size(file("snapshots", ID, FileKind.SNAPSHOT, 1));
        assertTrue(bytes < 3 * (3 << 20) + 2000, "the file is hardly larger than the image: " + bytes);
        stop(first);
        Life second = life();
        second.start(ID);
        PartitionImage image = (PartitionImage) second.recovered().all().getFirst();
        assertEquals(5, image.epoch());
        assertEquals(6, image.incarnation());
        assertArrayEquals(new byte[] {7}, image.header());
        assertArrayEquals(chunks, image.chunks());
    }

    @Test
    void shouldStopTheActorThatLosesItsSlot() {
        Life zombieLife = life();
        Life ownerLife = life();
        ActorRef zombie = zombieLife.start(ID);
        zombieLife.recovered();
        zombieLife.persist(zombie, "a");
        ActorRef owner = ownerLife.start(ID);
        assertEquals(1, ownerLife.recovered().lastSequenceNr());
        ownerLife.persist(owner, "claim");
        zombieLife.probe().watch(zombie);
        zombie.tell(new Recorder.Persist(List.of("b")), ActorRef.noSender());
        assertEquals(ErrorCode.STATE_FENCED, zombieLife.failure("persist"));
        zombieLife.probe().expectTerminated(zombie);
        ownerLife.persist(owner, "c");
        zombieLife.start(ID);
        assertEquals(List.of("a", "claim", "c"), zombieLife.recovered().all());
    }

    @Test
    void shouldRecoverAgainInTheProcessThatWasFenced() {
        Life first = life();
        Life second = life();
        ActorRef zombie = first.start(ID);
        first.recovered();
        ActorRef owner = second.start(ID);
        second.recovered();
        second.persist(owner, "mine");
        zombie.tell(new Recorder.Persist(List.of("x")), ActorRef.noSender());
        first.failure("persist");
        ActorRef successor = first.start(ID);
        assertEquals(List.of("mine"), first.recovered().all());
        first.persist(successor, "next");
    }

    @Test
    void shouldKeepTheSnapshotOfTheWinnerWhenAnotherSavesTheSameNumber() {
        Life winnerLife = life();
        Life loserLife = life();
        ActorRef winner = winnerLife.start(ID);
        ActorRef loser = loserLife.start(ID);
        winnerLife.recovered();
        loserLife.recovered();
        winnerLife.save(winner, 5, "winner");
        loser.tell(new Recorder.Save(5, "loser"), ActorRef.noSender());
        SaveSnapshotFailure failure = loserLife.probe().expectMsgClass(SaveSnapshotFailure.class);
        assertEquals(ErrorCode.STATE_FENCED, ((MillraceException) failure.cause()).code());
        // A save after the failure passes the plugin's actor only when the failure is dealt with.
        loserLife.save(loser, 4, "older");
        loserLife.start(ID);
        assertEquals(List.of("winner", 5L), loserLife.recovered().all());
    }

    @Test
    void shouldFailRecoveryAtADamagedEvent() throws IOException {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a");
        first.persist(actor, "b");
        first.persist(actor, "c");
        stop(first);
        flipLastByte(file("journal", ID, FileKind.SLOT, 2));
        Life second = life();
        second.start(ID);
        assertEquals(ErrorCode.STATE_DAMAGED, second.failure("recovery"));
    }

    @Test
    void shouldFailRecoveryAtADamagedSnapshotAndNotFallBackToAnOlderOne() throws IOException {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a");
        first.save(actor, 0, "older");
        first.persist(actor, "b");
        first.save(actor, 0, "newer");
        stop(first);
        flipLastByte(file("snapshots", ID, FileKind.SNAPSHOT, 2));
        Life second = life();
        second.start(ID);
        assertEquals(ErrorCode.STATE_DAMAGED, second.failure("recovery"));
    }

    @Test
    void shouldFailRecoveryWhereASnapshotOfAnotherPersistenceIdLies() throws IOException {
        Life first = life();
        ActorRef other = first.start("other");
        first.recovered();
        first.save(other, 3, "other");
        Files.createDirectories(file("snapshots", ID, FileKind.SNAPSHOT, 3).getParent());
        Files.copy(file("snapshots", "other", FileKind.SNAPSHOT, 3), file("snapshots", ID, FileKind.SNAPSHOT, 3));
        first.start(ID);
        assertEquals(ErrorCode.STATE_DAMAGED, first.failure("recovery"));
    }

    @Test
    void shouldDeleteEventsAndGoOnNumbering() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a", "b");
        first.persist(actor, "c");
        actor.tell(new Recorder.DeleteEvents(Long.MAX_VALUE), ActorRef.noSender());
        first.probe().expectMsgClass(DeleteMessagesSuccess.class);
        stop(first);
        Life second = life();
        ActorRef next = second.start(ID);
        assertEquals(new Recorder.Recovered(List.of(), 3), second.recovered());
        second.persist(next, "d");
        second.save(next, 3, "abc");
        second.start(ID);
        assertEquals(List.of("abc", 3L, "d"), second.recovered().all());
    }

    @Test
    void shouldDeleteTheSnapshotsThatAreSelectedAndNoOthers() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        for (long number = 1; number <= 5; number++) {
            life.save(actor, number, "s" + number);
        }
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(2, Long.MAX_VALUE)),
                ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotsSuccess.class);
        actor.tell(new Recorder.DeleteSnapshot(5), ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotSuccess.class);
        assertEquals(List.of(3L, 4L), snapshotNumbers());
        life.start(ID);
        assertEquals(List.of("s4", 4L), life.recovered().all());
    }

    @Test
    void shouldSelectSnapshotsByTheirTime() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.save(actor, 1, "s1");
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(Long.MAX_VALUE, 1000)),
                ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotsSuccess.class);
        assertEquals(List.of(1L), snapshotNumbers());
        long inAnHour = System.currentTimeMillis() + 3_600_000;
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(Long.MAX_VALUE, inAnHour)),
                ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotsSuccess.class);
        assertEquals(List.of(), snapshotNumbers());
    }

    @Test
    void shouldFailAndNotRejectWhatHasNoSerializer() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        actor.tell(new Recorder.Persist(List.of("good", new Object())), ActorRef.noSender());
        assertEquals("persist", life.probe().expectMsgClass(Recorder.Failed.class).what());
        life.start(ID);
        assertEquals(new Recorder.Recovered(List.of(), 0), life.recovered());
    }

    @Test
    void shouldSayThatTheDirectoryCannotBeWritten() throws IOException {
        Files.createFile(directory.resolve("journal"));
        Files.createFile(directory.resolve("snapshots"));
        Life life = life();
        life.start(ID);
        assertEquals(ErrorCode.FILE_UNREADABLE, life.failure("recovery"));
    }

    @Test
    void shouldSayThatAnEventCannotBeWritten() throws IOException {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        Files.createFile(directory.resolve("journal"));
        actor.tell(new Recorder.Persist(List.of("a")), ActorRef.noSender());
        assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("persist"));
    }

    @Test
    void shouldReadButNotWriteAReadOnlyDirectory() throws IOException {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.persist(actor, "a");
        Path log = file("journal", ID, FileKind.SLOT, 1).getParent();
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(log), "this user may write everywhere");
            actor.tell(new Recorder.Persist(List.of("b")), ActorRef.noSender());
            assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("persist"));
            life.start(ID);
            assertEquals(List.of("a"), life.recovered().all());
        } finally {
            Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private Life life() {
        ActorSystem system = Stores.onDirectory(directory);
        Life life = new Life(system, new TestKit(system));
        lives.add(life);
        return life;
    }

    private void stop(Life life) {
        lives.remove(life);
        Stores.stop(life.system());
    }

    private List<Long> snapshotNumbers() {
        try {
            long[] numbers = new NumberedDirectory(PersistenceIds.directory(directory.resolve("snapshots"), ID))
                    .numbers(FileKind.SNAPSHOT);
            return Arrays.stream(numbers).boxed().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String area, String id, FileKind kind, long number) {
        return new NumberedDirectory(PersistenceIds.directory(directory.resolve(area), id)).file(kind, number);
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }
}
