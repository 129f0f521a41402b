// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final String ID = "job/0/3";
    private static final Duration KEPT = Duration.ofHours(1);

    @TempDir(factory = MemoryDisk.class)
    Path root;
    private final ManualClock clock = new ManualClock();

    @Test
    void shouldReplayWhatWasAppendedAcrossAtomicWrites() throws IOException {
        EventLog log = log(ID);
        assertEquals(0, log.recover(0));
        log.append("w1", List.of(slot(1, "a"), slot(2, "b", "c", "d")));
        log.append("w1", List.of(slot(5, "e")));
        EventLog next = log(ID);
        assertEquals(5, next.recover(0));
        assertEquals(List.of("a", "b", "c", "d", "e"), replay(next, 1, 5));
        assertEquals(List.of("c", "d", "e"), replay(next, 3, 5));
        assertEquals(List.of("c"), replay(next, 3, 3));
        assertEquals(List.of(), replay(next, 6, 5));
        next.append("w2", List.of(slot(6, "f")));
        assertEquals(List.of("e", "f"), replay(next, 5, 6));
    }

    @Test
    void shouldStopAtTheMaximumNumberOfEvents() throws IOException {
        EventLog log = filled(ID, 5);
        List<String> events = new ArrayList<>();
        log.replay(2, 5, 2, EventLogTest::read, events::add);
        assertEquals(List.of("e2", "e3"), events);
    }

    @Test
    void shouldFenceTheWriterThatLosesASlotAndLeaveTheWinnersContent() throws IOException {
        filled(ID, 3);
        EventLog zombie = log(ID);
        EventLog owner = log(ID);
        zombie.recover(0);
        owner.recover(0);
        owner.append("owner", List.of(slot(4, "mine")));
        assertCode(ErrorCode.STATE_FENCED, () -> zombie.append("zombie", List.of(slot(4, "not mine"))));
        assertEquals(List.of("mine"), replay(owner, 4, 4));
        assertNoTemporaries();
    }

    @Test
    void shouldPublishNothingAfterAFailedWriteOfTheSameWriter() throws IOException {
        EventLog zombie = log(ID);
        EventLog owner = log(ID);
        zombie.recover(0);
        owner.append("owner", List.of(slot(1, "mine")));
        assertCode(ErrorCode.STATE_FENCED, () -> zombie.append("zombie", List.of(slot(1, "x"), slot(2, "y"))));
        assertCode(ErrorCode.STATE_FENCED, () -> zombie.append("zombie", List.of(slot(2, "y"))));
        assertEquals(1, owner.recover(0));
        assertEquals(1, zombie.recover(0));
        zombie.append("successor", List.of(slot(2, "z")));
        assertEquals(List.of("mine", "z"), replay(owner, 1, 2));
    }

    @Test
    void shouldRefuseSlotsOutOfOrder() throws IOException {
        EventLog log = filled(ID, 2);
        assertCode(ErrorCode.STATE_FENCED, () -> log.append("w", List.of(slot(4, "x"))));
        assertEquals(2, log(ID).recover(0));
    }

    @Test
    void shouldPublishNothingWhereAnEventCannotBeWritten() throws IOException {
        EventLog log = filled(ID, 1);
        EventLog.Slot failing = new EventLog.Slot(3, 1, out -> {
            throw new IOException("disk full");
        });
        assertThrows(IOException.class, () -> log.append("w", List.of(slot(2, "x"), failing)));
        assertEquals(1, log(ID).recover(0));
        assertNoTemporaries();
    }

    @Test
    void shouldFenceAWriterThatWakesUpBehindDeletedSlots() throws IOException {
        EventLog zombie = filled(ID, 1);
        EventLog owner = log(ID);
        owner.recover(0);
        for (int i = 2; i <= 10; i++) {
            owner.append("owner", List.of(slot(i, "e" + i)));
        }
        owner.deleteTo(8);
        clock.advance(KEPT.plusMinutes(1));
        owner.deleteTo(8);
        assertFalse(Files.exists(file(ID, FileKind.SLOT, 2)), "slot 2 should be free again for this test");
        assertCode(ErrorCode.STATE_FENCED, () -> zombie.append("w", List.of(slot(2, "late"))));
    }

    @Test
    void shouldRefuseAMissingSlotInTheMiddle() throws IOException {
        EventLog log = filled(ID, 5);
        Files.delete(file(ID, FileKind.SLOT, 3));
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 1, 5));
        assertEquals(List.of("e4", "e5"), replay(log, 4, 5));
    }

    @Test
    void shouldRefuseAMissingFirstSlot() throws IOException {
        EventLog log = filled(ID, 3);
        Files.delete(file(ID, FileKind.SLOT, 1));
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 1, 3));
    }

    @Test
    void shouldRefuseALogThatEndsBeforeWhatASnapshotHasSeen() throws IOException {
        EventLog log = filled(ID, 3);
        assertEquals(3, log.recover(3));
        assertCode(ErrorCode.STATE_DAMAGED, () -> log.recover(4));
    }

    @Test
    void shouldBeginAfterASnapshotWhereThereIsNoLog() throws IOException {
        EventLog log = log(ID);
        assertEquals(0, log.recover(20));
        log.append("w", List.of(slot(21, "x")));
        EventLog next = log(ID);
        assertEquals(21, next.recover(20));
        assertEquals(List.of("x"), replay(next, 21, 21));
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(next, 1, 21));
    }

    @Test
    void shouldRefuseSlotsOfAnotherPersistenceId() throws IOException {
        EventLog log = filled(ID, 3);
        filled("job/0/4", 3);
        Files.copy(file("job/0/4", FileKind.SLOT, 2), replaced(file(ID, FileKind.SLOT, 2)));
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 1, 3));
    }

    @Test
    void shouldRefuseSlotsUnderAnotherNumber() throws IOException {
        EventLog log = filled(ID, 3);
        Files.copy(file(ID, FileKind.SLOT, 1), replaced(file(ID, FileKind.SLOT, 2)));
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 1, 3));
    }

    @Test
    void shouldDetectEveryFlippedByteOfASlot() throws IOException {
        EventLog log = filled(ID, 2);
        Path slot = file(ID, FileKind.SLOT, 1);
        byte[] bytes = Files.readAllBytes(slot);
        for (int i = 0; i < bytes.length; i++) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= 0x10;
            Files.write(slot, flipped);
            assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 1, 2));
        }
    }

    @Test
    void shouldKeepTheHighestNumberWhenAllIsDeleted() throws IOException {
        EventLog log = filled(ID, 5);
        log.deleteTo(Long.MAX_VALUE);
        clock.advance(KEPT.plusMinutes(1));
        log.deleteTo(Long.MAX_VALUE);
        EventLog next = log(ID);
        assertEquals(5, next.recover(0));
        assertEquals(List.of(), replay(next, 1, 5));
        next.append("w2", List.of(slot(6, "f")));
        assertEquals(List.of("f"), replay(next, 6, 6));
    }

    @Test
    void shouldRefuseDeletedEventsToWhomeverHasNoSnapshotInTheirPlace() throws IOException {
        EventLog log = filled(ID, 5);
        log.deleteTo(3);
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 1, 5));
        assertCode(ErrorCode.STATE_DAMAGED, () -> replay(log, 3, 5));
        assertEquals(List.of("e4", "e5"), replay(log, 4, 5));
        log.deleteTo(5);
        assertEquals(List.of(), replay(log, 1, 5), "who has deleted everything misses nothing");
    }

    @Test
    void shouldKeepDeletedSlotsOnDiskForTheirTime() throws IOException {
        EventLog log = filled(ID, 5);
        log.deleteTo(2);
        assertEquals(List.of("e3", "e4", "e5"), replay(log, 3, 5));
        clock.advance(KEPT.minusMinutes(1));
        log.deleteTo(4);
        assertEquals(5, files(FileKind.SLOT));
        clock.advance(Duration.ofMinutes(2));
        log.deleteTo(4);
        assertEquals(3, files(FileKind.SLOT), "slots 1 and 2 have had their hour, 3 and 4 not yet");
        clock.advance(KEPT);
        log.deleteTo(4);
        assertEquals(1, files(FileKind.SLOT));
        assertEquals(1, files(FileKind.DELETION));
        assertEquals(List.of("e5"), replay(log, 5, 5));
        assertEquals(5, log(ID).recover(0));
    }

    @Test
    void shouldNotDeleteASlotWithOneEventLeft() throws IOException {
        EventLog log = log(ID);
        log.append("w", List.of(slot(1, "a"), slot(2, "b", "c"), slot(4, "d")));
        log.deleteTo(2);
        clock.advance(KEPT.plusMinutes(1));
        log.deleteTo(2);
        assertEquals(2, files(FileKind.SLOT));
        assertEquals(List.of("c", "d"), replay(log(ID), 3, 4));
    }

    @Test
    void shouldLeaveNothingButTheNamesOfDeletedSlots() throws IOException {
        EventLog log = log(ID);
        log.append("w", List.of(slot(1, "a"), slot(2, "b", "c"), slot(4, "d"), slot(5, "e")));
        Path kept = root.resolve("kept");
        Files.createLink(kept, file(ID, FileKind.SLOT, 1));
        long bytes = Files.size(kept);
        log.deleteTo(2);
        assertEquals(0, Files.size(file(ID, FileKind.SLOT, 1)));
        assertTrue(Files.size(file(ID, FileKind.SLOT, 2)) > 0, "event 3 is still in it");
        assertEquals(bytes, Files.size(kept), "another name of the file keeps its content");
        log.deleteTo(5);
        assertEquals(0, Files.size(file(ID, FileKind.SLOT, 4)));
        assertTrue(Files.size(file(ID, FileKind.SLOT, 5)) > 0, "the last slot tells the highest number");
        assertEquals(5, log(ID).recover(0));
    }

    @Test
    void shouldEmptySlotsThatACrashLeftFull() throws IOException {
        EventLog log = filled(ID, 5);
        byte[] second = Files.readAllBytes(file(ID, FileKind.SLOT, 2));
        byte[] third = Files.readAllBytes(file(ID, FileKind.SLOT, 3));
        log.deleteTo(3);
        Files.write(file(ID, FileKind.SLOT, 2), second);
        Files.write(file(ID, FileKind.SLOT, 3), third);
        log(ID).deleteTo(4);
        assertEquals(0, Files.size(file(ID, FileKind.SLOT, 2)));
        assertEquals(0, Files.size(file(ID, FileKind.SLOT, 3)));
        assertEquals(0, Files.size(file(ID, FileKind.SLOT, 4)));
        assertEquals(List.of("e5"), replay(log, 5, 5));
    }

    @Test
    void shouldRemoveTheNamesOfALogInWhichNothingIsDeletedAnyMore() throws IOException {
        filled(ID, 5).deleteTo(5);
        EventLog another = log(ID);
        another.tidy();
        assertEquals(5, files(FileKind.SLOT));
        clock.advance(KEPT.plusMinutes(1));
        another.tidy();
        assertEquals(1, files(FileKind.SLOT));
        assertEquals(5, log(ID).recover(0));
    }

    @Test
    void shouldKeepFewMarksOfManyDeletions() throws IOException {
        EventLog log = filled(ID, 1);
        int deletions = 300;
        for (int i = 1; i <= deletions; i++) {
            log.append("w", List.of(slot(i + 1, "e")));
            log.deleteTo(i);
            clock.advance(KEPT.dividedBy(deletions / 2));
        }
        assertTrue(files(FileKind.DELETION) <= 100, () -> "marks: " + marks());
        assertTrue(files(FileKind.SLOT) >= deletions / 2, "each slot has its hour");
        assertTrue(files(FileKind.SLOT) <= deletions / 2 + deletions / 20, "and not much more");
        assertEquals(List.of("e"), replay(log(ID), deletions + 1, deletions + 1));
        assertEquals(deletions + 1, log(ID).recover(0));
    }

    @Test
    void shouldIgnoreAndRemoveWhatAnotherProcessLeftUnfinished() throws IOException {
        filled(ID, 2);
        Path leftover = file(ID, FileKind.SLOT, 1).resolveSibling(".0123-1.tmp");
        Files.write(leftover, new byte[10]);
        EventLog log = log(ID);
        assertEquals(2, log.recover(0));
        assertFalse(Files.exists(leftover));
        assertEquals(List.of("e1", "e2"), replay(log, 1, 2));
    }

    @Test
    void shouldTakeALinkWhoseReplyWasLostAsPublished() throws IOException {
        NumberedDirectory directory = new NumberedDirectory(root);
        Path temporary = directory.writeTemporary(FileKind.SLOT, out -> {
        });
        assertTrue(directory.publish(temporary, FileKind.SLOT, 1));
        assertTrue(directory.publish(temporary, FileKind.SLOT, 1));
        Path other = directory.writeTemporary(FileKind.SLOT, out -> {
        });
        assertFalse(directory.publish(other, FileKind.SLOT, 1));
    }

    @Test
    void shouldTakeOnlyNumbersWithTheirSuffixAsFiles() throws IOException {
        NumberedDirectory directory = new NumberedDirectory(root);
        for (String name : List.of("0000000000000000007.slot", "7.slot", "000000000000000000a.slot",
                "0000000000000000008.deleted", "9999999999999999999.slot", "9223372036854775807.slot", ".DS_Store")) {
            Files.createFile(root.resolve(name));
        }
        assertArrayEquals(new long[] {7, Long.MAX_VALUE}, directory.numbers(FileKind.SLOT));
    }

    private EventLog log(String id) {
        return new EventLog(root, id, clock, KEPT);
    }

    private EventLog filled(String id, int events) throws IOException {
        EventLog log = log(id);
        log.recover(0);
        for (int i = 1; i <= events; i++) {
            log.append("w", List.of(slot(i, "e" + i)));
        }
        return log;
    }

    private static EventLog.Slot slot(long first, String... events) {
        return new EventLog.Slot(first, events.length, out -> {
            for (String event : events) {
                new DataOutputStream(out).writeUTF(event);
                out.endSection();
            }
        });
    }

    private static List<String> read(CheckpointInput in, long first, int events) throws IOException {
        List<String> read = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            in.nextSection();
            read.add(new DataInputStream(in).readUTF());
        }
        return read;
    }

    private static List<String> replay(EventLog log, long from, long to) throws IOException {
        List<String> events = new ArrayList<>();
        log.replay(from, to, Long.MAX_VALUE, EventLogTest::read, events::add);
        return events;
    }

    private Path file(String id, FileKind kind, long number) {
        return new NumberedDirectory(PersistenceIds.directory(root, id)).file(kind, number);
    }

    private static Path replaced(Path file) throws IOException {
        Files.delete(file);
        return file;
    }

    private int files(FileKind kind) throws IOException {
        return new NumberedDirectory(PersistenceIds.directory(root, ID)).numbers(kind).length;
    }

    private List<Long> marks() {
        try {
            return Arrays.stream(new NumberedDirectory(PersistenceIds.directory(root, ID)).numbers(FileKind.DELETION))
                    .boxed().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNoTemporaries() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".tmp")).toList());
        }
    }

    private static void assertCode(ErrorCode code, Executable executable) {
        assertEquals(code, assertThrows(MillraceException.class, executable).code());
    }
}
