// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.verify.Damage;
import dev.millrace.checkpointing.verify.StateVisitor;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.checkpointing.verify.StoredLog;
import dev.millrace.checkpointing.verify.StoredSnapshot;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads a small state directory that was damaged in every way: to the end, as the command line does, and as a keeper
 * recovers from it. Neither must take damaged bytes for sound ones.
 */
@Tag("integration")
@Timeout(30)
class StateDirectoryTest {
    private static final String ID = "job/0/3";
    private static final String TWIN = "job/0/4";

    @TempDir(factory = MemoryDisk.class)
    Path directory;

    private static final class Findings implements StateVisitor {
        final List<StoredEvent> events = new ArrayList<>();
        final List<StoredSnapshot> snapshots = new ArrayList<>();
        final List<StoredLog> logs = new ArrayList<>();
        final List<Damage> damages = new ArrayList<>();

        @Override
        public void event(StoredEvent event) {
            events.add(event);
        }

        @Override
        public void snapshot(StoredSnapshot snapshot) {
            snapshots.add(snapshot);
        }

        @Override
        public void log(StoredLog log) {
            logs.add(log);
        }

        @Override
        public void damage(Damage damage) {
            damages.add(damage);
        }
    }

    /** Two partitions: a claim, epochs, two images, and what came before the older one deleted. */
    @BeforeEach
    void write() {
        ActorSystem system = Stores.onDirectory(directory);
        Life life = new Life(system, new TestKit(system));
        for (String id : List.of(ID, TWIN)) {
            ActorRef actor = life.start(id);
            life.recovered();
            life.persist(actor, "claim");
            for (long epoch = 1; epoch <= 5; epoch++) {
                life.persist(actor, new EpochCommitted(epoch, 1, epoch % 2 == 0, epoch % 2 == 1, new byte[] {9},
                        new byte[][] {{(byte) epoch, (byte) id.hashCode()}}, new byte[][] {{4}}));
            }
            life.save(actor, 2, new ImageComplete(2, 3, 1));
            life.save(actor, 4, new ImageComplete(4, 5, 1));
            life.deleteEvents(actor, 2);
        }
        Stores.stop(system);
    }

    @Test
    void shouldTellAllThatIsThere() throws IOException {
        Findings found = read();
        assertEquals(List.of(), found.damages);
        assertEquals(List.of(ID, TWIN), found.logs.stream().map(StoredLog::persistenceId).toList());
        StoredLog log = found.logs.getFirst();
        assertEquals(4, log.events());
        assertEquals(6, log.lastNr());
        assertEquals(2, log.deletedTo());
        assertEquals(2, log.emptySlots());
        assertEquals(2, log.snapshots());
        assertEquals(0, log.leftovers());
        assertEquals(new ImageComplete(2, 3, 1), found.snapshots.getFirst().content());
        StoredEvent event = found.events.getFirst();
        assertEquals(3, event.sequenceNr());
        assertFalse(event.deleted());
        EpochSummary epoch = assertInstanceOf(EpochSummary.class, event.content());
        assertEquals(2, epoch.epoch());
        assertTrue(epoch.begins());
        assertFalse(epoch.completes());
        assertArrayEquals(new byte[] {9}, epoch.header());
        assertEquals(2, epoch.stateBytes());
        assertEquals(1, epoch.rowsBytes());
    }

    @Test
    void shouldFindEveryFlippedByteAndNeverRecoverFromOne() throws IOException {
        deleteTwin();
        List<String> recovered = recover();
        for (Path file : files()) {
            byte[] sound = Files.readAllBytes(file);
            for (int i = 0; i < sound.length; i++) {
                byte[] flipped = sound.clone();
                flipped[i] ^= (byte) (1 << i % 8);
                Files.write(file, flipped);
                assertFound(file, "byte " + i);
                assertRecovers(recovered, file + " byte " + i);
            }
            Files.write(file, sound);
        }
        assertEquals(List.of(), read().damages);
        assertEquals(recovered, recover());
    }

    @Test
    void shouldFindEveryTruncationAndNeverRecoverFromOne() throws IOException {
        deleteTwin();
        List<String> recovered = recover();
        for (Path file : files()) {
            byte[] sound = Files.readAllBytes(file);
            for (int length = 0; length < sound.length; length++) {
                Files.write(file, Arrays.copyOf(sound, length));
                assertFound(file, "cut at " + length);
                assertRecovers(recovered, file + " cut at " + length);
            }
            Files.write(file, Arrays.copyOf(sound, sound.length + 1));
            assertFound(file, "longer by one");
            assertRecovers(recovered, file + " longer by one");
            Files.write(file, sound);
        }
    }

    @Test
    void shouldFindFilesThatHaveChangedPlaces() throws IOException {
        List<String> recovered = recover();
        List<Path> files = files();
        int swaps = 0;
        for (int i = 0; i < files.size(); i++) {
            for (int j = 0; j < i; j++) {
                byte[] one = Files.readAllBytes(files.get(i));
                byte[] other = Files.readAllBytes(files.get(j));
                Files.write(files.get(i), other);
                Files.write(files.get(j), one);
                assertFound(files.get(i), "swapped with " + files.get(j));
                assertFound(files.get(j), "swapped with " + files.get(i));
                assertRecovers(recovered, files.get(i) + " swapped with " + files.get(j));
                Files.write(files.get(i), one);
                Files.write(files.get(j), other);
                swaps++;
            }
        }
        assertEquals(files.size() * (files.size() - 1) / 2, swaps);
    }

    @Test
    void shouldFindFilesThatAreMissing() throws IOException {
        List<String> recovered = recover();
        for (Path file : files()) {
            byte[] sound = Files.readAllBytes(file);
            Files.delete(file);
            boolean newestSlot = file.endsWith("0000000000000000006.slot");
            boolean olderSnapshot = file.endsWith("0000000000000000002.snapshot");
            boolean newerSnapshot = file.endsWith("0000000000000000004.snapshot");
            if (olderSnapshot || newerSnapshot) {
                // What each tells is in the log as well: nothing is lost.
                assertEquals(List.of(), read().damages, file::toString);
                assertTrue(recover().containsAll(recovered.subList(1, recovered.size())), file::toString);
            } else if (newestSlot) {
                assertFalse(read().damages.isEmpty(), "the snapshot tells of the epoch in it");
            } else {
                assertFalse(read().damages.isEmpty(), file::toString);
                assertRecovers(recovered, file + " missing");
            }
            Files.write(file, sound);
        }
    }

    @Test
    void shouldFindThatAllSnapshotsAreMissing() throws IOException {
        for (Path file : files()) {
            if (file.toString().contains("snapshots")) {
                Files.delete(file);
            }
        }
        assertEquals(1, read().damages.size());
        assertThrowsDamaged();
    }

    @Test
    void shouldFindWhatDoesNotBelongToTheStore() throws IOException {
        Path slot = files().getFirst();
        Files.write(slot.resolveSibling("notes.txt"), new byte[1]);
        Files.write(slot.resolveSibling(".1234-1.tmp"), new byte[1]);
        Files.createDirectory(directory.resolve("journal/%zz"));
        Findings found = read();
        assertEquals(2, found.damages.size(), found.damages::toString);
        assertEquals(1, found.logs.getFirst().leftovers());
        Files.copy(slot, slot.resolveSibling("0000000000000000009.slot"));
        assertEquals(4, read().damages.size(), "a slot behind a hole, which is that of another number");
    }

    private void deleteTwin() throws IOException {
        for (String area : List.of(StateDirectory.JOURNAL, StateDirectory.SNAPSHOTS)) {
            Path twin = PersistenceIds.directory(directory.resolve(area), TWIN);
            try (Stream<Path> files = Files.list(twin)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(twin);
        }
    }

    private void assertFound(Path file, String how) throws IOException {
        List<Damage> damages = read().damages;
        assertTrue(damages.stream().anyMatch(damage -> damage.file().equals(file)), () -> file + " " + how + damages);
    }

    private void assertRecovers(List<String> expected, String how) throws IOException {
        try {
            assertEquals(expected, recover(), how);
        } catch (MillraceException e) {
            assertEquals(ErrorCode.STATE_DAMAGED, e.code(), how);
        }
    }

    private void assertThrowsDamaged() throws IOException {
        try {
            throw new AssertionError("recovered " + recover());
        } catch (MillraceException e) {
            assertEquals(ErrorCode.STATE_DAMAGED, e.code());
        }
    }

    /** What a keeper would get: the newest snapshot, and the events after it, as the bytes that are stored. */
    private List<String> recover() throws IOException {
        SnapshotFiles snapshots = new SnapshotFiles(directory.resolve(StateDirectory.SNAPSHOTS));
        Optional<Snapshots.Stored<String>> snapshot =
                snapshots.load(ID, SnapshotSelectionCriteria.latest(), in -> Arrays.toString(in.readAllBytes()));
        List<String> recovered = new ArrayList<>();
        snapshot.ifPresent(stored -> recovered.add(stored.content()));
        long from = snapshot.map(stored -> stored.metadata().sequenceNr()).orElse(0L);
        EventLog log =
                new EventLog(directory.resolve(StateDirectory.JOURNAL), ID, new ManualClock(), Duration.ofHours(1));
        long highest = log.recover(from);
        log.replay(from + 1, highest, Long.MAX_VALUE, (in, first, count) -> {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                in.nextSection();
                events.add(Arrays.toString(in.readAllBytes()));
            }
            return events;
        }, recovered::add);
        return recovered;
    }

    private Findings read() throws IOException {
        Findings findings = new Findings();
        StateDirectory.read(directory, findings);
        return findings;
    }

    /** The files of one of the two partitions that have bytes. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0
                    && file.getParent().endsWith(PersistenceIds.directory(Path.of(""), ID))).sorted().toList();
        }
    }
}
