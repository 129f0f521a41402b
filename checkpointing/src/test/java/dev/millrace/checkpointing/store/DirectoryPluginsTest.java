// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryPluginsTest extends PluginsContract {
    @TempDir
    Path directory;

    @Override
    ActorSystem system() {
        return Stores.onDirectory(directory);
    }

    @Test
    void shouldStoreALargeEpochInAFileThatIsHardlyLarger() throws IOException {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.persist(actor, epoch(1, 3 << 20));
        long bytes = Files.size(file("journal", ID, FileKind.SLOT, 1));
        assertTrue(bytes < 2 * (3 << 20) + 3000, "bytes: " + bytes);
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

    private Path file(String area, String id, FileKind kind, long number) {
        return new NumberedDirectory(PersistenceIds.directory(directory.resolve(area), id)).file(kind, number);
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }
}
